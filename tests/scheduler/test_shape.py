"""How a day's people spread over its quarter hours, told from few people and from many."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from scheduler.forecast import Count, fit

MONDAY = date(2026, 3, 2)
STARTS = tuple(range(8 * 3600, 16 * 3600, 900))
HILL = 0.2 + np.exp(-(((np.arange(len(STARTS)) - 8) / 8) ** 2))
Rates = Mapping[str, NDArray[np.float64]]  # people per quarter hour


def _history(days: int, rates: Rates, seed: int = 3) -> list[Count]:
    draw = np.random.default_rng(seed)
    rows: list[Count] = []
    for day in (MONDAY - timedelta(days=n) for n in range(days, 0, -1)):
        for service, rate in rates.items():
            rows += [(service, day, s, int(n)) for s, n in zip(STARTS, draw.poisson(rate), strict=True)]
    return rows


def _miss(told: NDArray[np.float64], rate: NDArray[np.float64]) -> float:
    """Squared, the day's sum left out."""
    return float(((told / told.sum() - rate / rate.sum()) ** 2).sum())


def _told(rows: list[Count], service: str, day: date = MONDAY) -> NDArray[np.float64]:
    return np.array(fit(rows).day(day, STARTS).mean(service))


def _mean(rows: list[Count], service: str) -> NDArray[np.float64]:
    return np.array([np.mean([n for name, _, s, n in rows if (name, s) == (service, at)]) for at in STARTS])


def _share_of_misses(days: int, rates: Rates) -> float:
    """The forecast's misses over those of the plain mean of each slot, six halls together."""
    told = plain = 0.0
    for seed in range(6):
        rows = _history(days, rates, seed)
        for service, rate in rates.items():
            told += _miss(_told(rows, service), rate)
            plain += _miss(_mean(rows, service), rate)
    return told / plain


@pytest.mark.parametrize(("days", "at_most"), [(1, 0.5), (5, 0.5), (10, 0.5), (40, 0.7)])
def test_what_a_slot_brought_beyond_its_neighbours_is_mostly_chance(days: int, at_most: float) -> None:
    rates = {f"s{n}": 2 * HILL for n in range(4)} | {"estate": 0.5 * HILL[::-1]}
    assert _share_of_misses(days, rates) < at_most


def test_what_comes_day_after_day_is_kept_however_jagged() -> None:
    planes = np.tile([12.0, 0.5, 3.0, 0.5], len(STARTS) // 4)
    rows = _history(84, {"passport": planes, "visa": 3 * HILL})
    assert _told(rows, "passport") == pytest.approx(planes, rel=0.25, abs=0.5)


def test_a_peak_of_the_whole_hall_is_a_peak_of_each_service() -> None:
    """Everybody who came before the doors opened takes a ticket in the first quarter hour."""
    opening = np.where(np.arange(len(STARTS)) == 0, 3.0, 1.0)
    rates = {"social": 6 * opening, "tax": 6 * opening, "estate": 0.3 * opening}
    estate = _told(_history(10, rates), "estate")
    assert estate[0] > 2 * estate[1:5].mean()


def test_a_weekday_of_another_shape_gets_its_own() -> None:
    turned = [
        (name, day, STARTS[-1] + STARTS[0] - s if day.weekday() == 2 else s, n)
        for name, day, s, n in _history(140, {"social": 4 * HILL})
    ]
    wednesday = _told(turned, "social", MONDAY + timedelta(days=2))
    assert _miss(wednesday, HILL[::-1]) < _miss(wednesday, HILL) / 10
    assert _miss(_told(turned, "social"), HILL) < 0.002
