"""The hall's calendar as a grid of weeks: what is published of each day, what managers say over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hall.core.calendar import SHUT, Calendar, DayKind
from hall.core.days import Interval
from hall.core.hall import Settings
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
    hours: Sequence[Interval]  # of the hall's settings, which alone decide whether tickets are given

    @property
    def is_at_odds(self) -> bool:
        """Whether the calendar calls a day still to come free that has hours, or open that has none.

        So it is with a half day whose hours go on after its end, or begin before it.
        """
        own = next((entry for entry in self.own if entry.kind != DayKind.EVENT.value), None)
        said = DayKind(own.kind) if own else self.published
        if self.is_over or not self.hours:
            return not self.is_over and said in (DayKind.WORKDAY, DayKind.HALF)
        if own and said is DayKind.HALF and own.open_s is not None and own.close_s is not None:
            return self.hours[0][0] < own.open_s or own.close_s < self.hours[-1][1]
        return said in SHUT


def monday(day: date) -> date:
    """The first day of the week that holds this one."""
    return day - timedelta(days=day.weekday())


def last_shown(first: date) -> date:
    """The last day of a grid that begins on a Monday."""
    return first + timedelta(days=WEEKS * WEEK - 1)


def grid(
    first: date, today: date, published: Calendar, entries: Sequence[CalendarEntry], settings: Settings
) -> list[list[Day]]:
    """Eight weeks from a Monday on. `entries` in the order in which they were said."""
    days = [first + timedelta(days=n) for n in range(WEEKS * WEEK)]
    cells = [_day(day, today, published, entries, settings) for day in days]
    return [cells[n : n + WEEK] for n in range(0, len(cells), WEEK)]


def unconfirmed_years(first: date, today: date, published: Calendar) -> list[int]:
    """Years from today on that the grid touches and for which nothing is published yet."""
    years = range(max(first, today).year, last_shown(first).year + 1)
    return [year for year in years if not published.is_confirmed(date(year, 12, 31))]


def _day(
    day: date, today: date, published: Calendar, entries: Sequence[CalendarEntry], settings: Settings
) -> Day:
    said = [entry for entry in reversed(entries) if entry.first_day <= day <= entry.last_day]
    return Day(
        day, published.kinds.get(day), published.is_confirmed(day), tuple(said), day == today, day < today,
        settings.hours_on(day),
    )  # fmt: skip
