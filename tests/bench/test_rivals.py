"""The rivals of the forecast bench give quantiles to compare: in order, none below zero, one row a slot."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from scheduler.forecast.quantiles import LEVELS
from tests.bench.forecast.rivals import FROM_PACKAGES, missing, rivals
from tests.bench.made import SLOTS, series

NAMES = ["last 8 weekdays", "weekday mean", "seasonal naive", *FROM_PACKAGES]


@pytest.mark.parametrize("name", NAMES)
def test_quantiles_are_in_order_and_know_mondays(name: str) -> None:
    if name in missing():
        pytest.skip(f"{name} comes with `make bench-forecast`")
    known = {"one": series(1, 6.0), "two": series(2, 20.0)}
    monday = max(known["one"])
    told = rivals()[name](known, monday)
    friday = rivals()[name](
        {name: {d: c for d, c in days.items() if d < monday} for name, days in known.items()},
        monday - timedelta(days=3),
    )
    for service, mean in (("one", 12.0), ("two", 40.0)):
        found = told[service]
        assert found.shape == (len(SLOTS), len(LEVELS))
        assert (np.diff(found, axis=1) >= 0).all() and (found >= 0).all()
        middle = found[:, LEVELS.index(0.5)].mean()
        assert 0.7 * mean < middle < 1.4 * mean
        assert middle > 1.3 * friday[service][:, LEVELS.index(0.5)].mean()


@pytest.mark.parametrize("name", NAMES)
def test_no_rival_looks_at_the_day_it_foretells_or_at_later_ones(name: str) -> None:
    if name in missing():
        pytest.skip(f"{name} comes with `make bench-forecast`")
    known = {"one": series(1, 6.0), "two": series(2, 20.0)}
    day = sorted(known["one"])[-8]  # a day of its weekday comes after it
    other = {
        service: {d: {s: 100 * c if d >= day else c for s, c in slots.items()} for d, slots in days.items()}
        for service, days in known.items()
    }
    usual, told = rivals()[name](known, day), rivals()[name](other, day)
    for service in known:
        assert (usual[service] == told[service]).all()
