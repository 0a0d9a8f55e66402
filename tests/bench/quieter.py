"""`python -m tests.bench.quieter`: do the ranges told for later today hold the waits that come?

The shipped planner lives a day in generated halls; of one plan an hour, each later half hour's range (as
hall.core.quieter tells it) is held against the waits of those who then walked in. Minutes on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from joblib import Parallel, delayed

from hall.core.quieter import HALF_HOUR_S, Later, half_hours
from scheduler.plan import Plan
from scheduler.replay.day import simulate
from scheduler.replay.layout import layout
from scheduler.replay.policies import planned
from scheduler.replay.scenario import Scenario
from scheduler.replay.tidal import Tidal
from scheduler.replay.visitors import draw
from scheduler.snapshot import Snapshot
from tests.bench.plans.days import day
from tests.bench.plans.halls import hall

# Few days of the large halls: a planned day takes minutes there.
DAYS = {("district", 11): 1, ("specialists", 12): 1, ("county", 13): 4, ("town", 13): 6}
KINDS = ("normal", "monday")
LEADS = {"within the hour": (0, 3600), "1-3 h ahead": (3600, 10800), "later": (10800, 86400)}
SEED, HOUR_S, MINUTE_S = 311, 3600, 60


@dataclass(frozen=True)
class Told:
    """One half hour of one service: how far ahead it was told, what was expected, what came."""

    lead_s: int
    later: Later
    wait_s: np.ndarray


def of_day(shape: str, hall_seed: int, kind: str, number: int) -> list[Told]:
    """Everything told on one simulated day in which somebody then came."""
    scenario = day(hall(shape, hall_seed), kind, SEED + number)
    plans: list[Plan] = []

    def plan(seen: Snapshot) -> Plan:
        plans.append(planned(seen))
        return plans[-1]

    people = draw(scenario, SEED, number)
    found = simulate(layout(scenario), people, Tidal(plan))
    since, service = np.asarray(people.since_s), np.asarray(people.service)
    walk_in = np.asarray([booked is None for booked in people.booked_s])
    return [
        Told(lead_s, later, found.wait_s[those])
        for lead_s, index, later in _hourly(scenario, plans)
        if (
            those := walk_in & (service == index) & (since >= later.from_s)
            & (since < later.from_s + HALF_HOUR_S)
        ).any()
    ]  # fmt: skip


def _hourly(scenario: Scenario, plans: list[Plan]) -> Iterator[tuple[int, int, Later]]:
    due_s = scenario.open_s
    for plan in plans:
        if plan.now_s >= due_s:
            due_s = plan.now_s + HOUR_S
            for index, service in enumerate(scenario.services):
                each = plan.expected[service.id]
                for later in half_hours(each.from_s, each.slot_s, each.wait_s, lambda _: True):
                    yield later.from_s - plan.now_s, index, later


def row(name: str, told: list[Told]) -> str:
    """Shares of visitors inside the range told and above it."""
    inside, above, people, width_s = 0, 0, 0, 0.0
    for one in told:
        low_s, high_s = one.later.wait.low_s, one.later.wait.high_s
        inside += int(((one.wait_s >= low_s) & (one.wait_s <= high_s)).sum())
        above += int((one.wait_s > high_s).sum())
        people += len(one.wait_s)
        width_s += (high_s - low_s) * len(one.wait_s)
    waits = np.concatenate([one.wait_s for one in told])
    return (
        f"| {name} | {people} | {waits.mean() / MINUTE_S:.1f} | {inside / people:.0%} | {above / people:.0%} "
        f"| {width_s / people / MINUTE_S:.0f} |"
    )


def main() -> None:
    """Print the table of docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser("python -m tests.bench.quieter", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--halls", nargs="+", default=[shape for shape, _ in DAYS])
    wanted = parser.parse_args()
    days = [
        (*one, kind, number)
        for (one, count), kind in product(DAYS.items(), KINDS) for number in range(count)
        if one[0] in wanted.halls
    ]  # fmt: skip
    results = Parallel(n_jobs=wanted.jobs)(delayed(of_day)(*each) for each in days)
    print("| told of | visits told of | mean wait, min | inside | above | mean width, min |")
    print("| --- " * 6 + "|")
    for shape, hall_seed in DAYS:
        mine = [t for each, told in zip(days, results, strict=True) if each[0] == shape for t in told]
        if mine:
            print(row(f"{shape}:{hall_seed}", mine))
    told = [each for one in results for each in one]
    for name, (from_s, to_s) in LEADS.items():
        print(row(name, [each for each in told if from_s <= each.lead_s < to_s]))


if __name__ == "__main__":
    main()
