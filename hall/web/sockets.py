"""Screens on Socket.IO, namespace /board: admitted at each join, told whole boards with their version.

Whatever a screen sends, it gets an answer: the board, or an error; never silence, never an exception.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from flask import Flask, current_app, request
from flask_socketio import ConnectionRefusedError, SocketIO, join_room, leave_room

from hall.core.errors import HallError, Invalid
from hall.core.names import HallId
from hall.front import door, errors
from hall.push import rooms
from hall.push.feed import Emit, Feed
from hall.push.shelf import Shelf
from hall.store.db import Database
from hall.web.api.fields import id_, read_all
from hall.web.health import Meter
from hall.web.watchers import check_watch

NAMESPACE = "/board"
LARGEST_MESSAGE = 10_000  # bytes; a screen has nothing longer to say
JOIN = (id_("hall"), id_("board"))

_log = logging.getLogger(__name__)


def attach(
    app: Flask, database: Database, async_mode: str, follow: bool, redis_url: str | None = None
) -> SocketIO:
    """Open the namespace on this app. `follow` starts the feed, which then tells each change."""
    socketio = SocketIO(
        app, async_mode=async_mode, manage_session=False, max_http_buffer_size=LARGEST_MESSAGE
    )
    shelf = app.extensions["boards"] = Shelf(database)
    socketio.on_event("connect", _connect, namespace=NAMESPACE)
    socketio.on_event("disconnect", _disconnect, namespace=NAMESPACE)
    socketio.on_event("join", _join, namespace=NAMESPACE)

    feed = app.extensions["feed"] = Feed(database, _emit_by(socketio), shelf)
    if follow:
        feed.start()
        if redis_url:
            _ring_between_machines(database, feed, redis_url)
    return socketio


def _emit_by(socketio: SocketIO) -> Emit:
    """How news leave: under gevent straight to the websockets, with threads as Socket.IO does it."""
    if socketio.async_mode == "gevent":
        from hall.web import wire  # needs gevent, which tests with threads do not

        wire.lay(socketio)
        return partial(wire.tell, socketio, NAMESPACE)

    def emit(room: str, event: str, data: dict[str, Any]) -> None:
        socketio.emit(event, data, namespace=NAMESPACE, to=room)

    return emit


def _ring_between_machines(database: Database, feed: Feed, redis_url: str) -> None:
    from hall.push.bell import RedisBell  # a hall on one machine does not pay for importing Redis

    bell = RedisBell(redis_url, feed.ring)
    bell.start()
    database.on_change(bell.ring)


def _connect(auth: object = None) -> None:
    """Admit a screen. A token is checked here; who shows none is public until a join needs more.

    The token is kept as the connection's own Authorization header, so that every later question about
    who this is goes through the same door as HTTP does.
    """
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is not None:
        _check_token(token)
    _meter().screen(1)


def _check_token(token: object) -> None:
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise ConnectionRefusedError("unauthorized")
    request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    try:
        door.check_token(token)
    except HallError as error:
        raise ConnectionRefusedError(error.code) from None


def _disconnect(*_: object) -> None:
    _meter().screen(-1)


def _meter() -> Meter:
    meter: Meter = current_app.extensions["meter"]
    return meter


def _join(asked: object = None, *_: object) -> dict[str, Any]:
    """Put the screen into a board's room and give it the board as it is now."""
    try:
        if not isinstance(asked, dict):
            raise Invalid("", field="join", allowed="{hall, board}")
        values = read_all(JOIN, asked)
        return _admit(HallId(values["hall"]), values["board"])
    except HallError as error:
        return errors.told(error)
    except Exception:
        _log.exception("a join failed")
        return errors.told(HallError())


def _admit(hall_id: HallId, board: str) -> dict[str, Any]:
    check_watch(hall_id, board)
    shelf: Shelf = current_app.extensions["boards"]
    room = rooms.of_board(hall_id, board)
    # The room first: a change between the two then reaches the screen twice rather than never.
    join_room(room)
    try:
        told = _hinted(shelf, hall_id) if board == rooms.STAFF else shelf.get(hall_id, board)
    except Exception:
        leave_room(room)
        raise
    join_room(rooms.of_hall(hall_id))
    return told


def _hinted(shelf: Shelf, hall_id: HallId) -> dict[str, Any]:
    """The staff room shows nothing by itself: its members fetch their own state."""
    return {"name": rooms.STAFF, "version": shelf.version(hall_id), "board": {}}
