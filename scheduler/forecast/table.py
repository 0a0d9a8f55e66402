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
LEAST = 1e-9  # keeps divisions apart from zero where nobody is expected


@dataclass(frozen=True)
class Table:
    """`counts` is services × days × slots, 0 where a service was shut; `is_open` says where it was not.

    Days are those on which anything was open, ascending, as ordinals.
    """

    services: tuple[str, ...]
    days: NDArray[np.int64]
    slots: NDArray[np.int64]
    counts: Array
    is_open: Array

    @classmethod
    def of(cls, history: Iterable[Count], calendar: Calendar) -> Table:
        """What a known event brought is taken out again, so that it does not pass for the usual."""
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
        factors = np.array([[calendar.factor(day, service) for day in dates] for service in services])
        table /= factors.reshape(len(services), len(dates), 1)
        kept = day_axis >= oldest
        return cls(tuple(services), day_axis[kept], slot_axis, table[:, kept], is_open[:, kept])

    @property
    def weekdays(self) -> NDArray[np.int64]:
        """Monday is 0."""
        return (self.days + 6) % 7

    def ages(self) -> Array:
        """Days back from the newest one."""
        found: Array = (self.days[-1] - self.days).astype(np.float64)
        return found

    def day(self, index: int) -> date:
        return date.min + timedelta(days=int(self.days[index]) - 1)


def shares(sizes: Array) -> Array:
    """Each service's part of the hall's people; even ones where nobody ever came."""
    total = float(sizes.sum())
    found: Array = sizes / total if total > 0 else np.full(len(sizes), 1 / max(1, len(sizes)))
    return found
