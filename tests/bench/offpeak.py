"""`python -m tests.bench.offpeak`: what a share of peak arrivals moved to quieter slots brings.

Generated halls of tests/bench/plans, simple rules (no planner, so that only the moving tells), the same
people every time; differences are day by day with Student's 95 % interval. Two minutes on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import product

from joblib import Parallel, delayed

from scheduler.replay.day import simulate
from scheduler.replay.figures import Daily, Figure, figure, of_day
from scheduler.replay.layout import layout
from scheduler.replay.offpeak import spread
from scheduler.replay.policies import POLICIES
from scheduler.replay.visitors import draw
from tests.bench.plans.days import day
from tests.bench.plans.halls import hall

HALLS = (("district", 11), ("specialists", 12), ("county", 13))
KINDS = ("normal", "monday")
RULES = {"fixed-1": "one family, fixed", "longest": "two families, longest line"}
SHARES = (0.0, 0.05, 0.1, 0.2, 0.3)
SEED, DAYS = 97, 30
MINUTE_S = 60

Cell = tuple[str, int, str, str]  # shape, seed, kind of day, rule


def days_of(cell: Cell, count: int) -> list[list[Daily]]:
    """Figures of each day, by share moved."""
    shape, hall_seed, kind, rule = cell
    found = []
    for number in range(count):
        scenario = day(hall(shape, hall_seed), kind, SEED + number)
        numbered, people = layout(scenario), draw(scenario, SEED, number)
        found.append(
            [
                of_day(
                    simulate(numbered, spread(people, scenario, share, SEED, number), POLICIES[rule]())
                )
                for share in SHARES
            ]
        )  # fmt: skip
    return found


def rows(cell: Cell, found: Sequence[Sequence[Daily]]) -> Iterator[str]:
    """One table row per measure: the figure without moving, then what each share takes off it."""
    shape, hall_seed, kind, rule = cell
    for measure, name in {"mean_s": "mean", "p90_s": "P90"}.items():
        still = figure([one[0][measure] for one in found])
        apart = [figure([one[n][measure] - one[0][measure] for one in found]) for n in range(1, len(SHARES))]
        cells = [f"{still.value / MINUTE_S:.1f}", *(_told(each, still.value) for each in apart)]
        yield f"| {shape}:{hall_seed} | {kind} | {RULES[rule]} | {name} | " + " | ".join(cells) + " |"


def _told(apart: Figure, still: float) -> str:
    half = (apart.high - apart.low) / 2
    return f"{apart.value / MINUTE_S:+.1f} ±{half / MINUTE_S:.1f} ({100 * apart.value / still:+.0f} %)"


def main() -> None:
    """Print the table of docs/BENCHMARKS.md."""
    parser = argparse.ArgumentParser("python -m tests.bench.offpeak", description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--jobs", type=int, default=1)
    wanted = parser.parse_args()
    cells = [(*one, kind, rule) for one, kind, rule in product(HALLS, KINDS, RULES)]
    results = Parallel(n_jobs=wanted.jobs, return_as="generator")(
        delayed(days_of)(cell, wanted.days) for cell in cells
    )
    moved = " | ".join(f"{share:.0%} moved" for share in SHARES[1:])
    print(f"| hall | day | rule | wait, min | as it is | {moved} |")
    print("| --- " * (4 + len(SHARES)) + "|")
    for cell, found in zip(cells, results, strict=True):
        for row in rows(cell, found):
            print(row, flush=True)


if __name__ == "__main__":
    main()
