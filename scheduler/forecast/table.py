"""A history as arrays: services × days × slots, so that all services are learned from at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hall.core.calendar import Calendar

Array = NDArray[np.float64]
Count = tuple[str, date, int, float]  # service, day, slot's start in seconds since midnight, walk-ins

LONGEST_DAYS = 1100  # three years: what is older tells nothing that the last two have not
MIDWEEK = 2  # Wednesday: the working day that a make-up workday is most like
STAYED_AWAY = 0.1  # of the usual walk-ins: fewer than that on a day off, and its zeros say that it was shut
LEAST = 1e-9  # keeps divisions apart from zero where nobody is expected


@dataclass(frozen=True)
class Table:
    """`counts` is services × days × slots, 0 where a service was shut; `is_open` says where it was not.

    Days are those on which anything was open, ascending, as ordinals; `weekdays` what they are like, Monday
    0. `ordinary`: the weekdays on which the hall is open without being called in.
    """

    services: tuple[str, ...]
    days: NDArray[np.int64]
    slots: NDArray[np.int64]
    counts: Array
    is_open: Array
    weekdays: NDArray[np.int64]
    ordinary: frozenset[int]

    @classmethod
    def of(cls, history: Iterable[Count], calendar: Calendar) -> Table:
        """What a known event brought is taken out again, so that it does not pass for the usual.

        What the calendar shuts is taken for shut unless people came there all the same.
        """
        rows = list(history)
        newest = max((day for _, day, _, _ in rows), default=date.min)
        oldest = max(newest.toordinal() - LONGEST_DAYS, 0)
        names, days, slots, counts = [], [], [], []
        for service, day, slot, count in rows:
            ordinal = day.toordinal()
            names.append(service)
            days.append(ordinal)
            slots.append(slot)
            counts.append(count)
        services = sorted(set(names))
        place = {name: index for index, name in enumerate(services)}
        at = np.array([place[name] for name in names], dtype=np.int64)
        day_axis, day_at = np.unique(np.array(days, dtype=np.int64), return_inverse=True)
        slot_axis, slot_at = np.unique(np.array(slots, dtype=np.int64), return_inverse=True)
        shape = (len(services), len(day_axis), len(slot_axis))
        table, is_open = np.zeros(shape), np.zeros(shape)
        table[at, day_at, slot_at] = counts
        is_open[at, day_at, slot_at] = 1.0
        dates = [date.fromordinal(int(d)) for d in day_axis]
        is_open *= ~_kept_shut(table.sum(axis=0), dates, slot_axis, calendar)
        factors = np.array([[calendar.factor(day, service) for day in dates] for service in services])
        table *= is_open / factors.reshape(len(services), len(dates), 1)
        ordinary = frozenset(day.weekday() for day in dates if not calendar.is_called_in(day))
        weekdays = np.array([_like(day, calendar, ordinary) for day in dates], dtype=np.int64)
        kept = (day_axis >= oldest) & is_open.any(axis=(0, 2))
        seen = day_axis[kept], slot_axis, table[:, kept], is_open[:, kept], weekdays[kept]
        return cls(tuple(services), *seen, ordinary)

    def weekday(self, day: date, calendar: Calendar) -> int:
        """Which weekday a day is like; Monday is 0."""
        return _like(day, calendar, self.ordinary)

    def ages(self) -> Array:
        """Days back from the newest one."""
        found: Array = (self.days[-1] - self.days).astype(np.float64)
        return found

    def day(self, index: int) -> date:
        return date.min + timedelta(days=int(self.days[index]) - 1)


def _like(day: date, calendar: Calendar, ordinary: frozenset[int]) -> int:
    """The day's weekday; but a make-up workday is no ordinary Saturday, where the hall has such."""
    is_other = calendar.is_called_in(day) and day.weekday() in ordinary and MIDWEEK in ordinary
    return MIDWEEK if is_other else day.weekday()


def _kept_shut(
    hall: Array, dates: list[date], slots: NDArray[np.int64], calendar: Calendar
) -> NDArray[np.bool_]:
    """(days, slots): what the calendar shut and hardly anybody came to. `hall`: its counts, days × slots.

    A hall that works on a day off has its people there; else its zeros would pass for people who stayed away.
    """
    told = np.array([day in calendar.kinds for day in dates], dtype=bool)
    usual = np.median(hall[~told], axis=0) if not told.all() else np.zeros(len(slots))
    found = np.zeros(hall.shape, dtype=bool)
    for index, day in enumerate(dates):
        shut = np.array([not calendar.is_open_at(day, slot) for slot in slots.tolist()], dtype=bool)
        if told[index] and hall[index, shut].sum() <= STAYED_AWAY * usual[shut].sum():
            found[index] = shut
    return found


def shares(sizes: Array) -> Array:
    """Each service's part of the hall's people; even ones where nobody ever came."""
    total = float(sizes.sum())
    found: Array = sizes / total if total > 0 else np.full(len(sizes), 1 / max(1, len(sizes)))
    return found
