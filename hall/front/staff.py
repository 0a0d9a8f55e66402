"""What both staff pages stand on: the hall at this instant, and a page cut into regions.

A staff page is drawn whole once; afterwards it fetches its regions as HTML and swaps those that changed,
so that there is one rendering, one language and one authorisation: the route's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, jsonify, make_response, render_template, request
from flask_babel import gettext

from hall.front import speech
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


def frame(at: Moment, services: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What every staff template needs: the hall, its instant, and how instants and modes are written."""
    zone = ZoneInfo(at.hall.zone)
    names = {id_: speech.name(row) for id_, row in services.items()}  # asked for hundreds of times a page

    def clock(instant: datetime) -> str:
        return instant.astimezone(zone).strftime("%H:%M")

    def clock_s(second: int) -> str:
        return f"{second // 3600 % 24:02d}:{second % 3600 // 60:02d}"

    def mode_text(mode: Sequence[str]) -> str:
        return " · ".join(names[id_] for id_ in names if id_ in mode) or gettext("no services yet")

    return {
        "hall": at.hall, "now": at.now, "now_s": at.now_s, "services": services,
        "clock": clock, "clock_s": clock_s, "mode_text": mode_text,
    }  # fmt: skip


def as_seen(at: Moment) -> Response | None:
    """304 when the page that asks has drawn just this: the hall's version, at this minute, in this language.

    Minutes of both times count: waits grow with the hall's, a silent worker shows by the real one.
    """
    real_s = house().clock.real().timestamp()
    tag = f"{at.hall.version}.{at.now_s // 60}.{real_s // 60:.0f}.{speech.language()}"
    g.staff_tag = tag
    if tag not in request.if_none_match:
        return None
    answer = make_response("", 304)
    answer.set_etag(tag)
    return answer


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
    answer.set_etag(g.staff_tag)
    return answer
