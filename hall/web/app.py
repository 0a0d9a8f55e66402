"""The composition root: one app from all surfaces, the API and the sockets."""

from __future__ import annotations

from typing import Literal

from flask import Flask

import display
import hall.console
import hall.dashboard
import kiosk
from hall.clock import Clock, SystemClock
from hall.front import errors, login, looks, speech
from hall.front.house import Aside, House, at_once
from hall.store import installation
from hall.store.db import Database
from hall.web import api, health, sockets

AsyncMode = Literal["threading", "gevent"]


def create_app(
    url: str,
    *,
    clock: Clock | None = None,
    secret: str | None = None,
    follow: bool = True,
    async_mode: AsyncMode = "threading",
    redis_url: str | None = None,
) -> Flask:
    """An app that serves the migrated database at `url`.

    `secret` signs sessions (default: the installation's own); `follow` keeps screens told;
    `redis_url` names the bell between machines. `app.extensions` holds `socketio`, `feed` and `tidehall`.
    """
    app = Flask("tidehall", static_folder=None)
    database = Database(url)
    app.secret_key = secret or installation.secret_key(database)
    app.extensions["tidehall"] = House(database, clock or SystemClock(), _aside(async_mode))
    for part in (speech, errors, looks, login):
        part.attach(app)
    app.register_blueprint(api.blueprint, url_prefix="/api/v1")
    app.register_blueprint(health.blueprint)
    for surface in (kiosk, display, hall.console, hall.dashboard):
        app.register_blueprint(surface.blueprint)
    health.Meter(app)
    sockets.attach(app, database, async_mode, follow, redis_url)
    return app


def _aside(async_mode: AsyncMode) -> Aside:
    """Under gevent a real thread, and only one: a password costs 64 MB while it is checked."""
    if async_mode != "gevent":
        return at_once
    from gevent.threadpool import ThreadPool

    pool = ThreadPool(1)
    return lambda work, *given: pool.apply(work, given)
