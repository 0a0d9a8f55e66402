"""The hall's own calendar: a manager says what is out of the ordinary on a span of days, and takes it back.

It tells the forecast what to expect, and what it shuts takes no bookings. Tickets at the door go by the
hall's hours, which are in its settings.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from hall.core.calendar import DayKind
from hall.core.days import DAY_S, clock_text
from hall.core.errors import N_, Invalid, NotLater
from hall.core.events import CalendarChanged
from hall.store import calendar as kept
from hall.store import read
from hall.store.journal import Change
from hall.store.tables import CalendarEntry

LEAST_FACTOR, MOST_FACTOR = 0.1, 10.0  # times the usual walk-ins; beyond is a slip of the pen
LONGEST_DAYS = 366
FARTHEST = timedelta(days=800)  # before and after today; forecasts learn from no older days


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a manager says of the days from `first` to `last`, both included.

    `open_s` and `close_s` with half, `factor` with event; an event that names no service is of them all.
    """

    first: date
    last: date
    kind: str
    open_s: int | None = None
    close_s: int | None = None
    factor: float | None = None
    services: Collection[str] = ()
    note: str | None = None


def add(change: Change, wanted: Wanted) -> CalendarEntry:
    """Say something of a span of days. Refuses with Invalid or Unknown."""
    _check(change, wanted)
    row = CalendarEntry(hall_id=change.hall_id, id=secrets.token_hex(8))
    _write(change, row, wanted)
    change.session.add(row)
    change.session.flush()
    _journal(change, row, "added")
    return row


def alter(change: Change, entry_id: str, wanted: Wanted) -> CalendarEntry:
    """Say something else in place of an entry; it is the newest word then. Refuses as `add` does."""
    row = kept.entry(change.session, change.hall_id, entry_id)
    _check(change, wanted)
    _write(change, row, wanted)
    _journal(change, row, "altered")
    return row


def remove(change: Change, entry_id: str) -> None:
    """Take an entry back. Refuses with Unknown."""
    row = kept.entry(change.session, change.hall_id, entry_id)
    _journal(change, row, "removed")
    change.session.delete(row)


def _check(change: Change, wanted: Wanted) -> None:
    _check_days(change.day, wanted)
    if wanted.kind == DayKind.HALF.value:
        _check_hours(wanted)
    elif wanted.open_s is not None or wanted.close_s is not None:
        raise Invalid("/open_s", field="open_s", allowed=N_("with half only"))
    if wanted.kind == DayKind.EVENT.value:
        _check_event(change, wanted)
    elif wanted.factor is not None:
        raise Invalid("/factor", field="factor", allowed=N_("with event only"))
    elif wanted.services:
        raise Invalid("/services", field="services", allowed=N_("with event only"))


def _check_days(today: date, wanted: Wanted) -> None:
    earliest, latest = today - FARTHEST, today + FARTHEST
    if not earliest <= wanted.first <= latest:
        raise Invalid("/from", field="from", allowed=f"{earliest} … {latest}")
    longest = wanted.first + timedelta(days=LONGEST_DAYS - 1)
    if not wanted.first <= wanted.last <= longest:
        raise Invalid("/to", field="to", allowed=f"{wanted.first} … {longest}")


def _check_hours(wanted: Wanted) -> None:
    if wanted.open_s is None or wanted.open_s >= DAY_S:
        raise Invalid("/open_s", field="open_s", allowed=N_("a time of day from 00:00 on, before 24:00"))
    if wanted.close_s is None or wanted.close_s <= wanted.open_s:
        raise NotLater("/close_s", field="close_s", than=clock_text(wanted.open_s))


def _check_event(change: Change, wanted: Wanted) -> None:
    if wanted.factor is None or not LEAST_FACTOR <= wanted.factor <= MOST_FACTOR:
        raise Invalid("/factor", field="factor", allowed=f"{LEAST_FACTOR} … {MOST_FACTOR:g}")
    for index, service in enumerate(wanted.services):
        read.service(change.session, change.hall_id, service, f"/services/{index}")


def _write(change: Change, row: CalendarEntry, wanted: Wanted) -> None:
    row.first_day, row.last_day, row.kind = wanted.first, wanted.last, wanted.kind
    row.open_s, row.close_s, row.factor = wanted.open_s, wanted.close_s, wanted.factor
    row.services, row.note = sorted(wanted.services), wanted.note
    row.by, row.version = change.by.id, change.version


def _journal(change: Change, row: CalendarEntry, word: str) -> None:
    change.write(
        CalendarChanged(
            row.id, word, change.by.id, row.kind, row.first_day.isoformat(), row.last_day.isoformat()
        )
    )
