"""Gradient-boosted trees with a Poisson loss (LightGBM), one model over all series of a set.

They see what a forecaster would give them: slot, weekday, place in the month, what the same slot brought on
the last same weekdays and days, and how busy the last days were. Quantiles are negative binomial, as wide as
the misses on the last fifth of the history, which a first model has not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import lightgbm
import numpy as np

from scheduler.forecast.quantiles import quantiles
from tests.bench.forecast.score import Array

WEEK = 7
LONGEST = 52 * WEEK  # days of history that are learned from
LAST = 4  # same weekdays, and days, that a feature looks back on
HELD_BACK = 0.2
FEWEST = 40  # rows to learn anything from
SETTINGS = {
    "objective": "poisson", "learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": 40, "seed": 7,
    "num_threads": 1, "verbosity": -1, "deterministic": True,
}  # fmt: skip
ROUNDS = 200
Days = Mapping[date, Mapping[int, float]]


def poisson_trees(series: Mapping[str, Days], day: date) -> dict[str, Array]:
    """Quantiles of each series on the day."""
    names = {name: number for number, name in enumerate(sorted(series))}
    rows, seen, when = _history(series, names, day)
    if len(rows) < FEWEST:
        means = {
            name: np.full(len(days[day]), seen.mean() if len(seen) else 0.0) for name, days in series.items()
        }
        return {name: quantiles(mean, np.ones_like(mean)) for name, mean in means.items()}
    cut = np.quantile(when, 1 - HELD_BACK)
    early, late = when <= cut, when > cut
    spread = _spread(_learn(rows[early], seen[early]), rows[late], seen[late]) if late.any() else 1.0
    model = _learn(rows, seen)
    found = {}
    for name, days in series.items():
        asked = np.array(list(_features(days, day, names[name])))
        mean = np.asarray(model.predict(asked), dtype=np.float64)
        found[name] = quantiles(mean, np.full_like(mean, spread))
    return found


def _learn(rows: Array, seen: Array) -> lightgbm.Booster:
    data = lightgbm.Dataset(rows, seen, categorical_feature=[0], free_raw_data=False)
    return lightgbm.train(SETTINGS, data, ROUNDS)


def _spread(model: lightgbm.Booster, rows: Array, seen: Array) -> float:
    told = np.asarray(model.predict(rows), dtype=np.float64)
    return max(1.0, float(((seen - told) ** 2).sum() / max(told.sum(), 1.0)))


def _history(series: Mapping[str, Days], names: Mapping[str, int], day: date) -> tuple[Array, Array, Array]:
    """Features, counts and ordinal days of every slot that has anything before it."""
    rows, seen, when = [], [], []
    for name, days in series.items():
        before = sorted(d for d in days if d < day)
        for one in before[1:]:
            if one >= day - timedelta(days=LONGEST):
                rows.extend(_features(days, one, names[name]))
                seen.extend(days[one][slot] for slot in sorted(days[one]))
                when.extend([one.toordinal()] * len(days[one]))
    return np.array(rows), np.array(seen, dtype=np.float64), np.array(when)


def _features(days: Days, day: date, number: int) -> Iterator[list[float]]:
    """One row per slot of the day, from the days before it."""
    before = sorted(d for d in days if d < day)
    same = [d for d in before if d.weekday() == day.weekday()][-LAST:]
    recent = before[-LAST:]
    level = [sum(days[d].values()) for d in before[-WEEK:]]
    shared = [
        float(day.weekday()), float(day.day), float((day + timedelta(days=3)).month != day.month),
        float(np.mean(level)), level[-1], sum(days[same[-1]].values()) if same else np.nan,
    ]  # fmt: skip
    for slot in sorted(days[day]):
        yield [
            float(number), float(slot), *shared, _mean(days, same, slot), _mean(days, same[-1:], slot),
            _mean(days, recent, slot),
        ]  # fmt: skip


def _mean(days: Days, which: list[date], slot: int) -> float:
    counts = [days[d][slot] for d in which if slot in days[d]]
    return float(np.mean(counts)) if counts else np.nan
