"""`make bench-plans`: the tidal policy against every tuned simple rule, on halls and days nobody tuned for.

Can be stopped at any moment; what is done is kept in .bench/plans and read again while the code that made it
stands unchanged.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scheduler.replay.figures import Daily
from tests.bench.plans.cells import JUDGING_SEED, TUNING_SEED, Cell, cells, run
from tests.bench.plans.days import KINDS, ROBUSTNESS
from tests.bench.plans.goals import goals
from tests.bench.plans.planner import said
from tests.bench.plans.plot import drawing
from tests.bench.plans.rules import FIXED_ONE, FREE, ONE_FAMILY, REFERENCE, TIDAL, Rule
from tests.bench.plans.tables import show_figures, show_goals
from tests.bench.plans.tuning import meets_tuning, trials, winners

HALLS = ("district:11", "specialists:12", "county:13")
DAYS = 30


def main() -> None:
    wanted = asked()
    console = Console(width=190) if not Console().is_terminal else Console()
    halls = [(name.split(":")[0], int(name.split(":")[1])) for name in wanted.halls]
    _run("tuning", [c for h in halls for c in trials(*h)], wanted.jobs, console)
    rules = {h: _rules(*h, with_tidal=not wanted.no_tidal) for h in halls}
    plan = {
        (h, kind, name): cells(*h, kind, rule, wanted.seed, wanted.days)
        for kind in wanted.kinds
        for h in halls
        for name, rule in rules[h].items()
    }
    found = _run("judging", [c for row in plan.values() for c in row], wanted.jobs, console)
    reached, every = {}, {}
    for h in halls:
        figures = {
            kind: {name: _days(plan[h, kind, name], found) for name in rules[h]} for kind in wanted.kinds
        }
        show_figures(f"{h[0]}:{h[1]}", figures, console)
        every[f"{h[0]}:{h[1]}"] = figures[wanted.kinds[0]]
        console.print("tuned:", ", ".join(str(rule) for rule in rules[h].values()))
        if not wanted.no_tidal:
            reached[f"{h[0]}:{h[1]}"] = goals(*h, figures)
    if reached:
        show_goals(reached, console)
        ours = [cell for (_, _, name), row in plan.items() if name == "tidal" for cell in row]
        console.print(said(_days(ours, found)))
    if wanted.plot:
        wanted.plot.write_text(drawing(wanted.kinds[0], every), encoding="utf-8")


def _rules(shape: str, hall_seed: int, with_tidal: bool) -> dict[str, Rule]:
    ours = {"tidal": TIDAL} if with_tidal else {}
    return {ONE_FAMILY: FIXED_ONE, **winners(shape, hall_seed), REFERENCE: FREE, **ours}


def _days(row: list[Cell], found: dict[Cell, list[Daily]]) -> list[Daily]:
    return [day for cell in row for day in found[cell]]


def _run(what: str, wanted: list[Cell], jobs: int, console: Console) -> dict[Cell, list[Daily]]:
    """Days of the cells, with a progress bar."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn("days"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=sum(cell.count for cell in wanted))
        return run(wanted, jobs, lambda cell: bar.advance(task, cell.count))


def asked(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The options, refused where days that rules were tuned on would be judged."""
    parser = argparse.ArgumentParser("python -m tests.bench.plans", description=__doc__)
    parser.add_argument("--halls", nargs="+", default=HALLS, metavar="SHAPE:SEED")
    every = [*KINDS, *ROBUSTNESS]
    parser.add_argument("--kinds", nargs="+", default=list(KINDS), choices=every, help=", ".join(every))
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument(
        "--seed", type=int, default=JUDGING_SEED, help="of the judged days (default: %(default)s)"
    )
    parser.add_argument("--jobs", type=int, default=-1)
    parser.add_argument("--plot", type=Path, metavar="FILE.svg", help="draw the mean waits of the first kind")
    parser.add_argument("--no-tidal", action="store_true", help="the simple rules alone")
    wanted = parser.parse_args(words)
    if wanted.seed < 0 or meets_tuning(wanted.seed, wanted.days):
        parser.error(
            f"--seed {wanted.seed} with {wanted.days} days: allowed is 0 or more, "
            f"away from the days for tuning ({TUNING_SEED} and on)"
        )
    return wanted


if __name__ == "__main__":
    main()
