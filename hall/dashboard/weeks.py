"""The hall's calendar as a grid of weeks: what is published of each day, what managers say over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hall.core.calendar import SHUT, Calendar, DayKind
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
    has_hours: bool  # of the hall's settings, which alone decide whether tickets are given

    @property
    def is_at_odds(self) -> bool:
        """Whether the calendar calls a day still to come free that has hours, or a workday that has none."""
        kinds = [DayKind(entry.kind) for entry in self.own]
        said = next((kind for kind in kinds if kind is not DayKind.EVENT), self.published)
        return not self.is_over and (said in SHUT if self.has_hours else said is DayKind.WORKDAY)


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
        bool(settings.hours_on(day)),
    )  # fmt: skip
