"""The console's three routes. Changes go to the API; here is only what the clerk sees."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from hall.console.words import WORDS
from hall.core.people import Actor, Role
from hall.desk import standby
from hall.desk.posts import PAUSE_REASONS
from hall.front.door import actor, needs
from hall.front.staff import as_seen, frame, moment, regions
from hall.store import overview, read, worktable
from hall.store.moment import Moment

blueprint = Blueprint(
    "console",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/console",
)
STAFF = (Role.CLERK, Role.MANAGER, Role.ADMIN)
REGIONS = ("head", "ticket", "actions", "coming", "lines", "aside")


@blueprint.get("/h/<hall>/console")
@needs(*STAFF)
def choose(hall: str) -> Any:
    """The windows to sign in at; straight on to the own one for a clerk who sits somewhere."""
    me = actor(hall)
    with moment(hall) as at:
        mine = worktable.window_of(at, me.clerk) if me.clerk else None
        if mine and "choose" not in request.args:
            return redirect(url_for("console.work", hall=hall, window=mine))
        context = {**frame(at, overview.services(at)), "mine": mine}
        context["places"] = worktable.places_for(at, me.clerk)
    return render_template("console/choose.html", me=me, **WORDS, **context)


@blueprint.get("/h/<hall>/console/<window>")
@needs(*STAFF)
def work(hall: str, window: str) -> str:
    """The screen a clerk works at."""
    with moment(hall) as at:
        context = _context(at, window, actor(hall))
    return render_template("console/work.html", regions=REGIONS, **context)


@blueprint.get("/h/<hall>/console/state")
@needs(*STAFF)
def state(hall: str) -> Response:
    """The regions of the work screen as they are now. `?window=` names the window."""
    with moment(hall) as at:
        if seen := as_seen(at):
            return seen
        context = _context(at, request.args.get("window", ""), actor(hall))
    return regions("console", REGIONS, context)


@blueprint.get("/h/<hall>/console/<window>/transfer")
@needs(*STAFF)
def transfer(hall: str, window: str) -> str:
    """The dialog that asks where the visitor at this window is to go."""
    with moment(hall) as at:
        windows = {row["id"]: row for row in overview.windows(at)}
        read.window(at.session, hall, window)
        context = {**frame(at, overview.services(at)), "here": windows.pop(window)}
    return render_template("console/transfer.html", targets=list(windows.values()), **context)


def _context(at: Moment, window_id: str, me: Actor) -> dict[str, Any]:
    known = overview.services(at)
    table = worktable.at(at, window_id, me.clerk, known)
    mine = table["clerk"] is not None and (me.clerk is None or table["clerk"] == me.clerk)
    return {
        **frame(at, known),
        **WORDS,
        "me": me,
        "table": table,
        "mine": mine,
        "offer": _offer(at, window_id) if mine and table["ticket"] is None else None,
        "pause_reasons": PAUSE_REASONS,
    }


def _offer(at: Moment, window_id: str) -> standby.Offer | None:
    window = read.window(at.session, at.hall.id, window_id)
    return standby.offer(at.session, at.hall, window, at.now)
