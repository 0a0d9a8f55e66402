"""Nine kinds of day, each a change to a hall's ordinary one. What the planner is told is part of it.

And, asked for by name, what shows how far the planner leans on its own picture of people (ROBUSTNESS).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from scheduler.replay.scenario import Scenario

Series = Mapping[str, tuple[float, ...]]

MONDAY, SURGE, WRONG, SLOWER = 1.2, 1.22, 0.3, 1.2
MIX_SD = 0.5  # of the logarithm: each family's forecast is off by e^±0.5
ABSENT_SHARE = 0.1
BURST_S, BURST_FACTOR = 45 * 60, 4.0
LESS_PATIENCE, MORE_NOISE = 0.5, 2.0


def normal(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """The forecast is right."""
    return hall


def monday(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """18 % more, two thirds of it in the first two hours; the forecast knows."""
    rate = {s: _peaked(hall, r) for s, r in hall.demand.rate.items()}
    return _with(hall, rate, rate)


def surge(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """More people of every kind than anybody expected."""
    return _with(hall, _times(hall.demand.rate, SURGE), hall.demand.rate)


def forecast_low(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """The ordinary day, but the planner expects too few."""
    return _with(hall, hall.demand.rate, _times(hall.demand.rate, 1 - WRONG))


def forecast_high(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """The ordinary day, but the planner expects too many."""
    return _with(hall, hall.demand.rate, _times(hall.demand.rate, 1 + WRONG))


def wrong_mix(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """The ordinary day, but each family's forecast is wrong in its own way."""
    factor = {
        f: float(np.exp(MIX_SD * rng.choice((-1, 1)))) for f in sorted({s.family for s in hall.services})
    }
    told = {s.id: _scaled(hall.demand.rate[s.id], factor[s.family]) for s in hall.services}
    return _with(hall, hall.demand.rate, told)


def absence(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """A tenth of the clerks does not come, and nobody knew."""
    count = max(1, round(ABSENT_SHARE * len(hall.clerks)))
    away = set(rng.choice(len(hall.clerks), count, replace=False).tolist())
    clerks = tuple(
        replace(c, absent=((c.start_s, c.end_s),)) if i in away else c for i, c in enumerate(hall.clerks)
    )
    return replace(hall, clerks=clerks)


def drift(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """Everything takes a fifth longer than planned."""
    return replace(hall, demand=replace(hall.demand, work_factor={s.id: SLOWER for s in hall.services}))


def burst(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """Three quarters of an hour of four times as many in one family, out of the blue."""
    families = sorted({s.family for s in hall.services})
    family = families[int(rng.integers(len(families)))]
    first = int(rng.integers(4, hall.slots - 8))
    during = range(first, first + BURST_S // hall.slot_s)
    rate = dict(hall.demand.rate)
    for service in hall.services:
        if service.family == family:
            mean = sum(rate[service.id]) / hall.slots
            rate[service.id] = tuple(
                max(x, mean) * BURST_FACTOR if i in during else x for i, x in enumerate(rate[service.id])
            )
    return _with(hall, rate, hall.demand.rate)


def patience(hall: Scenario, rng: np.random.Generator) -> Scenario:
    """Half the patience and twice the noise of each slot: not the people that line-ups are rehearsed with.

    The planner's rehearsals draw their patience from the very figures that the ordinary day is made with
    (scheduler/model/lineup/people.py), which no real hall promises.
    """
    usual = hall.demand.patience
    assert usual is not None
    shorter = replace(usual, median_s=usual.median_s * LESS_PATIENCE)
    demand = replace(hall.demand, patience=shorter, slot_cv=hall.demand.slot_cv * MORE_NOISE)
    return replace(hall, demand=demand)


Kind = Callable[[Scenario, np.random.Generator], Scenario]

KINDS: dict[str, Kind] = {
    "normal": normal,
    "monday": monday,
    "surge": surge,
    "forecast -30 %": forecast_low,
    "forecast +30 %": forecast_high,
    "wrong mix": wrong_mix,
    "absence": absence,
    "drift": drift,
    "burst": burst,
}
ROBUSTNESS: dict[str, Kind] = {"patience": patience}  # not among the nine; no goal


def day(hall: Scenario, kind: str, seed: int) -> Scenario:
    """A hall's day of this kind; what is drawn (who is absent, which family bursts) depends on the seed."""
    return (KINDS | ROBUSTNESS)[kind](hall, np.random.default_rng([seed, *kind.encode()]))


def _with(hall: Scenario, rate: Series, told: Series) -> Scenario:
    return replace(hall, demand=replace(hall.demand, rate=rate, forecast=told))


def _times(series: Series, factor: float) -> Series:
    return {service: _scaled(counts, factor) for service, counts in series.items()}


def _scaled(counts: tuple[float, ...], factor: float) -> tuple[float, ...]:
    return tuple(round(x * factor, 4) for x in counts)


def _peaked(hall: Scenario, counts: tuple[float, ...]) -> tuple[float, ...]:
    early = 2 * 3600 // hall.slot_s
    extra = (MONDAY - 1) * sum(counts)
    first = sum(counts[:early])
    return tuple(
        round(x + (0.6 * extra * x / first if i < early and first else 0.4 * extra / hall.slots), 4)
        for i, x in enumerate(counts)
    )
