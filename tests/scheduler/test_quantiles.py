"""Quantiles of whole counts: where they stand, and that a band holds as nearly as it can what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.forecast.quantiles import EXACT_BELOW, JITTER, LEVELS, MOST_SUMMED, chances, quantiles

LOW, HIGH = LEVELS.index(0.10), LEVELS.index(0.90)
MEANS = np.linspace(0.05, 20, 400)


def _held(mean: np.ndarray, dispersion: float) -> np.ndarray:
    """The share of counts inside the 80 % band."""
    band = quantiles(mean, np.full(mean.size, dispersion))[:, [LOW, HIGH]]
    pmf = chances(mean, np.full(mean.size, dispersion - 1))
    counts = np.arange(pmf.shape[1])
    is_inside = (counts >= band[:, :1]) & (counts <= band[:, 1:])
    return (pmf * is_inside).sum(axis=1)


@pytest.mark.parametrize("dispersion", [1.01, 1.3, 2.0])
def test_quantiles_stand_at_the_whole_number_that_is_best_and_rise(dispersion: float) -> None:
    found = quantiles(MEANS, np.full(MEANS.size, dispersion))
    below = np.cumsum(chances(MEANS, np.full(MEANS.size, dispersion - 1)), axis=1)
    best = np.array([[(row < level).sum() for level in LEVELS] for row in below])
    assert np.all(np.abs(found - best) <= JITTER + 1e-9)
    assert np.all(np.diff(found, axis=1) >= 0)


@pytest.mark.parametrize("dispersion", [1.01, 1.3, 2.0])
def test_an_80_percent_band_holds_80_percent_where_many_and_where_few_are_expected(dispersion: float) -> None:
    assert _held(MEANS[MEANS > 2], dispersion).mean() == pytest.approx(0.8, abs=0.02)
    few = MEANS[(MEANS > 0.25) & (MEANS <= 2)]
    nobody = chances(few, np.full(few.size, dispersion - 1))[:, 0]  # no band leaves nobody out
    assert _held(few, dispersion).mean() == pytest.approx(np.maximum(0.8, nobody).mean(), abs=0.06)


@pytest.mark.parametrize("dispersion", [1.01, 1.3, 2.0])
def test_a_band_that_holds_more_than_it_promises_leaves_out_its_highest_count(dispersion: float) -> None:
    upper = quantiles(MEANS, np.full(MEANS.size, dispersion))[:, HIGH]
    below = np.cumsum(chances(MEANS, np.full(MEANS.size, dispersion - 1)), axis=1)
    best = (below < 0.9).sum(axis=1)
    holds_more = (_held(MEANS, dispersion) > 0.8) & (best > 0)  # nobody cannot be left out
    assert holds_more.any()
    assert np.all(upper[holds_more] < best[holds_more])


def test_where_nearly_always_nobody_comes_the_band_is_nobody() -> None:
    band = quantiles(np.array([0.05]), np.array([1.3]))[0, [LOW, HIGH]]
    assert band[0] == 0 <= band[1] < 1
    assert _held(np.array([0.05]), 1.3)[0] > 0.9


@pytest.mark.parametrize("extra", [1e2, 1e4, 1e9])
def test_the_wildest_counts_are_summed_as_far_as_the_quantiles_need(extra: float) -> None:
    """A million people once where ten come: the sum would run over millions of counts."""
    mean = np.array([0.05, 5.0, EXACT_BELOW - 0.1])
    pmf = chances(mean, np.full(mean.size, extra))
    assert pmf.shape[1] <= MOST_SUMMED + 1
    assert np.all(pmf.sum(axis=1) >= LEVELS[-1])
