"""Rolled-up walk-ins: a finished day's counts per service and slot, which forecasts learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from hall.core.days import wall_s
from hall.store import read
from hall.store.tables import Arrivals, Hall, JournalRow, Service, Ticket

ENOUGH_DAYS = 7  # before anything is said of how good a forecast is: fewer would tell of luck
Count = tuple[str, date, int, int]  # service, day, slot's start in seconds since midnight, walk-ins

USUAL_WEEKS = 4  # one odd day among four is outvoted, and a season is still the same
LEARNED_DAYS = 800  # a season of the year shows once history is a year and two months long


def days_to_roll_up(session: Session, hall: Hall) -> list[date]:
    """Finished days with tickets and without counts, oldest first."""
    rolled = select(Arrivals.day).where(Arrivals.hall_id == hall.id)
    rows = session.scalars(
        select(Ticket.day)
        .where(Ticket.hall_id == hall.id, Ticket.day < hall.day, Ticket.day.not_in(rolled))
        .distinct()
        .order_by(Ticket.day)
    )
    return list(rows)


def roll_up(session: Session, hall: Hall, day: date) -> int:
    """Write the counts of one finished day, zeros included; the number of rows. Safe to repeat."""
    hours = hall.settings.hours_on(day)
    session.execute(delete(Arrivals).where(Arrivals.hall_id == hall.id, Arrivals.day == day))
    if not hours:
        return 0
    slot_s, open_s, close_s = hall.settings.plan.slot_s, hours[0][0], hours[-1][1]
    counts = walk_ins(session, hall, day, open_s, slot_s)
    rows = [
        Arrivals(
            hall_id=hall.id, service_id=service.id, day=day, slot_s=open_s + index * slot_s,
            count=counts[service.id, index],
        )
        for service in read.services(session, hall.id)
        for index in range(-(-(close_s - open_s) // slot_s))
    ]  # fmt: skip
    session.add_all(rows)
    return len(rows)


def add_generated(session: Session, hall_id: str, rows: Iterable[Count]) -> None:
    """Write counts that nobody counted, marked as generated: what a demo's forecast learns from."""
    session.execute(
        insert(Arrivals),
        [
            {"hall_id": hall_id, "service_id": s, "day": d, "slot_s": at, "count": n, "generated": True}
            for s, d, at, n in rows
        ],
    )


def last_change(session: Session, hall_id: str) -> datetime | None:
    """The hall's time at its newest journal entry."""
    return session.scalar(
        select(JournalRow.at)
        .where(JournalRow.hall_id == hall_id)
        .order_by(JournalRow.version.desc())
        .limit(1)
    )


def counts(session: Session, hall_id: str, today: date, days: int = LEARNED_DAYS) -> list[Count]:
    """The counts of the last `days` days before today."""
    rows = session.execute(
        select(Arrivals.service_id, Arrivals.day, Arrivals.slot_s, Arrivals.count)
        .where(
            Arrivals.hall_id == hall_id, Arrivals.day < today, Arrivals.day >= today - timedelta(days=days)
        )
        .order_by(Arrivals.service_id, Arrivals.day, Arrivals.slot_s)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def usual(
    session: Session, hall_id: str, today: date, span_s: int, slot_s: int
) -> dict[str, dict[int, float]]:
    """Walk-ins by service and span of the clock, in the mean of today's weekday in the last four weeks.

    `span_s`: the spans' length, the first begins at midnight; `slot_s`: that of the slots that were counted.
    A service that was not counted on any of these days is left out.
    """
    days = [today - timedelta(weeks=n) for n in range(1, USUAL_WEEKS + 1)]
    rows = session.execute(
        select(Arrivals.service_id, Arrivals.slot_s, func.sum(Arrivals.count), func.count())
        .where(Arrivals.hall_id == hall_id, Arrivals.day.in_(days))
        .group_by(Arrivals.service_id, Arrivals.slot_s)
    )
    found: dict[str, dict[int, float]] = {}
    for service, begin_s, people, counted in rows:
        spans = found.setdefault(service, {})
        for start in range(begin_s // span_s * span_s, begin_s + slot_s, span_s):
            shared_s = min(begin_s + slot_s, start + span_s) - max(begin_s, start)
            spans[start] = spans.get(start, 0.0) + float(people) / counted * shared_s / slot_s
    return found


def newest_days(session: Session, hall_id: str, before: date, most: int) -> list[date]:
    """The newest days with counts before a day, newest first, at most so many.

    A look into the index for each service and day: a large hall's year is a million rows, and pages ask.
    """
    newest = (
        select(func.max(Arrivals.day))
        .where(
            Arrivals.hall_id == Service.hall_id,
            Arrivals.service_id == Service.id,
            Arrivals.day < bindparam("before"),
        )
        .scalar_subquery()
    )
    found: list[date] = []
    while len(found) < most:
        days = session.scalars(select(newest).where(Service.hall_id == hall_id), {"before": before})
        before = max((day for day in days if day is not None), default=date.min)
        if before == date.min:
            break
        found.append(before)
    return found


def made_up(session: Session, hall_id: str, since: date) -> set[date]:
    """The days from `since` on whose counts nobody counted. Reads every row: not for a page's route."""
    return set(
        session.scalars(
            select(Arrivals.day)
            .where(Arrivals.hall_id == hall_id, Arrivals.day >= since, Arrivals.generated)
            .distinct()
        )
    )


def newest_day(session: Session, hall_id: str) -> date | None:
    """The last day with counts."""
    return session.scalar(select(func.max(Arrivals.day)).where(Arrivals.hall_id == hall_id))


def walk_ins(session: Session, hall: Hall, day: date, open_s: int, slot_s: int) -> Counter[tuple[str, int]]:
    """Walk-ins of a day by service and slot number from opening; earlier ones count in the first."""
    rows = session.execute(
        select(Ticket.service_id, Ticket.issued_at).where(
            Ticket.hall_id == hall.id, Ticket.day == day, Ticket.booked_at.is_(None)
        )
    )
    return Counter((service, max(0, (wall_s(at, hall.zone, day) - open_s) // slot_s)) for service, at in rows)
