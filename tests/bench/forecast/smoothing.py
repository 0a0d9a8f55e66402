"""AutoETS and MSTL of statsforecast, set up as their makers would for counts by slot and weekday.

Both need an even grid: every day from the first to the last with the same slots, nothing in those that are
closed, and in a day shut for once what its weekday brings. Quantiles are negative binomial around the
forecast, as wide as the misses of the past say (variance over mean of each series).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from statsforecast.models import MSTL, AutoETS

from scheduler.forecast.quantiles import quantiles
from tests.bench.forecast.score import Array

LONGEST = 26 * 7  # days of history that are read for sums …
LONGEST_BY_SLOT = 8 * 7  # … and slot by slot, where time grows faster than the series
PROFILE = 8 * 7  # days of which a weekday's share by slot is taken
WEEK = 7
FEWEST = 10  # days; neither model takes fewer
Days = Mapping[date, Mapping[int, float]]


def auto_ets(series: Mapping[str, Days], day: date) -> dict[str, Array]:
    """Exponential smoothing of each day's sum with a weekly season; by slot as the last same weekdays.

    It takes seasons of 24 steps at most, so the day's own shape cannot be part of it.
    """
    return {name: _by_day(days, day) for name, days in series.items()}


def mstl(series: Mapping[str, Days], day: date) -> dict[str, Array]:
    """Trend, day and week by loess, slot by slot; the trend goes on by non-seasonal AutoETS."""
    return {name: _by_slot(days, day) for name, days in series.items()}


def _by_day(days: Days, day: date) -> Array:
    grid = _even(days, day, LONGEST)
    slots = sorted(days[day])
    sums = grid.sum(axis=1)
    if len(sums) < FEWEST:
        return _usual(days, day, grid)
    season = WEEK if len(sums) >= 2 * WEEK else 1
    model = AutoETS(season_length=season).fit(sums)
    same = grid[len(grid) % WEEK :: WEEK][-PROFILE // WEEK :] if len(grid) >= WEEK else grid
    share = same.sum(axis=0) / max(same.sum(), 1.0)
    mean = np.maximum(model.predict(h=1)["mean"][0], 0.0) * share
    past = np.maximum(model.predict_in_sample()["fitted"], 0.0)[:, None] * share
    return _around(mean[_places(days, day, slots)], grid[-PROFILE:], past[-PROFILE:])


def _by_slot(days: Days, day: date) -> Array:
    grid = _even(days, day, LONGEST_BY_SLOT)
    slots, width = sorted(days[day]), grid.shape[1]
    if len(grid) < FEWEST:
        return _usual(days, day, grid)
    seasons = [width, WEEK * width] if len(grid) > 2 * WEEK else [width]
    model = MSTL(season_length=seasons, trend_forecaster=AutoETS(model="ZZN")).fit(grid.ravel())
    mean = np.maximum(model.predict(h=width)["mean"], 0.0)
    past = np.maximum(model.predict_in_sample()["fitted"], 0.0).reshape(grid.shape)
    return _around(mean[_places(days, day, slots)], grid[-PROFILE:], past[-PROFILE:])


def _usual(days: Days, day: date, grid: Array) -> Array:
    """The mean of the days so far, where there are too few for anything else."""
    mean = grid.mean(axis=0)
    return _around(mean[_places(days, day, sorted(days[day]))], grid, np.broadcast_to(mean, grid.shape))


def _even(days: Days, day: date, longest: int) -> Array:
    """(days, slots) up to the day, at most `longest` days; slots: all that the series knows."""
    before = sorted(d for d in days if day - timedelta(days=longest) <= d < day)
    slots = _slots(days, day)
    length = (day - before[0]).days
    grid = np.zeros((length, len(slots)))
    open_ = {d.weekday() for d in before}
    for step in range(length):
        one = before[0] + timedelta(days=step)
        if one in days:
            grid[step] = [days[one].get(slot, 0.0) for slot in slots]
        elif one.weekday() in open_:
            same = [d for d in before if d.weekday() == one.weekday()]
            grid[step] = np.mean([[days[d].get(slot, 0.0) for slot in slots] for d in same], axis=0)
    return grid


def _slots(days: Days, day: date) -> list[int]:
    return sorted({slot for d, counts in days.items() if d <= day for slot in counts})


def _places(days: Days, day: date, slots: list[int]) -> list[int]:
    every = _slots(days, day)
    return [every.index(slot) for slot in slots]


def _around(mean: Array, seen: Array, fitted: Array) -> Array:
    missed = ((seen - fitted) ** 2).sum() / max(fitted.sum(), 1.0)
    return quantiles(mean, np.full_like(mean, max(1.0, missed)))
