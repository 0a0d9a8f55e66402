"""The bench's tables: figures per kind of day, then the goals."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from scheduler.replay.figures import Daily
from tests.bench.plans.goals import Found, Goal
from tests.bench.plans.ratios import column

MEASURES = {
    "mean_s": ("mean", 1 / 60, 1),
    "p90_s": ("P90", 1 / 60, 1),
    "p95_s": ("P95", 1 / 60, 1),
    "over_15_min": (">15 %", 100, 0),
    "over_30_min": (">30 %", 100, 1),
    "worst_service_s": ("worst", 1 / 60, 1),
    "walk_aways": ("left", 1, 0),
    "flips": ("flips", 1, 0),
    "idle_share": ("idle %", 100, 0),
    "bare_min": ("bare", 1, 0),
}


def show_figures(hall: str, found: Found, console: Console) -> None:
    """Waits in minutes, means over days; `bare`: minutes in which a waiting line had nobody."""
    table = Table(title=f"{hall}: minutes", title_justify="left")
    table.add_column("day")
    table.add_column("policy")
    for heading, _, _ in MEASURES.values():
        table.add_column(heading, justify="right")
    for kind, rules in found.items():
        for number, (name, days) in enumerate(rules.items()):
            table.add_row(
                kind if number == 0 else "", name, *_cells(days), end_section=number == len(rules) - 1
            )
    console.print(table)


def show_goals(reached: Mapping[str, list[Goal]], console: Console) -> None:
    """One row per goal, one column per hall; a missed must is marked."""
    table = Table(title="goals (PLANNING.md §5), 95 % intervals", title_justify="left")
    table.add_column("goal")
    for heading in (*reached, "must", "aim"):
        table.add_column(heading, justify="right")
    names = dict.fromkeys(_plain(goal.name) for rows in reached.values() for goal in rows)
    for name in names:
        cells, limits = [], ("", "")
        for rows in reached.values():
            goal = next((g for g in rows if _plain(g.name) == name), None)
            cells.append("" if goal is None else f"{goal.reached}{'' if goal.is_met else ' missed'}")
            limits = limits if goal is None else (f"{goal.must:g}", f"{goal.aim:g}")
        table.add_row(name, *cells, *limits)
    console.print(table)


def _plain(name: str) -> str:
    """A goal's name without the rule it was compared to, which differs between halls."""
    return name.split(" (")[0]


def _cells(days: list[Daily]) -> list[str]:
    return [
        f"{column(days, measure).mean() * factor:.{digits}f}"
        for measure, (_, factor, digits) in MEASURES.items()
    ]
