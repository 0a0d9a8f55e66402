"""Made series for the tests of the forecast bench."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from scheduler.forecast import Count

FIRST = date(2026, 1, 5)  # a Monday
SLOTS = range(9 * 3600, 17 * 3600, 1800)
WEEKS, DAY_SD = 6, 0.3


def series(seed: int, mean: float, day_sd: float = 0.0) -> dict[date, dict[int, float]]:
    """Weekdays of six weeks and a Monday, Mondays twice as busy, a hump in the morning.

    `day_sd`: of the logarithm of a level that all series share, day by day.
    """
    draw = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range(7 * WEEKS + 1)]
    mondays = np.array([2 if day.weekday() == 0 else 1 for day in days])
    level = np.exp(day_sd * np.random.default_rng(0).standard_normal(len(days)))
    return {
        day: {slot: float(draw.poisson(busy * (1.5 if slot < 12 * 3600 else 0.7))) for slot in SLOTS}
        for day, busy in zip(days, mean * level * mondays, strict=True)
        if day.weekday() < 5
    }


def rows() -> list[Count]:
    """Two such services as a set is read, with mornings that tell the afternoons."""
    return [
        (name, day, slot, count)
        for name, days in {"one": series(1, 6.0, DAY_SD), "two": series(2, 20.0, DAY_SD)}.items()
        for day, slots in days.items()
        for slot, count in slots.items()
    ]
