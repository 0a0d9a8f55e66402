"""Slots 号源 of a service on a day: when they start and how many places are left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hall.core.days import business_day, instant
from hall.store.tables import Booking, Hall, Service


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot. `at`: its start, UTC; `free`: places left."""

    at: datetime
    quota: int
    free: int


def on(session: Session, hall: Hall, service: Service, day: date, now: datetime) -> list[Slot]:
    """The slots still ahead on a day within the hall's booking horizon; empty when there are none."""
    rules = hall.settings.booking
    today = business_day(now, hall.zone)
    if not today <= day <= today + timedelta(days=rules.days_ahead) or service.quota < 1:
        return []
    taken = _taken(session, hall, service, day)
    starts = (instant(day, second, hall.zone) for second in _starts(hall, service, day, rules.slot_s))
    return [Slot(at, service.quota, service.quota - taken.get(at, 0)) for at in starts if at > now]


def local(at: datetime, zone: str) -> datetime:
    """The instant on the hall's wall clock."""
    return at.astimezone(ZoneInfo(zone))


def code_taken(session: Session, hall_id: str, code: str) -> bool:
    """Whether a booking of this hall has the code already."""
    found = session.scalar(
        select(func.count()).select_from(Booking).where(Booking.hall_id == hall_id, Booking.code == code)
    )
    return bool(found)


def _starts(hall: Hall, service: Service, day: date, slot_s: int) -> list[int]:
    own = service.hours
    return [
        second
        for start, end in hall.settings.hours_on(day)
        for second in range(start, end - slot_s + 1, slot_s)
        if own is None or any(a <= second and second + slot_s <= b for a, b in own)
    ]


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
