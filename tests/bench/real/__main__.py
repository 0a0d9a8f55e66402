"""`python -m tests.bench.real`: the tidal policy on days nobody generated, against simple rules.

Warsaw's offices, a bank's call log, an airport's passport hall (offices.py, calls.py, airport.py say what of
each is real). The planner is told the forecast made from the days before. The rules have the advantage of
hindsight: of each kind the setting that was best on the very days that are judged. Can be stopped at any
moment; what is done is kept in .bench/plans.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import product

from rich.console import Console
from rich.table import Table

from scheduler.replay.figures import Daily
from scheduler.replay.scenario import Scenario
from tests.bench.forecast import sets
from tests.bench.plans.ratios import column, ratio
from tests.bench.plans.rules import FIXED_ONE, FREE, GRID, TIDAL, Rule
from tests.bench.real.airport import airport, check
from tests.bench.real.calls import calls
from tests.bench.real.judged import judge
from tests.bench.real.offices import offices

PARTS = ("offices", "calls", "airport")
MEASURES = ("mean_s", "p90_s")
OURS = {"tidal": [TIDAL]}
# One sign per booth: rules with two families would be one line for all there.
SIGN_RULES = {
    "fixed": [FIXED_ONE],
    "threshold": [
        Rule("threshold", (1, trigger, quiet, look_s))
        for trigger, quiet, look_s in product((2, 4, 8), (0.5, 1, 2), (60, 300))
    ],
    "longest line": [Rule("longest", (1, at_least)) for at_least in (1, 2, 4)],
}
BOUND = {"one line for all": [FREE]}
Where = tuple[str, list[Scenario]]


def main() -> int:
    """Run what is asked for, one table per part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.real", description=__doc__)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--days", type=int, help="days per place (default: 6, all of the call log)")
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    if not sets.folder().is_dir():
        sys.stderr.write("TIDEHALL_DATA names no folder with the real arrivals\n")
        return 2
    console = Console(width=200)
    for part in [wanted.only] if wanted.only else PARTS:
        rules, bound = (SIGN_RULES, BOUND) if part == "airport" else (GRID, {})
        table = _table(part, [*rules, *OURS, *bound])
        for where, days in _places(part, wanted.days):
            found = judge(where, days, {**rules, **OURS, **bound}, wanted.jobs)
            table.add_row(*_row(where, found, list(rules)))
        console.print(table)
        if part == "airport":
            console.print(check())
    return 0


def _places(part: str, days: int | None) -> Iterator[Where]:
    if part == "offices":
        yield from offices(days or 6)
    elif part == "calls":
        yield "bank log", calls(days or 99)
    else:
        yield "airport, its booths", airport(days or 6)
        yield "airport, one booth fewer", airport(days or 6, fewer=1)


def _table(part: str, names: Sequence[str]) -> Table:
    table = Table(
        title=f"Real days, {part}: mean / P90 wait in minutes, and the tidal policy to the best rule"
    )
    for name in ("where", "days", *names, "mean, ratio", "P90, ratio"):
        table.add_column(name)
    return table


def _row(where: str, found: dict[str, list[Daily]], rules: Sequence[str]) -> list[str]:
    best = min((found[name] for name in rules), key=lambda rows: column(rows, "mean_s").mean())
    ours = found["tidal"]
    against = [str(ratio(column(ours, measure), column(best, measure))) for measure in MEASURES]
    return [where, str(len(ours)), *map(_minutes, found.values()), *against]


def _minutes(days: Sequence[Daily]) -> str:
    return " / ".join(f"{column(days, measure).mean() / 60:.1f}" for measure in MEASURES)


if __name__ == "__main__":
    sys.exit(main())
