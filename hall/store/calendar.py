"""The hall's own calendar as it is stored: what managers said of spans of days, the newest word last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.calendar import DayKind, Entry, spanning
from hall.core.errors import Unknown
from hall.store.tables import CalendarEntry


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


def said(session: Session, hall_id: str, first: date, last: date) -> list[Entry]:
    """The same day by day, to be laid over what is published; a later word replaces an earlier one."""
    found = []
    for row in entries(session, hall_id, first, last):
        hours = None if row.open_s is None or row.close_s is None else (row.open_s, row.close_s)
        one = Entry(row.first_day, DayKind(row.kind), hours, row.factor or 1.0, tuple(row.services))
        found += spanning(one, row.last_day)
    return found
