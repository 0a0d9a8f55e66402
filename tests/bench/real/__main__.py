"""`python -m tests.bench.real`: the tidal policy on days nobody generated, against simple rules.

Warsaw's offices, a bank's call log, an airport's passport hall (offices.py, calls.py, airport.py say what of
each is real). The planner is told the forecast made from the days before. The rules have the advantage of
hindsight: for each measure the rule and the setting that were best at it on the very days that are judged.
Can be stopped at any moment; what is done is kept in .bench/plans.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rich.console import Console
from rich.table import Table

from scheduler.replay.scenario import Scenario
from tests.bench.forecast import sets
from tests.bench.jackknife import ratio
from tests.bench.plans.column import column
from tests.bench.plans.planner import said
from tests.bench.plans.rules import FIXED_ONE, FREE, GRID, TIDAL, Rule
from tests.bench.real.airport import airport, check
from tests.bench.real.calls import calls
from tests.bench.real.judged import Settings, best, judge
from tests.bench.real.offices import offices

PARTS = ("offices", "calls", "airport")
MEASURES = {"mean_s": "mean", "p90_s": "P90", "p95_s": "P95"}
DAYS = {"offices": 6, "calls": 99, "airport": 6}
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
REFERENCE = {"one line for all": [FREE]}
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
        rules, beside = (SIGN_RULES, REFERENCE) if part == "airport" else (GRID, {})
        table = _table(part, [*rules, *OURS, *beside])
        ours = []
        for where, days in _places(part, wanted.days or DAYS[part]):
            found = judge(where, days, {**rules, **OURS, **beside}, wanted.jobs)
            table.add_row(*row(where, found, list(rules)))
            ours += found["tidal"][0]
        console.print(table)
        console.print(said(ours))
        if part == "airport":
            console.print(check())
    return 0


def _places(part: str, days: int) -> Iterator[Where]:
    if part == "offices":
        yield from offices(days)
    elif part == "calls":
        yield "bank log", calls(days)
    else:
        yield "airport, its booths", airport(days)
        yield "airport, one booth fewer", airport(days, fewer=1)


def _table(part: str, names: Sequence[str]) -> Table:
    measures = " / ".join(MEASURES.values())
    table = Table(title=f"Real days, {part}: {measures} in minutes; ratio: tidal to the best rule at each")
    for name in ("where", "days", *names, *(f"{name}, ratio" for name in MEASURES.values())):
        table.add_column(name)
    return table


def row(where: str, found: Mapping[str, Settings], rules: Sequence[str]) -> list[str]:
    """One place: every figure of a rule under the setting that was best at it; then ours to the best rule."""
    (ours,) = found["tidal"]
    against = []
    for measure in MEASURES:
        rival = best([days for name in rules for days in found[name]], measure)
        against.append(str(ratio(column(ours, measure), column(rival, measure))))
    return [where, str(len(ours)), *map(_minutes, found.values()), *against]


def _minutes(settings: Settings) -> str:
    return " / ".join(f"{column(best(settings, m), m).mean() / 60:.1f}" for m in MEASURES)


if __name__ == "__main__":
    sys.exit(main())
