"""The two screens. They are empty frames: what they show comes by socket, whole, with its version."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from hall.core.errors import Forbidden
from hall.core.names import HallId
from hall.front import door
from hall.front.house import house
from hall.push import rooms
from hall.store import read
from hall.store.tables import Hall

blueprint = Blueprint(
    "display",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/display",
)


@blueprint.get("/h/<hall>/board")
def board(hall: str) -> str:
    """The screen of the waiting area: calls, lines, windows."""
    return render_template("display/board.html", **_shown(hall, "hall"))


@blueprint.get("/h/<hall>/sign/<window>")
def sign(hall: str, window: str) -> str:
    """The sign above one window."""
    return render_template("display/sign.html", window_id=window, **_shown(hall, f"window:{window}", window))


def _shown(hall_id: str, board: str, window_id: str | None = None) -> dict[str, Any]:
    """The hall and its services, for whoever may watch this board; as the socket's join decides it."""
    with house().database.look() as session:
        hall = read.hall(session, hall_id)
        services = read.services(session, hall_id)
        families = read.families(session, hall_id)
        if window_id is not None:
            read.window(session, hall_id, window_id)
    check_shown(hall, board)
    names = {row.id: {"zh": row.name_zh, "en": row.name_en} for row in services}
    grouped = [
        {
            "names": {"zh": family.name_zh, "en": family.name_en},
            "services": [row.id for row in services if row.family_id == family.id],
        }
        for family in families
    ]
    return {"hall": hall, "board": board, "service_names": names, "families": grouped}


def check_shown(hall: Hall, board: str) -> None:
    """Let in who may watch this board: anybody where screens are public, else with a credential."""
    try:
        rooms.check_join(None, hall.settings, board)
    except Forbidden:
        rooms.check_join(door.actor(HallId(hall.id)).role, hall.settings, board)
