"""The hall's calendar over HTTP: what is published, and what its managers say over that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hall.core.calendar import DayKind
from hall.core.errors import N_, Invalid
from hall.desk import calendar as desk
from hall.desk import told
from hall.desk.opening import Told
from hall.store import calendar
from hall.store.moment import Moment
from hall.web.api.fields import choice, day, ids, number, text, time_s
from hall.web.api.operations import MANAGERS, Verb, change, look
from scheduler.published import published

WEEKS = 8  # shown when nobody says how many
ENTRY = (
    day("from"),
    day("to"),
    choice("kind", *(kind.value for kind in DayKind)),
    time_s("open_s").optional(),
    time_s("close_s").optional(),
    number("factor", desk.LEAST_FACTOR, desk.MOST_FACTOR).optional(),
    ids("services").optional([]),
    text("note").optional(),
)


@look(
    "/halls/{hall}/calendar",
    roles=MANAGERS,
    query=(day("from").optional(), day("to").optional()),
    answer="Calendar",
)
def hall_calendar(moment: Moment, **span: date | None) -> Told:
    """Published days off and make-up workdays, and the hall's own entries; eight weeks unless asked for."""
    first = span["from"] or moment.hall.day
    last = span["to"] or _weeks_from(first)
    if not 0 <= (last - first).days < desk.LONGEST_DAYS:
        raise Invalid("/to", field="to", allowed=f"{first} +{desk.LONGEST_DAYS - 1}")
    known = published(moment.hall.zone, first, last)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "published": [{"day": d.isoformat(), "kind": kind.value} for d, kind in sorted(known.kinds.items())],
        "published_until": known.until.isoformat() if known.until else None,
        "entries": [
            told.calendar_entry(row) for row in calendar.entries(moment.session, moment.hall.id, first, last)
        ],
    }


@change("/halls/{hall}/calendar", roles=MANAGERS, body=ENTRY, answer="CalendarEntry", status=201)
def add_calendar_entry(**said: Any) -> Verb:
    """Say what is out of the ordinary on a span of days; the next forecast knows it."""
    return lambda c: {"entry": told.calendar_entry(desk.add(c, _wanted(said)))}


@change("/halls/{hall}/calendar/{entry}", roles=MANAGERS, body=ENTRY, answer="CalendarEntry")
def alter_calendar_entry(entry: str, **said: Any) -> Verb:
    """Say something else in place of an entry."""
    return lambda c: {"entry": told.calendar_entry(desk.alter(c, entry, _wanted(said)))}


@change("/halls/{hall}/calendar/{entry}", method="DELETE", roles=MANAGERS, answer=None)
def remove_calendar_entry(entry: str) -> Verb:
    """Take an entry back."""

    def remove(c: Any) -> Told:
        desk.remove(c, entry)
        return {}

    return remove


def _weeks_from(first: date) -> date:
    """The last day of those shown when nobody says which. Raises Invalid where the years of dates end."""
    try:
        return first + timedelta(weeks=WEEKS) - timedelta(days=1)
    except OverflowError:
        raise Invalid("/from", field="from", allowed=N_("a date as 2026-03-02")) from None


def _wanted(said: dict[str, Any]) -> desk.Wanted:
    """`from` and `to` are words of Python's, or of its builtins; inside they are first and last."""
    rest = {name: value for name, value in said.items() if name not in ("from", "to")}
    return desk.Wanted(said["from"], said["to"], **rest)
