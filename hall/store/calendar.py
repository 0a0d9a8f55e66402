"""The hall's own calendar as it is stored: what managers said of spans of days, the newest word last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.calendar import Calendar, DayKind, Entry, spanning
from hall.core.errors import Unknown
from hall.store.tables import CalendarEntry, JournalRow


def entries(session: Session, hall_id: str, first: date, last: date) -> Sequence[CalendarEntry]:
    """Entries that touch a day from `first` to `last`, both included, in the order they were said."""
    return session.scalars(
        select(CalendarEntry)
        .where(
            CalendarEntry.hall_id == hall_id,
            CalendarEntry.first_day <= last,
            CalendarEntry.last_day >= first,
        )
        .order_by(CalendarEntry.version, CalendarEntry.id)
    ).all()


def entry(session: Session, hall_id: str, entry_id: str) -> CalendarEntry:
    """One entry. Raises Unknown."""
    found = session.get(CalendarEntry, (hall_id, entry_id))
    if found is None:
        raise Unknown(what="calendar entry", id=entry_id)
    return found


def said(
    session: Session, hall_id: str, first: date, last: date, before: datetime | None = None
) -> list[Entry]:
    """The same day by day, to be laid over what is published; a later word replaces an earlier one.

    `before`: only what stood so at that instant already; of an entry altered since, nothing is left.
    """
    rows = entries(session, hall_id, first, last)
    if before is not None:
        at = _said_at(session, hall_id, {row.version for row in rows})
        rows = [row for row in rows if row.version not in at or at[row.version] < before]
    found = []
    for row in rows:
        hours = None if row.open_s is None or row.close_s is None else (row.open_s, row.close_s)
        one = Entry(row.first_day, DayKind(row.kind), hours, row.factor or 1.0, tuple(row.services))
        found += spanning(one, row.last_day)
    return found


def own(session: Session, hall_id: str, first: date, last: date) -> Calendar:
    """What managers said of these days, and nothing that is published."""
    return Calendar.of(said(session, hall_id, first, last))


def _said_at(session: Session, hall_id: str, versions: Collection[int]) -> dict[int, datetime]:
    """When the journal took each version down; what came before the journal knew entries has none."""
    rows = session.execute(
        select(JournalRow.version, JournalRow.at).where(
            JournalRow.hall_id == hall_id, JournalRow.version.in_(versions)
        )
    )
    return {row[0]: row[1] for row in rows}
