"""The days that can be booked: how many bookings each slot may take, and the wait of whoever comes in it.

A day to come is planned as if it opened now: forecast, roster and rules give posts, posts give clerks' time
and waits. Today's newest plan tells the same of today. All is worked out anew every hour, so that absences,
edits and a day that turns out otherwise reach the slots; one day at a time, so that planning never waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hall.clock import Clock
from hall.core.calendar import Calendar
from hall.core.days import business_day, wall_s
from hall.core.names import HallId, ServiceId
from hall.core.people import WORKER
from hall.core.quieter import mean_between
from hall.desk import quotas as desk
from hall.desk.opening import perform
from hall.store import calendar, decisions, read, slots, snapshot
from hall.store.db import Database, Session
from hall.store.journal import UNASKED
from hall.store.moment import Moment
from hall.store.slots import Ahead
from hall.store.tables import Hall, Service
from scheduler import fallback
from scheduler.plan import Plan
from scheduler.quotas import Span, clerk_time, quotas
from scheduler.snapshot import Snapshot
from scheduler.worker.demand import Demand
from scheduler.worker.solver import Solver

Hour = tuple[date, int]
People = dict[ServiceId, list[float]]  # by span

MINUTE_S = 60


@dataclass
class LookAhead:
    """What the worker remembers of its last look, and the days it has yet to look at."""

    _hour: Hour | None = None
    _todo: list[date] = field(default_factory=list)

    def one_day(self, db: Database, clock: Clock, hall_id: HallId, demand: Demand, solver: Solver) -> bool:
        """Look at the next day that is due, if any, and write what has changed; whether something had."""
        with db.look() as session:
            hall = read.hall(session, hall_id)
            now = hall.pace.at(clock.real())
            if not self._is_due(hall, now):
                return False
            day = self._todo.pop(0)
            services = read.services(session, hall_id)
            known = slots.ahead(session, hall_id, day=day)
            seen, plan = _seen(session, hall, now, day, demand)
            own = calendar.own(session, hall_id, day, day)
        if seen is not None and plan is None:
            plan = Plan.from_json(solver.plan(seen).plan)
        rows = rows_of(hall, services, Snapshot.from_json(seen), plan, own) if seen and plan else []
        if rows == known:
            return False
        perform(db, clock, WORKER, hall_id, UNASKED, lambda change: desk.set_ahead(change, day, rows))
        return True

    def _is_due(self, hall: Hall, now: datetime) -> bool:
        today = business_day(now, hall.zone)
        hour = (today, wall_s(now, hall.zone) // 3600)
        if today == hall.day and hour != self._hour:
            self._hour = hour
            self._todo = [today + timedelta(days=n) for n in range(hall.settings.booking.days_ahead + 1)]
        return bool(self._todo) and today == hall.day


def rows_of(
    hall: Hall, services: Sequence[Service], seen: Snapshot, plan: Plan, own: Calendar
) -> list[Ahead]:
    """What a plan of a day leaves for bookings in each slot still ahead, by service and start."""
    length_s = hall.settings.booking.slot_s
    spans = _spans(seen, length_s)
    walk_ins = _walk_ins(seen, spans)
    booked = _booked(seen, spans)
    time_s = clerk_time(seen, plan, _together(walk_ins, booked), spans)
    found = []
    for service in services:
        id_, share = ServiceId(service.id), hall.settings.booking.walk_in_share
        if id_ not in plan.expected:  # newer than today's plan: nothing is known of it yet
            continue
        bookable = set(slots.starts(hall, service, seen.day, own))
        places = quotas(walk_ins[id_], time_s[id_], service.service_s, share, booked[id_])
        found += [
            Ahead(seen.day, service.id, start_s, quota, _wait_s(plan, id_, start_s, length_s))
            for (start_s, end_s), quota in zip(spans, places, strict=True)
            if start_s in bookable and start_s >= seen.now_s and end_s == start_s + length_s
        ]
    return sorted(found)


def _seen(
    session: Session, hall: Hall, now: datetime, day: date, demand: Demand
) -> tuple[dict[str, Any] | None, Plan | None]:
    """A day as it is known now, and its plan if it has one; (None, None) when nobody can come any more."""
    hours = hall.settings.hours_on(day)
    second = wall_s(now, hall.zone, day)
    if not hours or second >= hours[-1][1]:
        return None, None
    if second < hours[0][0]:
        return snapshot.opening(session, hall, day, demand.on(session, hall, day)), None
    seen = demand.snapshot(session, hall, now, snapshot.LOOK_AHEAD_MS)
    row = decisions.newest(Moment(session, hall, now), now - timedelta(hours=1))
    plan = Plan.from_json(row.plan) if row else fallback.plan(Snapshot.from_json(seen))
    return seen, plan


def _spans(seen: Snapshot, length_s: int) -> list[Span]:
    """The day in slots from the one under way on, and the rests between: what waits then is served too."""
    found: list[Span] = []
    for begin_s, end_s in seen.hours:
        if found and found[-1][1] < begin_s:
            found.append((found[-1][1], begin_s))
        found += [(s, min(s + length_s, end_s)) for s in range(begin_s, end_s, length_s)]
    return [(from_s, to_s) for from_s, to_s in found if to_s > seen.now_s]


def _walk_ins(seen: Snapshot, spans: Sequence[Span]) -> People:
    """Walk-ins still to come by span; those who wait already count in the first."""
    found = {}
    for service in seen.services:
        row = [0.0] * len(spans)
        for number, mean in enumerate(seen.forecast[service.id]):
            begin_s = seen.open_s + number * seen.slot_s
            for index, (from_s, to_s) in enumerate(spans):
                shared_s = min(begin_s + seen.slot_s, to_s) - max(begin_s, from_s, seen.now_s)
                row[index] += mean * max(0, shared_s) / seen.slot_s
        found[service.id] = row
    for one in seen.waiting if spans else ():
        found[one.service][0] += 1
    return found


def _booked(seen: Snapshot, spans: Sequence[Span]) -> dict[ServiceId, list[int]]:
    """Bookings by span whose visitors have yet to come."""
    found = {service.id: [0] * len(spans) for service in seen.services}
    for one in seen.booked:
        for index, (from_s, to_s) in enumerate(spans):
            found[one.service][index] += from_s <= one.at_s < to_s
    return found


def _together(walk_ins: People, booked: dict[ServiceId, list[int]]) -> People:
    return {s: [n + b for n, b in zip(row, booked[s], strict=True)] for s, row in walk_ins.items()}


def _wait_s(plan: Plan, service: ServiceId, start_s: int, length_s: int) -> int:
    """Whole minutes: a finer figure would be written anew every hour for nothing."""
    expected = plan.expected[service]
    mean_s = mean_between(expected.from_s, expected.slot_s, expected.wait_s, start_s, start_s + length_s)
    return round(mean_s / MINUTE_S) * MINUTE_S
