"""The one jackknife of all benches: its interval holds the truth as often as it says, with few days too."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from tests.bench.jackknife import jackknife, ratio

T975 = {6: 2.571, 11: 2.228}  # any table, by the number of days


def test_a_ratio_knows_its_spread() -> None:
    rng = np.random.default_rng(1)
    base = rng.gamma(4, 100, 400)
    found = ratio(0.8 * base + rng.normal(0, 20, 400), base)
    assert abs(found.value - 0.8) < found.half < 0.02


@pytest.mark.parametrize("days", list(T975))
def test_the_half_width_is_students_times_the_jackknifes_error(days: int) -> None:
    rng = np.random.default_rng(days)
    ours, theirs = rng.gamma(9, 1, days), rng.gamma(9, 1.2, days)
    without = (ours.sum() - ours) / (theirs.sum() - theirs)
    error = np.sqrt((days - 1) / days * ((without - without.mean()) ** 2).sum())
    found = ratio(ours, theirs)
    assert found.value == pytest.approx(ours.sum() / theirs.sum())
    assert found.half == pytest.approx(T975[days] * error)
    assert (found.low, found.high) == (found.value - found.half, found.value + found.half)


def test_six_days_hold_the_truth_in_95_of_100_cases() -> None:
    """With 1.96 in place of Student's quantile it would be 89."""
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(2000):
        base = rng.normal(100, 10, 6)
        found = ratio(0.8 * base + rng.normal(0, 5, 6), base)
        inside += found.low <= 0.8 <= found.high
    assert 0.935 < inside / 2000 < 0.965


def test_one_day_tells_no_spread() -> None:
    found = jackknife(lambda x: float(x.mean()), np.array([3.0]))
    assert (found.value, found.half) == (3.0, inf)
