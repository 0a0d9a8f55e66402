"""What is told of quieter times 错峰: expected waits by half hour for the rest of the day (out of the newest
plan) and by slot for the days that can be booked (as the worker expects them). What is not known is not
told, and that is said; nor what the hall's own calendar shuts, where nobody expected would pass for quiet.
Dicts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from hall.core.calendar import Calendar
from hall.core.days import business_day, instant, wall_s
from hall.core.names import ServiceId
from hall.core.opening import refusal
from hall.core.quieter import HALF_HOUR_S, Later, Together, half_hours, quieter, together
from hall.core.wait import WaitRange, estimate
from hall.store import calendar, decisions, history, read, slots
from hall.store.moment import Moment
from hall.store.tables import Hall, Service, Ticket

Row = dict[str, Any]
LaterOf = dict[str, list[Later]]  # by service
LaterOn = dict[date, list[Later]]

FEWEST = 0.05  # people in a half hour: where hardly anybody comes for any of them, all count alike
STALE = timedelta(hours=1)  # a plan older than this tells nothing of the day any more


def told(moment: Moment, only: str | None = None) -> Row:
    """Every service (or `only` one) with its half hours to come and the one that is worth coming for.

    Of one service all days to come are told, of several the first. `hall` is those asked for together.

    `as_of` is null and no service has half hours today while nothing is known. `shut`: the hall's own
    calendar shuts what is left of today. Refuses with Unknown.
    """
    session, hall_id, zone = moment.session, moment.hall.id, moment.hall.zone
    today = business_day(moment.now, zone)
    services = [read.service(session, hall_id, only, "/service")] if only else read.services(session, hall_id)
    last = today + timedelta(days=moment.hall.settings.booking.days_ahead)
    own = calendar.own(session, hall_id, today, last)
    made_at, later = _planned(moment, today, services, own)
    ahead = _ahead(moment, today, only, own)
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
    whole = together(_with_people(moment, today, later))
    return {
        "as_of": slots.local(made_at, zone).isoformat() if made_at else None,
        "shut": own.is_shut_from(today, wall_s(moment.now, zone, today)),
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
            if one.from_s > now_s and own.leaves_open(today, one.from_s, one.from_s + HALF_HOUR_S)
        ]
        for service in services
    }


def _ahead(moment: Moment, today: date, only: str | None, own: Calendar) -> dict[str, LaterOn]:
    """What is expected of the slots of days to come, by service and day: of several services the first day.

    The worker's word may be an hour old, the calendar's is new: a day that was shut since is passed over.
    """
    session, hall, after = moment.session, moment.hall, today
    if only:
        return _open_ahead(
            hall, [row for row in slots.ahead(session, hall.id, service=only) if row.day > today], own
        )
    while (day := slots.next_day(session, hall.id, after)) is not None:
        if found := _open_ahead(hall, slots.ahead(session, hall.id, day=day), own):
            return found
        after = day
    return {}


def _open_ahead(hall: Hall, rows: Iterable[slots.Ahead], own: Calendar) -> dict[str, LaterOn]:
    length_s = hall.settings.booking.slot_s
    found: dict[str, LaterOn] = {}
    for row in rows:
        if own.leaves_open(row.day, row.slot_s, row.slot_s + length_s):
            found.setdefault(row.service, {}).setdefault(row.day, []).append(Later(row.slot_s, row.wait_s))
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


def _told(one: Later | Together, day: date, zone: str) -> Row:
    at = slots.local(instant(day, one.from_s, zone), zone).isoformat()
    wait = one.wait
    return {"at": at, "low_s": wait.low_s, "high_s": wait.high_s, "typical_s": round(one.typical_s)}


def _with_people(moment: Moment, today: date, later: LaterOf) -> Iterator[tuple[float, Later]]:
    """Each half hour of each service with the people to be expected in it, as on the same weekdays of late.

    A service without such days counts by its tickets of today.
    """
    usual = history.usual(
        moment.session, moment.hall.id, today, HALF_HOUR_S, moment.hall.settings.plan.slot_s
    )
    issued, hours = _issued(moment, today), moment.hall.settings.hours_on(today)
    begun = max(1.0, (moment.now_s - hours[0][0]) / HALF_HOUR_S) if hours else 1.0
    for service, found in later.items():
        people = usual.get(service)
        for one in found:
            known = (issued.get(service, 0) + 1) / begun if people is None else people.get(one.from_s, 0.0)
            yield max(known, FEWEST), one


def _issued(moment: Moment, today: date) -> dict[str, int]:
    """Tickets of the day by service."""
    rows = moment.session.execute(
        select(Ticket.service_id, func.count())
        .where(Ticket.hall_id == moment.hall.id, Ticket.day == today)
        .group_by(Ticket.service_id)
    )
    return dict(rows.all())
