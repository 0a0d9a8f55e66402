"""Forecasts to beat: what the last same weekdays brought, and methods from the literature.

Each is told the series up to a day and gives quantiles of that day's slots, where the counts are blank.
Those from other packages need the bench's own lock (`make bench-forecast` installs it); without it the others
are still judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from importlib.util import find_spec

import numpy as np

from scheduler.forecast.quantiles import LEVELS, quantiles
from tests.bench.forecast.score import Array

LAST = 8
Days = Mapping[date, Mapping[int, float]]  # one series: day -> slot -> count
Rival = Callable[[Mapping[str, Days], date], dict[str, Array]]  # series and day -> (slots, LEVELS) each
Simple = Callable[[Days, date, list[int]], Array]

FROM_PACKAGES = {  # name: (package, module, function)
    "AutoETS": ("statsforecast", "tests.bench.forecast.smoothing", "auto_ets"),
    "MSTL": ("statsforecast", "tests.bench.forecast.smoothing", "mstl"),
    "LightGBM": ("lightgbm", "tests.bench.forecast.trees", "poisson_trees"),
}


def last_weekdays(days: Days, day: date, slots: list[int]) -> Array:
    """The yardstick: empirical quantiles of the last 8 same weekdays, fewer where history is short."""
    return np.array([np.quantile(values, LEVELS) for values in _same(days, day, slots)])


def weekday_mean(days: Days, day: date, slots: list[int]) -> Array:
    """The mean of the last 8 same weekdays with Poisson quantiles."""
    means = np.array([np.mean(values) for values in _same(days, day, slots)])
    return quantiles(means, np.ones_like(means))


def seasonal_naive(days: Days, day: date, slots: list[int]) -> Array:
    """The last same weekday again, with Poisson quantiles."""
    means = np.array([values[-1] for values in _same(days, day, slots)])
    return quantiles(means, np.ones_like(means))


def rivals() -> dict[str, Rival]:
    """Those that can be had here."""
    found = {
        "last 8 weekdays": _each(last_weekdays),
        "weekday mean": _each(weekday_mean),
        "seasonal naive": _each(seasonal_naive),
    }
    for name, (package, module, function) in FROM_PACKAGES.items():
        if find_spec(package):
            found[name] = getattr(import_module(module), function)
    return found


def missing() -> list[str]:
    """Those whose package is not installed."""
    return [name for name, (package, *_) in FROM_PACKAGES.items() if not find_spec(package)]


def _each(simple: Simple) -> Rival:
    def told(series: Mapping[str, Days], day: date) -> dict[str, Array]:
        return {name: simple(days, day, sorted(days[day])) for name, days in series.items()}

    return told


def _same(days: Days, day: date, slots: list[int]) -> list[list[float]]:
    """Per slot the counts of the last same weekdays; of the last days where there is no such weekday."""
    before = sorted(d for d in days if d < day)
    same = [d for d in before if d.weekday() == day.weekday()]
    found = []
    for slot in slots:
        values = [days[d][slot] for d in same if slot in days[d]][-LAST:]
        values = values or [days[d][slot] for d in before if slot in days[d]][-LAST:]
        found.append(values or [0.0])
    return found
