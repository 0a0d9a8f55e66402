"""The hall's calendar as a grid of weeks: what is published of each day, what managers say over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hall.core.calendar import Calendar, DayKind
from hall.store.tables import CalendarEntry

WEEK = 7
WEEKS = 8


@dataclass(frozen=True, slots=True)
class Day:
    """One cell. `published` None: an ordinary day of its weekday, as far as anybody has said so."""

    day: date
    published: DayKind | None
    is_confirmed: bool
    own: tuple[CalendarEntry, ...]  # the newest word first
    is_today: bool
    is_over: bool


def monday(day: date) -> date:
    """The first day of the week that holds this one."""
    return day - timedelta(days=day.weekday())


def last_shown(first: date) -> date:
    """The last day of a grid that begins on a Monday."""
    return first + timedelta(days=WEEKS * WEEK - 1)


def grid(first: date, today: date, published: Calendar, entries: Sequence[CalendarEntry]) -> list[list[Day]]:
    """Eight weeks from a Monday on. `entries` in the order in which they were said."""
    return [
        [_day(first + timedelta(days=week * WEEK + n), today, published, entries) for n in range(WEEK)]
        for week in range(WEEKS)
    ]


def unconfirmed_years(first: date, today: date, published: Calendar) -> list[int]:
    """Years from today on that the grid touches and for which nothing is published yet."""
    years = range(max(first, today).year, last_shown(first).year + 1)
    return [year for year in years if not published.is_confirmed(date(year, 12, 31))]


def _day(day: date, today: date, published: Calendar, entries: Sequence[CalendarEntry]) -> Day:
    said = [entry for entry in reversed(entries) if entry.first_day <= day <= entry.last_day]
    return Day(
        day, published.kinds.get(day), published.is_confirmed(day), tuple(said), day == today, day < today
    )
