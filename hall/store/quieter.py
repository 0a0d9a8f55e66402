"""What is told of quieter times 错峰: expected waits by half hour for the rest of the day (out of the newest
plan) and by slot for the days that can be booked (as the worker expects them). What is not known is not
told, and that is said. Dicts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from hall.core.days import business_day, instant, wall_s
from hall.core.names import ServiceId
from hall.core.opening import refusal
from hall.core.quieter import Later, half_hours, quieter, together
from hall.core.wait import estimate
from hall.store import decisions, read, slots
from hall.store.moment import Moment
from hall.store.tables import Service, Ticket

Row = dict[str, Any]
LaterOf = dict[str, list[Later]]

STALE = timedelta(hours=1)  # a plan older than this tells nothing of the day any more


def told(moment: Moment, only: str | None = None) -> Row:
    """Every service (or `only` one) with its half hours to come and the one that is worth coming for.

    `as_of` is null and no service has half hours today while nothing is known. Refuses with Unknown.
    """
    session, hall_id, zone = moment.session, moment.hall.id, moment.hall.zone
    today = business_day(moment.now, zone)
    services = read.services(session, hall_id)
    chosen = services if only is None else [read.service(session, hall_id, only, "/service")]
    made_at, later = _planned(moment, today, services)
    ahead = _ahead(moment, today)
    loads, windows = read.loads(session, hall_id, today)
    rows = []
    for service in chosen:
        id_ = ServiceId(service.id)
        now = estimate(id_, loads[id_].waiting, loads, windows)
        days = {today: later.get(service.id, []), **ahead.get(service.id, {})}
        rows.append(
            {
                "service": service.id, "name_zh": service.name_zh, "name_en": service.name_en,
                "waiting": loads[id_].waiting, "wait": {"low_s": now.low_s, "high_s": now.high_s},
                "later": [_told(one, today, zone) for one in days[today]],
                "ahead": [_told(one, day, zone) for day in sorted(ahead.get(service.id, {}))
                          for one in days[day]],
                "quieter": _best((now.low_s + now.high_s) / 2, days, zone),
            }
        )  # fmt: skip
    shares = _shares(moment, today)
    whole = together([(shares.get(s, 0) + 1.0, found) for s, found in later.items()])
    return {
        "as_of": slots.local(made_at, zone).isoformat() if made_at else None,
        "hall": [_told(one, today, zone) for one in whole],
        "services": rows,
    }


def _planned(moment: Moment, today: date, services: Sequence[Service]) -> tuple[datetime | None, LaterOf]:
    """When the newest plan was made, and what it expects of today."""
    row = decisions.newest(moment, moment.now - STALE) if today == moment.day else None
    if row is None:
        return None, {}
    now_s = wall_s(moment.now, moment.hall.zone, today)
    return row.made_at, {
        service.id: [one for one in _of_plan(moment, row.plan, service, today) if one.from_s > now_s]
        for service in services
    }


def _ahead(moment: Moment, today: date) -> dict[str, dict[date, list[Later]]]:
    """What is expected of the slots of days to come, by service and day."""
    found: dict[str, dict[date, list[Later]]] = {}
    for row in slots.ahead(moment.session, moment.hall.id):
        if row.day > today:
            days = found.setdefault(row.service, {})
            days.setdefault(row.day, []).append(Later(row.slot_s, row.wait_s))
    return found


def _of_plan(moment: Moment, plan: dict[str, Any], service: Service, today: date) -> list[Later]:
    expected = plan["expected"].get(service.id)
    if expected is None:
        return []
    return half_hours(
        expected["from_s"], expected["slot_s"], expected["wait_s"],
        lambda second: refusal(moment.hall.settings, today, second, service.hours) is None,
    )  # fmt: skip


def _best(now_s: float, days: dict[date, list[Later]], zone: str) -> Row | None:
    """The time worth coming for: today if there is one, else on the first day to come."""
    for day in sorted(days)[:2]:
        if found := quieter(now_s, days[day]):
            return _told(found, day, zone)
    return None


def _told(one: Later, day: date, zone: str) -> Row:
    at = slots.local(instant(day, one.from_s, zone), zone).isoformat()
    return {"at": at, "low_s": one.wait.low_s, "high_s": one.wait.high_s}


def _shares(moment: Moment, today: date) -> dict[str, int]:
    """Tickets of the day by service: how much each counts in the hall as a whole."""
    rows = moment.session.execute(
        select(Ticket.service_id, func.count())
        .where(Ticket.hall_id == moment.hall.id, Ticket.day == today)
        .group_by(Ticket.service_id)
    )
    return dict(rows.all())
