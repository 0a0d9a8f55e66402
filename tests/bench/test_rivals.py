"""The rivals of the forecast bench give quantiles to compare: in order, none below zero, one row a slot."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from scheduler.forecast.quantiles import LEVELS
from tests.bench.forecast.rivals import FROM_PACKAGES, missing, rivals

FIRST = date(2026, 1, 5)  # a Monday
SLOTS = range(9 * 3600, 17 * 3600, 1800)
WEEKS = 6


def made(seed: int, mean: float) -> dict[date, dict[int, float]]:
    """Weekdays of six weeks, Mondays twice as busy, a hump in the morning."""
    draw = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range(7 * WEEKS + 1)]
    return {
        day: {
            slot: float(draw.poisson(mean * (2 - (day.weekday() > 0)) * (1.5 if slot < 43200 else 0.7)))
            for slot in SLOTS
        }
        for day in days
        if day.weekday() < 5
    }


@pytest.mark.parametrize("name", ["last 8 weekdays", "weekday mean", "seasonal naive", *FROM_PACKAGES])
def test_quantiles_are_in_order_and_know_mondays(name: str) -> None:
    if name in missing():
        pytest.skip(f"{name} comes with `make bench-forecast`")
    series = {"one": made(1, 6.0), "two": made(2, 20.0)}
    monday = max(series["one"])
    told = rivals()[name](series, monday)
    friday = rivals()[name](
        {name: {d: c for d, c in days.items() if d < monday} for name, days in series.items()},
        monday - timedelta(days=3),
    )
    for service, mean in (("one", 12.0), ("two", 40.0)):
        found = told[service]
        assert found.shape == (len(SLOTS), len(LEVELS))
        assert (np.diff(found, axis=1) >= 0).all() and (found >= 0).all()
        middle = found[:, LEVELS.index(0.5)].mean()
        assert 0.7 * mean < middle < 1.4 * mean
        assert middle > 1.3 * friday[service][:, LEVELS.index(0.5)].mean()
