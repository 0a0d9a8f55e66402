"""Scenarios so plain that theory knows their waits: one or two services, equal windows, no breaks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scheduler.replay.day import simulate
from scheduler.replay.fixed import Fixed
from scheduler.replay.layout import layout
from scheduler.replay.outcome import Outcome
from scheduler.replay.scenario import Clerk, Demand, Rules, Scenario, Service, Visit, Window
from scheduler.replay.visitors import draw

HOUR_S = 3600
# Two-sided 99.9 % quantiles of Student's t by the number of days (any table). With 14 the normal's 3.29 would
# be 99.4 %: six false alarms in a thousand.
T999 = {14: 4.221, 40: 3.558}
NO_COSTS = Rules(setup_s=0, move_s=0, changeover_s=0, overtake_bound=10**9)


def one_line(windows: int, hours: int, *, service_s: float = 300.0, **more: object) -> Scenario:
    """`windows` clerks and windows for the one service "a", open `hours`; `more` goes to Scenario."""
    fields: dict[str, object] = {
        "hall": "theory",
        "day": "2026-11-23",
        "open_s": 0,
        "close_s": hours * HOUR_S,
        "slot_s": HOUR_S,
        "services": (Service("a", "a", service_s),),
        "windows": tuple(Window(f"w{i}", ("a",)) for i in range(windows)),
        "clerks": tuple(Clerk(f"c{i}", {"a": 1.0}, 0, hours * HOUR_S) for i in range(windows)),
        "demand": Demand(rate={}),
        "rules": NO_COSTS,
    }
    return Scenario(**{**fields, **more})  # type: ignore[arg-type]  # test data


@dataclass(frozen=True)
class Crowd:
    """Poisson arrivals with exponential (or lognormal) work and, if asked, exponential patience."""

    load: float  # arrivals per mean service time
    service_s: float = 300.0
    patience_s: float | None = None
    priority: float = 0.0
    scv: float | None = None  # of lognormal work; None: exponential

    def visits(self, hours: int, seed: int) -> tuple[Visit, ...]:
        rng = np.random.default_rng(seed)
        count = rng.poisson(self.load * hours * HOUR_S / self.service_s)
        times = np.sort(rng.uniform(0, hours * HOUR_S, count))
        work = self._work_s(rng, count)
        first = rng.random(count) < self.priority
        stays = rng.exponential(self.patience_s or 1.0, count)
        return tuple(
            Visit("a", float(t), None, bool(p), float(w), float(s) if self.patience_s else None)
            for t, p, w, s in zip(times, first, work, stays, strict=True)
        )

    def log_work(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of lognormal work."""
        assert self.scv is not None
        variance = np.log1p(self.scv)
        return float(np.log(self.service_s) - variance / 2), float(variance**0.5)

    def _work_s(self, rng: np.random.Generator, count: int) -> np.ndarray:
        if self.scv is None:
            return rng.exponential(self.service_s, count)
        return rng.lognormal(*self.log_work(), count)


def days(scenario: Scenario, crowd: Crowd | None, count: int, seed: int) -> list[Outcome]:
    """`count` independent long days under fixed windows."""
    outcomes = []
    for number in range(count):
        if crowd is not None:
            hours = (scenario.close_s - scenario.open_s) // HOUR_S
            scenario = replace(scenario, visits=crowd.visits(hours, seed * 1000 + number))
        outcomes.append(simulate(layout(scenario), draw(scenario, seed, number), Fixed()))
    return outcomes


def interval(values: list[float]) -> tuple[float, float]:
    """A 99.9 % interval of the mean (Student's): one false alarm in a thousand, were seeds not fixed."""
    array = np.asarray(values)
    half = T999[len(array)] * array.std(ddof=1) / len(array) ** 0.5
    return float(array.mean() - half), float(array.mean() + half)
