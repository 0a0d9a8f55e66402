"""Slots 号源 of a service on a day: when they start, how many places are left, what is expected of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from hall.core.calendar import Calendar
from hall.core.days import business_day, instant, wall_s
from hall.core.hall import QuotaRule
from hall.store import calendar
from hall.store.tables import Booking, Hall, Service, SlotAhead


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot. `at`: its start, UTC; `free`: places left, never below 0."""

    at: datetime
    quota: int
    free: int


@dataclass(frozen=True, slots=True, order=True)
class Ahead:
    """What the worker expects of one slot: bookings it may take, the mean wait of whoever comes in it.

    `slot_s`: its start, in seconds of wall clock since midnight of `day`.
    """

    day: date
    service: str
    slot_s: int
    quota: int
    wait_s: int


def on(session: Session, hall: Hall, service: Service, day: date, now: datetime) -> list[Slot]:
    """The slots still ahead on a day within the hall's booking horizon; empty when there are none."""
    rules = hall.settings.booking
    today = business_day(now, hall.zone)
    if not today <= day <= today + timedelta(days=rules.days_ahead) or service.quota < 1:
        return []
    taken, own = _taken(session, hall, service, day), calendar.own(session, hall.id, day, day)
    quotas = _tidal(session, hall, service, day) if rules.quotas is QuotaRule.TIDAL else {}
    found = []
    for second in starts(hall, service, day, own):
        at, quota = instant(day, second, hall.zone), quotas.get(second, service.quota)
        if at > now:
            found.append(Slot(at, quota, max(0, quota - taken.get(at, 0))))
    return found


def starts(hall: Hall, service: Service, day: date, own: Calendar) -> list[int]:
    """When the day's slots begin: whole ones within the hours of the hall and of the service.

    Nobody is sent into what the hall's own calendar shuts, although tickets at the door go by the hours.
    """
    hours, slot_s = service.hours, hall.settings.booking.slot_s
    return [
        second
        for start, end in hall.settings.hours_on(day)
        for second in range(start, end - slot_s + 1, slot_s)
        if own.leaves_open(day, second, second + slot_s)
        if hours is None or any(a <= second and second + slot_s <= b for a, b in hours)
    ]


def stranded(session: Session, hall: Hall, first: date, last: date) -> list[tuple[date, int]]:
    """Days from `first` to `last` with bookings in what the hall's own calendar shuts since, and how many."""
    own, slot_s = calendar.own(session, hall.id, first, last), hall.settings.booking.slot_s
    found = Counter[date]()
    rows = session.execute(
        select(Booking.day, Booking.at).where(
            Booking.hall_id == hall.id, Booking.day.between(first, last), Booking.state == "booked"
        )
    )
    for day, at in rows:
        second = wall_s(at, hall.zone, day)
        found[day] += not own.leaves_open(day, second, second + slot_s)
    return sorted((day, count) for day, count in found.items() if count)


def ahead(
    session: Session, hall_id: str, *, day: date | None = None, service: str | None = None
) -> list[Ahead]:
    """All that is expected of slots (of one day or service when it is named), by day, service and start."""
    row = SlotAhead
    which = [row.hall_id == hall_id]
    if day is not None:
        which.append(row.day == day)
    if service is not None:
        which.append(row.service_id == service)
    rows = session.execute(
        select(row.day, row.service_id, row.slot_s, row.quota, row.wait_s)
        .where(*which)
        .order_by(row.day, row.service_id, row.slot_s)
    )
    return [Ahead(*each) for each in rows]


def next_day(session: Session, hall_id: str, after: date) -> date | None:
    """The first day after this one of which something is expected."""
    return session.scalar(
        select(func.min(SlotAhead.day)).where(SlotAhead.hall_id == hall_id, SlotAhead.day > after)
    )


def replace_ahead(session: Session, hall: Hall, day: date, rows: Sequence[Ahead]) -> None:
    """These and no others are expected on the day from now on; nothing is expected of the past."""
    gone = or_(SlotAhead.day == day, SlotAhead.day < hall.day)
    session.execute(delete(SlotAhead).where(SlotAhead.hall_id == hall.id, gone))
    if rows:
        names = ("day", "service_id", "slot_s", "quota", "wait_s")
        values = [{"hall_id": hall.id, **dict(zip(names, astuple(row), strict=True))} for row in rows]
        session.execute(insert(SlotAhead), values)


def local(at: datetime, zone: str) -> datetime:
    """The instant on the hall's wall clock."""
    return at.astimezone(ZoneInfo(zone))


def code_taken(session: Session, hall_id: str, code: str) -> bool:
    """Whether a booking of this hall has the code already."""
    found = session.scalar(
        select(func.count()).select_from(Booking).where(Booking.hall_id == hall_id, Booking.code == code)
    )
    return bool(found)


def _tidal(session: Session, hall: Hall, service: Service, day: date) -> dict[int, int]:
    rows = session.execute(
        select(SlotAhead.slot_s, SlotAhead.quota).where(
            SlotAhead.hall_id == hall.id, SlotAhead.day == day, SlotAhead.service_id == service.id
        )
    )
    return dict(rows.all())


def _taken(session: Session, hall: Hall, service: Service, day: date) -> dict[datetime, int]:
    rows = session.execute(
        select(Booking.at, func.count())
        .where(
            Booking.hall_id == hall.id, Booking.service_id == service.id, Booking.day == day,
            Booking.state.in_(("booked", "checked_in")),
        )
        .group_by(Booking.at)
    )  # fmt: skip
    return dict(rows.all())
