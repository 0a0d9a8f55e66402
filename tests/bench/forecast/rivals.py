"""Simple forecasts to beat: what the last same weekdays brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from scheduler.forecast.quantiles import LEVELS, quantiles
from tests.bench.forecast.score import Array

LAST = 8
Days = Mapping[date, Mapping[int, float]]  # one series: day -> slot -> count


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


RIVALS = {"last 8 weekdays": last_weekdays, "weekday mean": weekday_mean, "seasonal naive": seasonal_naive}


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
