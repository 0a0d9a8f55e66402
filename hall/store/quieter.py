"""What is told of quieter times 错峰: expected waits by half hour for the rest of the day (out of the newest
plan) and by slot for the days that can be booked (as the worker expects them). What is not known is not
told, and that is said. Dicts only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from hall.core.calendar import Calendar
from hall.core.days import business_day, instant, wall_s
from hall.core.names import ServiceId
from hall.core.opening import refusal
from hall.core.quieter import Later, half_hours, quieter, together
from hall.core.wait import WaitRange, estimate
from hall.store import calendar, decisions, read, slots
from hall.store.moment import Moment
from hall.store.tables import Service, Ticket

Row = dict[str, Any]
LaterOf = dict[str, list[Later]]  # by service
LaterOn = dict[date, list[Later]]

STALE = timedelta(hours=1)  # a plan older than this tells nothing of the day any more


def told(moment: Moment, only: str | None = None) -> Row:
    """Every service (or `only` one) with its half hours to come and the one that is worth coming for.

    Of one service all days to come are told, of several the first. `hall` is those asked for together.

    `as_of` is null and no service has half hours today while nothing is known. Refuses with Unknown.
    """
    session, hall_id, zone = moment.session, moment.hall.id, moment.hall.zone
    today = business_day(moment.now, zone)
    services = [read.service(session, hall_id, only, "/service")] if only else read.services(session, hall_id)
    made_at, later = _planned(moment, today, services, calendar.own(session, hall_id, today, today))
    ahead = _ahead(moment, today, only)
    loads, windows = read.loads(session, hall_id, today)
    rows = []
    for service in services:
        id_ = ServiceId(service.id)
        now = estimate(id_, loads[id_].waiting, loads, windows)
        rows.append(
            {
                "service": service.id, "name_zh": service.name_zh, "name_en": service.name_en,
                "waiting": loads[id_].waiting, "wait": {"low_s": now.low_s, "high_s": now.high_s},
                **_times(now, today, later.get(service.id, []), ahead.get(service.id, {}), zone),
            }
        )  # fmt: skip
    shares = _shares(moment, today)
    whole = together([(shares.get(s, 0) + 1.0, found) for s, found in later.items()])
    return {
        "as_of": slots.local(made_at, zone).isoformat() if made_at else None,
        "hall": [_told(one, today, zone) for one in whole],
        "services": rows,
    }


def _planned(
    moment: Moment, today: date, services: Sequence[Service], own: Calendar
) -> tuple[datetime | None, LaterOf]:
    """When the newest plan was made, and what it expects of today."""
    row = decisions.newest(moment, moment.now - STALE) if today == moment.day else None
    if row is None:
        return None, {}
    now_s = wall_s(moment.now, moment.hall.zone, today)
    return row.made_at, {
        service.id: [
            one
            for one in _of_plan(moment, row.plan, service, today)
            if one.from_s > now_s and own.is_open_at(today, one.from_s)
        ]
        for service in services
    }


def _ahead(moment: Moment, today: date, only: str | None) -> dict[str, LaterOn]:
    """What is expected of the slots of days to come, by service and day."""
    session, hall_id = moment.session, moment.hall.id
    day = None if only else slots.next_day(session, hall_id, today)
    if day is None and only is None:
        return {}
    found: dict[str, LaterOn] = {}
    rows = slots.ahead(session, hall_id, day=day, service=only)
    own = calendar.own(session, hall_id, today, max((row.day for row in rows), default=today))
    for row in rows:
        if row.day > today and own.is_open_at(row.day, row.slot_s):
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


def _times(now: WaitRange, today: date, later: list[Later], ahead: LaterOn, zone: str) -> Row:
    """Today's half hours, the slots of days to come, and the time worth coming for.

    That is today if there is one, else on the first day to come.
    """
    days: LaterOn = {today: later} | ahead
    worth = ((day, quieter((now.low_s + now.high_s) / 2, days[day])) for day in sorted(days)[:2])
    return {
        "later": [_told(one, today, zone) for one in later],
        "ahead": [_told(one, day, zone) for day in sorted(ahead) for one in ahead[day]],
        "quieter": next((_told(found, day, zone) for day, found in worth if found), None),
    }


def _told(one: Later, day: date, zone: str) -> Row:
    at = slots.local(instant(day, one.from_s, zone), zone).isoformat()
    wait = one.wait
    return {"at": at, "low_s": wait.low_s, "high_s": wait.high_s, "typical_s": round(one.typical_s)}


def _shares(moment: Moment, today: date) -> dict[str, int]:
    """Tickets of the day by service: how much each counts in the hall as a whole."""
    rows = moment.session.execute(
        select(Ticket.service_id, func.count())
        .where(Ticket.hall_id == moment.hall.id, Ticket.day == today)
        .group_by(Ticket.service_id)
    )
    return dict(rows.all())
