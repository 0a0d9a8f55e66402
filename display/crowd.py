"""How busy it is now and later: a page for phones and the entrance. Ranges and counts, nobody's data."""

from __future__ import annotations

from typing import Any

from flask import render_template

from display.views import blueprint, check_shown
from hall.core.days import business_day
from hall.core.events import HALL_BOARD
from hall.front.house import house
from hall.store import quieter, read
from hall.store.moment import Moment


@blueprint.get("/h/<hall>/now")
def crowd(hall: str) -> str:
    """The page. Its lines follow the hall's board; what is expected later is asked for again now and then."""
    return render_template("display/crowd.html", **_told(hall))


@blueprint.get("/h/<hall>/now/later")
def later(hall: str) -> str:
    """The part of the page that the board does not tell: what is expected later."""
    return render_template("display/_later.html", **_told(hall))


def _told(hall_id: str) -> dict[str, Any]:
    with house().database.look() as session:
        hall = read.hall(session, hall_id)
        check_shown(hall, HALL_BOARD)
        now = hall.pace.at(house().clock.real())
        told = quieter.told(Moment(session, hall, now))
    longest_s = max(
        (one["high_s"] for row in (told, *told["services"]) for one in _half_hours(row)), default=1
    )
    today = business_day(now, hall.zone).isoformat()
    return {"hall": hall, "board": HALL_BOARD, "told": told, "longest_s": longest_s, "today": today}


def _half_hours(row: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = row["hall"] if "hall" in row else row["later"]
    return found
