"""What both staff pages stand on: the hall at this instant, and a page cut into regions.

A staff page is drawn whole once; afterwards it fetches its regions as HTML and swaps those that changed,
so that there is one rendering, one language and one authorisation: the route's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify, make_response, render_template

from hall.front.house import house
from hall.store import read
from hall.store.moment import Moment


@contextmanager
def moment(hall_id: str) -> Iterator[Moment]:
    """One reading of the hall, at the hall's own time. Raises UnknownHall."""
    here = house()
    with here.database.look() as session:
        row = read.hall(session, hall_id)
        yield Moment(session, row, row.pace.at(here.clock.real()))


def frame(at: Moment) -> dict[str, Any]:
    """What every staff template needs: the hall, its instant, and how an instant is written here."""
    zone = ZoneInfo(at.hall.zone)

    def clock(instant: datetime) -> str:
        return instant.astimezone(zone).strftime("%H:%M")

    def clock_s(second: int) -> str:
        return f"{second // 3600 % 24:02d}:{second % 3600 // 60:02d}"

    return {"hall": at.hall, "now": at.now, "now_s": at.now_s, "clock": clock, "clock_s": clock_s}


def regions(folder: str, names: Sequence[str], context: dict[str, Any]) -> Response:
    """The page's regions as `{version, at, regions: {name: html}}`; never kept by a cache."""
    answer = make_response(
        jsonify(
            version=context["hall"].version,
            at=context["now"].isoformat(),
            regions={name: render_template(f"{folder}/_{name}.html", **context) for name in names},
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
