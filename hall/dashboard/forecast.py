"""How good the forecast was: the last open days as they were foretold at their opening, beside who came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from flask import Response, current_app, render_template

from hall.dashboard.asking import HINDSIGHT, asker, stream
from hall.dashboard.views import MANAGERS, blueprint
from hall.front import speech
from hall.front.door import needs
from hall.front.staff import frame, moment
from hall.store import history, overview
from hall.store.moment import Moment

Key = tuple[date, date]  # the business day, and the newest day with counts: what an answer holds for


@blueprint.get("/h/<hall>/manage/forecast")
@needs(*MANAGERS)
def forecast(hall: str) -> str:
    """The page; its figures come by `past`, since they take seconds."""
    with moment(hall) as at:
        services = overview.services(at)
        return render_template(
            "dashboard/forecast.html", days=len(_newest(at)), enough=history.ENOUGH_DAYS,
            name_of_services={id_: speech.name(row) for id_, row in services.items()},
            **frame(at, services),
        )  # fmt: skip


@blueprint.get("/h/<hall>/manage/forecast/past")
@needs(*MANAGERS)
def past(hall: str) -> Response:
    """The figures as lines of JSON, progress first; worked out once a day and kept until the day is over."""
    with moment(hall) as at:
        days, today, now = _newest(at), at.day, at.now
    if len(days) < history.ENOUGH_DAYS:
        return stream([json.dumps({"answer": None}) + "\n"])
    key = (today, max(days))
    kept: dict[str, tuple[Key, str]] = current_app.extensions.setdefault("hindsight", {})
    if hall in kept and kept[hall][0] == key:
        return stream([kept[hall][1]])
    return stream(_keeping(kept, hall, key, asker().ask(HINDSIGHT, hall, {}, now)))


def _newest(at: Moment) -> list[date]:
    """As many of the newest days with counts as are enough to judge by."""
    return history.newest_days(at.session, at.hall.id, at.day, history.ENOUGH_DAYS)


def _keeping(kept: dict[str, tuple[Key, str]], hall: str, key: Key, told: Iterator[str]) -> Iterator[str]:
    for line in told:
        if "answer" in json.loads(line):
            kept[hall] = (key, line)
        yield line
