"""How long a forecast takes: a year of a large hall fitted, a morning followed, all quantiles told."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from scheduler.forecast import Count, fit
from tests.bench.row import Row, ms

SERVICES, SLOTS, SLOT_S, OPEN_S = 30, 36, 900, 9 * 3600
FIRST, TODAY = date(2025, 1, 1), date(2026, 1, 1)  # 261 weekdays between them
WARM_UP, FITS, UPDATES = 1, 3, 40
MORNING = 12  # slots seen when the day is updated
STARTS = range(OPEN_S, OPEN_S + SLOTS * SLOT_S, SLOT_S)


def a_year(_folder: Path) -> Iterable[Row]:
    """The forecast's task: 30 services and a year fitted in under 30 s, an update in under 50 ms."""
    rows = list(counted())
    fitted = _taken(FITS, lambda: fit(rows))
    told = fit(rows).day(TODAY, STARTS)
    morning = {f"s{n:02}": [2.0] * MORNING for n in range(SERVICES)}
    updated = _taken(UPDATES, lambda: told.update(morning, STARTS[MORNING]))
    quantiles = _taken(UPDATES, lambda: [told.quantiles(service) for service in morning])
    what = f"{SERVICES} services, a year ({len(rows):,} rows)"
    yield Row(f"forecast fitted, {what}", _said(fitted), "30 s")
    yield Row("forecast updated in the morning", _said(updated), "50 ms")
    yield Row("quantiles of all services and slots", _said(quantiles))


def counted() -> Iterator[Count]:
    """A year of weekdays: services of their own size, a tide, days of their own level."""
    draw = np.random.default_rng(5)
    size = draw.gamma(2.0, 1.2, SERVICES)
    tide = 1 + 0.5 * np.sin(np.linspace(0, 2 * np.pi, SLOTS))
    day = FIRST
    while day < TODAY:
        if day.weekday() < 5:
            people = draw.poisson(draw.gamma(100, 0.01) * np.outer(size, tide))
            for service, slot in np.ndindex(SERVICES, SLOTS):
                yield f"s{service:02}", day, STARTS[slot], float(people[service, slot])
        day += timedelta(days=1)


def _taken(times: int, work: Callable[[], object]) -> list[float]:
    """Seconds each time, after a first one that is not counted: parts are loaded by it."""
    found = []
    for _ in range(WARM_UP + times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return found[WARM_UP:]


def _said(taken: list[float]) -> str:
    return f"p50 {ms(statistics.median(taken))}, longest of {len(taken)} {ms(max(taken))}"
