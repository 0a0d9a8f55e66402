"""The bench's tables: figures per kind of day, then the goals."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from scheduler.replay.figures import Daily
from tests.bench.plans.column import column
from tests.bench.plans.goals import Found, Goal

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
    """One row per goal, one column per hall; a missed must is marked, the rule that was best is named."""
    table = Table(title="goals (PLANNING.md §5), 95 % intervals (best rule)", title_justify="left")
    table.add_column("tidal policy")
    for heading in (*reached, "must", "aim"):
        table.add_column(heading, justify="right")
    for name in dict.fromkeys(goal.name for rows in reached.values() for goal in rows):
        row = [next((g for g in rows if g.name == name), None) for rows in reached.values()]
        one = next(goal for goal in row if goal is not None)
        table.add_row(name, *map(_reached, row), *(_limit(limit) for limit in (one.must, one.aim)))
    console.print(table)


def _reached(goal: Goal | None) -> str:
    if goal is None:
        return ""
    rival = f" ({goal.rival.removesuffix(' family').removesuffix(' families')})" if goal.rival else ""
    return f"{goal.reached}{'' if goal.is_met else ' missed'}{rival}"


def _limit(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def _cells(days: list[Daily]) -> list[str]:
    return [
        f"{column(days, measure).mean() * factor:.{digits}f}"
        for measure, (_, factor, digits) in MEASURES.items()
    ]
