"""Learning from finished days: a level per service, a factor and a shape per weekday, recent days first.

What a weekday lacks in history it borrows: its shape from the service's other days, its factor from the
other services, so that three days of history already give a plain forecast and none gives zeros.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hall.core.calendar import NO_CALENDAR, Calendar
from scheduler.forecast.day import LEAST, Forecast, Row

Count = tuple[str, date, int, float]  # service, day, slot's start in seconds since midnight, walk-ins

WEEK = 7
HALF_LIFE_DAYS = 42.0  # a day this much older counts half
BORROWED_SHAPE = 3.0  # the weekday's own shape counts as much as the common one after so many days
BORROWED_FACTOR = 3.0
SPREAD = 0.02  # of a day's factor before any history: one day in three is more than 14 % off
SPREAD_DAYS = 10.0  # as if seen on so many days


@dataclass(frozen=True)
class _Learned:
    """One service: its level, weekday factors and shapes over its slots."""

    level: float  # walk-ins of a day whose weekday factor is 1
    factors: Row  # (7,)
    shapes: NDArray[np.float64]  # (7, slots), each row sums to 1
    slots: tuple[int, ...]  # starts, in seconds since midnight
    spread: float
    noise: float


@dataclass(frozen=True)
class Model:
    """What finished days taught. Deterministic in its history, picklable."""

    services: dict[str, _Learned]
    calendar: Calendar = NO_CALENDAR

    def day(self, day: date, starts_s: Sequence[int]) -> Forecast:
        """The forecast of one day for slots that start at `starts_s` (seconds since midnight)."""
        weekday = day.weekday()
        times = self.calendar.factor(day)
        means = {s: times * _means(one, weekday, starts_s) for s, one in self.services.items()}
        return Forecast(
            tuple(starts_s),
            means,
            {s: one.spread for s, one in self.services.items()},
            {s: one.noise for s, one in self.services.items()},
        )


def fit(history: Iterable[Count], calendar: Calendar = NO_CALENDAR) -> Model:
    """Learn from counts of finished days, zeros included; the newest day weighs most.

    What a known event brought is taken out again, so that it does not pass for the usual.
    """
    by_service: dict[str, dict[date, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for service, day, start_s, count in history:
        by_service[service][day][start_s] = count / calendar.factor(day)
    tables = {service: _Table.of(days) for service, days in sorted(by_service.items())}
    common = _common_factors(list(tables.values()))
    return Model({service: _learn(table, common) for service, table in tables.items()}, calendar)


@dataclass(frozen=True)
class _Table:
    """A service's history as arrays: `counts` is days × slots, `weights` favour recent days."""

    counts: NDArray[np.float64]
    weekdays: NDArray[np.int64]
    weights: Row
    slots: tuple[int, ...]

    @classmethod
    def of(cls, days: dict[date, dict[int, float]]) -> _Table:
        order = sorted(days)
        slots = tuple(sorted({start for counts in days.values() for start in counts}))
        counts = np.array([[days[d].get(s, 0) for s in slots] for d in order], dtype=np.float64)
        ages = np.array([(order[-1] - d).days for d in order], dtype=np.float64)
        weekdays = np.array([d.weekday() for d in order], dtype=np.int64)
        return cls(counts, weekdays, 0.5 ** (ages / HALF_LIFE_DAYS), slots)

    @property
    def totals(self) -> Row:
        totals: Row = self.counts.sum(axis=1)
        return totals

    def level(self) -> float:
        return float(np.average(self.totals, weights=self.weights))


def _common_factors(tables: list[_Table]) -> Row:
    """Each weekday's walk-ins against an average day, over all services."""
    seen, due = np.zeros(WEEK), np.zeros(WEEK)
    for table in tables:
        np.add.at(seen, table.weekdays, table.weights * table.totals)
        np.add.at(due, table.weekdays, table.weights * table.level())
    factors: Row = np.where(due > 0, seen / np.maximum(due, LEAST), 1.0)
    return factors


def _learn(table: _Table, common: Row) -> _Learned:
    level = table.level()
    days, seen = np.zeros(WEEK), np.zeros(WEEK)
    np.add.at(days, table.weekdays, table.weights)
    np.add.at(seen, table.weekdays, table.weights * table.totals)
    own = seen / np.maximum(days * level, LEAST)
    trust = days / (days + BORROWED_FACTOR)
    factors = np.where(days > 0, trust * own + (1 - trust) * common, common)
    shapes = _shapes(table, days)
    due = level * factors[table.weekdays][:, None] * shapes[table.weekdays]
    spread, noise = _variation(table, due)
    return _Learned(level, factors, shapes, table.slots, spread, noise)


def _shapes(table: _Table, days: Row) -> NDArray[np.float64]:
    """Shares of the day's walk-ins by slot for each weekday, borrowed from all days where it has few."""
    flat = np.full(len(table.slots), 1.0 / max(1, len(table.slots)))
    every = (table.weights[:, None] * table.counts).sum(axis=0)
    common = every / every.sum() if every.sum() > 0 else flat
    shapes = np.tile(common, (WEEK, 1))
    for weekday in range(WEEK):
        mine = table.weekdays == weekday
        counts = (table.weights[mine, None] * table.counts[mine]).sum(axis=0)
        if counts.sum() > 0:
            trust = days[weekday] / (days[weekday] + BORROWED_SHAPE)
            shapes[weekday] = trust * counts / counts.sum() + (1 - trust) * common
    return shapes


def _variation(table: _Table, due: NDArray[np.float64]) -> tuple[float, float]:
    """How days differ from what was due (variance of the factor), and slots once the day is known."""
    expected = due.sum(axis=1)
    # Var(total) = expected + spread · expected²: what Poisson noise does not explain is the day's.
    extra = float(((table.totals - expected) ** 2 - expected).sum())
    squares = float((expected**2).sum())
    prior = SPREAD * SPREAD_DAYS
    days = len(table.totals)
    spread = max(0.0, (extra / max(squares, LEAST) * days + prior) / (days + SPREAD_DAYS))
    known = due * (table.totals / np.maximum(expected, LEAST))[:, None]
    left = float(((table.counts - known) ** 2).sum() / max(float(known.sum()), LEAST))
    return max(spread, 1e-4), float(np.clip(left, 1.0, 20.0))


def _means(one: _Learned, weekday: int, starts_s: Sequence[int]) -> Row:
    """Expected walk-ins by slot; a slot that history never saw gets what its neighbours suggest: nothing."""
    at = dict(zip(one.slots, one.shapes[weekday] * one.level * one.factors[weekday], strict=True))
    return np.array([at.get(start, 0.0) for start in starts_s], dtype=np.float64)
