"""A study's result for people (a table) and for programs (`tidehall.replay/1`)."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose, isfinite, nan
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from scheduler.replay.figures import Figure, Summary, difference, summaries
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import Results
from scheduler.replay.whatif.worth import Nothing

FORMAT = "tidehall.replay/1"
ROUNDED = 1e-3  # more than the four digits of a what-if leave between the two halves of an interval

# measure -> (heading, factor, digits)
ROWS: dict[str, tuple[str, float, int]] = {
    "mean_s": ("mean wait, min", 1 / 60, 1),
    "p90_s": ("P90, min", 1 / 60, 1),
    "p95_s": ("P95, min", 1 / 60, 1),
    "worst_service_s": ("worst service's mean, min", 1 / 60, 1),
    "over_15_min": ("over 15 min, %", 100, 1),
    "over_30_min": ("over 30 min, %", 100, 1),
    "walk_aways": ("walk-aways", 1, 1),
    "unserved": ("never served", 1, 1),
    "flips": ("flips", 1, 1),
    "walks": ("walks", 1, 1),
    "idle_share": ("idle, %", 100, 1),
    "bare_min": ("unstaffed line, min", 1, 0),
}

# Of each service: what its visitors meet. Short headings, for all of them stand side by side.
BY_SERVICE = {
    "mean_s": "mean, min",
    "p90_s": "P90, min",
    "p95_s": "P95, min",
    "over_15_min": "> 15 min, %",
    "over_30_min": "> 30 min, %",
    "walk_aways": "walk-aways",
}

# measure of a what-if, heading, factor
TOLD = (
    ("mean_s", "mean wait, min", 1 / 60),
    ("p90_s", "P90, min", 1 / 60),
    ("late", "over the promise, %", 100),
)


def as_json(scenario: Scenario, results: Results, seed: int) -> dict[str, Any]:
    """Every figure with its interval; each policy also as the paired difference to the first one."""
    names = [s.id for s in scenario.services]
    first = next(iter(results))
    return {
        "format": FORMAT,
        "hall": scenario.hall,
        "day": scenario.day,
        "replications": len(results[first]),
        "seed": seed,
        "policies": {name: _summary(found) for name, found in summaries(results, names).items()},
        "compared_to": first,
        "differences": {
            name: _summary(difference(outcomes, results[first], names))
            for name, outcomes in results.items()
            if name != first
        },
    }


def show(scenario: Scenario, results: Results, console: Console, by_service: bool = True) -> None:
    """Tables: the hall under each policy, paired differences to the first, and each service."""
    names = [s.id for s in scenario.services]
    found = summaries(results, names)
    days = len(next(iter(results.values())))
    console.print(_table(f"{scenario.hall}, {scenario.day}: {days} days (95 %)", found))
    first = next(iter(results))
    if others := [name for name in results if name != first]:
        apart = {name: difference(results[name], results[first], names) for name in others}
        console.print(_table(f"less {first}, same people (95 %)", apart))
    if by_service:
        console.print(_services(found, names))


def show_told(told: Mapping[str, Any], console: Console) -> None:
    """A what-if's answer (scheduler.replay.whatif.told), a table a measure: the hall and each service."""
    for measure, heading, factor in TOLD:
        title = f"{heading}: {told['replications']} days (95 %)"
        table = Table(title=title, title_justify="left")
        table.add_column("")
        for side in ("as it is", "with it", "difference"):
            table.add_column(side, justify="right")
        for name, row in {"hall": told["hall"], **told["services"]}.items():
            cells = (row[side][measure] for side in ("before", "after", "difference"))
            table.add_row(name, *(_told(cell, factor) for cell in cells))
        console.print(table)


# Why a ranking names nobody.
NOTHING = {
    Nothing.NOBODY_AT_WORK: "Nobody is at work, now or later: nobody could be asked about.",
    Nothing.ALL_FIXED: "No open window is tidal: no window could be asked about.",
    Nothing.NOBODY_WAITS: "Nobody waits: there is nothing to save.",
    Nothing.ALL_KNOWN: "All have the families that wait most already: nothing could be asked about.",
    Nothing.CHANCE: "None stands out from chance.",
}


def show_ranked(told: Mapping[str, Any], console: Console) -> None:
    """A ranking of trainings or equipment: whom or which window, for which family, minutes saved a day."""
    if told["worth"]:
        title = f"worth most: {told['replications']} fresh days (95 % for all rows together)"
        table = Table(title=title, title_justify="left")
        for heading in ("who", "family"):
            table.add_column(heading)
        table.add_column("minutes saved a day", justify="right")
        for row in told["worth"]:
            table.add_row(row["who"], row["family"], _told(row, 1))
        console.print(table)
    if told["asked"]:
        console.print(f"Chosen from {told['asked']} by {told['screened_days']} other days each.")
    if told["nothing"] is not None:
        console.print(NOTHING[Nothing(told["nothing"])])


def _told(found: Mapping[str, Any] | None, factor: float) -> str:
    if found is None:
        return "-"
    low, high = (nan if found[end] is None else found[end] for end in ("low", "high"))
    return _cell(Figure(found["value"], low, high), factor, 1)


def _table(title: str, found: Mapping[str, Summary]) -> Table:
    """One row per measure, one column per policy: it fits a narrow terminal and reads downwards."""
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for policy in found:
        table.add_column(policy, justify="right")
    for measure, (heading, factor, digits) in ROWS.items():
        table.add_row(heading, *(_cell(each.total[measure], factor, digits) for each in found.values()))
    return table


def _services(found: Mapping[str, Summary], names: list[str]) -> Table:
    """A service's policies stand one below the other, which is how they are compared."""
    table = Table(title="by service (95 %)", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("service", min_width=8, overflow="fold")
    table.add_column("policy", no_wrap=True)
    for heading in BY_SERVICE.values():
        # 80 columns fold between a figure and its range, not inside a word.
        table.add_column(heading, justify="right", no_wrap=" " not in heading)
    for name in names:
        for number, (policy, each) in enumerate(found.items()):
            cells = (_cell(each.services[name][m], *ROWS[m][1:]) for m in BY_SERVICE)
            table.add_row("" if number else name, policy, *cells)
        table.add_section()
    return table


def _cell(figure: Figure, factor: float, digits: int) -> str:
    if not isfinite(figure.value):
        return "-"
    value = f"{figure.value * factor:.{digits}f}"
    if not isfinite(figure.low):
        return value
    below, above = figure.value - figure.low, figure.high - figure.value
    is_cut = not isclose(below, above, abs_tol=ROUNDED)
    if is_cut:  # half its length would hide the long end
        return f"{value} ({figure.low * factor:.{digits}f}–{figure.high * factor:.{digits}f})"
    return f"{value} ±{above * factor:.{digits}f}"


def _summary(each: Summary) -> dict[str, Any]:
    return {
        "total": _figures(each.total),
        "services": {name: _figures(figures) for name, figures in each.services.items()},
    }


def _figures(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {
        measure: {"value": _number(f.value), "low": _number(f.low), "high": _number(f.high)}
        for measure, f in figures.items()
    }


def _number(value: float) -> float | None:
    """JSON knows neither NaN nor infinity; null stands for "nobody came" and "one day only"."""
    return round(value, 4) if isfinite(value) else None
