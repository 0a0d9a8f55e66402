"""How long a what-if takes: 200 replays of a day with 1,000 tickets on all cores, processes started anew."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from scheduler.replay.day import simulate
from scheduler.replay.layout import layout
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import study
from scheduler.replay.visitors import draw
from scheduler.replay.whatif.told import policy
from tests.bench.plans.halls import hall
from tests.bench.row import Row

REPLAYS, TICKETS, SEED = 200, 1000, 7


def replays(_folder: Path) -> Iterable[Row]:
    """DESIGN §7: the dashboard's own rule on a hall of 60 windows, 30 services and 40 clerks."""
    day = _of_size(hall("district", 901))
    chosen = policy(day)
    begun = time.perf_counter()
    found = study(day, {chosen.name: chosen}, REPLAYS, SEED, jobs=-1)[chosen.name]
    took = time.perf_counter() - begun
    people = sum(len(outcome.service) for outcome in found) / REPLAYS
    yield Row(
        f"what-if: {REPLAYS} replays of a day of {people:,.0f} tickets",
        f"{took:.1f} s",
        "10 s",
        "2 s",
        f"one replay on one core {_one(day):.0f} ms",
    )


def _of_size(day: Scenario) -> Scenario:
    demand = day.demand
    expected = sum(map(sum, (*demand.rate.values(), *demand.booked.values())))

    def sized(counts: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
        return {s: tuple(n * TICKETS / expected for n in row) for s, row in counts.items()}

    return replace(
        day, demand=replace(demand, rate=sized(dict(demand.rate)), booked=sized(dict(demand.booked)))
    )


def _one(day: Scenario) -> float:
    """Milliseconds, once everything is warm."""
    numbered, chosen = layout(day), policy(day)
    took = []
    for number in range(5):
        people = draw(day, SEED, number)
        begun = time.perf_counter()
        simulate(numbered, people, chosen)
        took.append(time.perf_counter() - begun)
    return min(took) * 1000
