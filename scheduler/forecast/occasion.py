"""What makes a day unlike others of its weekday: a closure just over, the month's first and last days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hall.core.calendar import Calendar
from scheduler.forecast.table import Array, Table

WEEK = 7
NAMES = ("after a closure", "month start", "month end")
FIRST_DAYS = 4  # of a month
LAST_OPEN_DAYS = 2
OPEN_SHARE = 0.5


@dataclass(frozen=True)
class Occasions:
    """Which weekdays the hall works, which days it was open, what the calendar says."""

    weekdays: frozenset[int]
    known: frozenset[int]  # ordinals of the days with counts
    oldest: int
    newest: int
    calendar: Calendar

    @classmethod
    def of(cls, table: Table, calendar: Calendar) -> Occasions:
        if not len(table.days):
            return cls(frozenset(range(5)), frozenset(), 0, 0, calendar)
        possible = np.bincount((_worked(table.days) + 6) % WEEK, minlength=WEEK)
        opened = np.bincount(table.weekdays, minlength=WEEK)
        usual = {w for w in range(WEEK) if opened[w] and opened[w] >= OPEN_SHARE * possible[w]}
        return cls(
            frozenset(usual),
            frozenset(int(d) for d in table.days),
            int(table.days[0]),
            int(table.days[-1]),
            calendar,
        )

    def past(self, table: Table) -> Array:
        """(days, NAMES) of ones and zeros."""
        return np.array([self.on(table.day(i)) for i in range(len(table.days))]).reshape(-1, len(NAMES))

    def on(self, day: date) -> Array:
        """Which of NAMES hold on a day."""
        is_last = len(list(islice(self._left(day), LAST_OPEN_DAYS))) < LAST_OPEN_DAYS
        return np.array([self._is_after_closure(day), day.day <= FIRST_DAYS, is_last], dtype=np.float64)

    def _is_after_closure(self, day: date) -> bool:
        """Whether the day before, weekends apart, should have been open and was not."""
        before = day - timedelta(days=1)
        for _ in range(WEEK):
            if before.weekday() in self.weekdays:
                return not self._is_open(before)
            if self._is_open(before):
                return False
            before -= timedelta(days=1)
        return False

    def _left(self, day: date) -> Iterator[date]:
        """The open days of the month that follow."""
        following = day + timedelta(days=1)
        while following.month == day.month:
            if self._is_open(following):
                yield following
            following += timedelta(days=1)

    def _is_open(self, day: date) -> bool:
        if self.calendar.is_shut(day):
            return False
        if self.known and self.oldest <= day.toordinal() <= self.newest:
            return day.toordinal() in self.known
        return self.calendar.is_called_in(day) or day.weekday() in self.weekdays


def _worked(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """All days from the first to the last, but for closures of seven days or more: they shut every weekday.

    Counted, a long one would leave no usual weekday, and every day to come would be its month's last.
    """
    span = np.arange(days[0], days[-1] + 1)
    next_open = np.searchsorted(days, span)
    is_open = days[next_open] == span
    found: NDArray[np.int64] = span[is_open | (days[next_open] - days[next_open - 1] <= WEEK)]
    return found
