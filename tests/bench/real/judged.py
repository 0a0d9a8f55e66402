"""Recorded days under a rule, their figures kept on disk: what is done is not done again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joblib import Parallel, delayed
from rich.console import Console
from rich.progress import track

from scheduler.replay.day import simulate
from scheduler.replay.figures import Daily, of_day
from scheduler.replay.layout import layout
from scheduler.replay.scenario import Scenario
from scheduler.replay.visitors import draw
from tests.bench.plans.kept import PLANNER, SIMULATOR, Kept, fingerprint
from tests.bench.plans.ratios import column
from tests.bench.plans.rules import Rule

SEED = 20


def judge(
    where: str, days: Sequence[Scenario], rules: Mapping[str, Sequence[Rule]], jobs: int
) -> dict[str, list[Daily]]:
    """Per name, the days under that one of its rules that had the least mean wait on these very days."""
    return {name: _best(days, settings, jobs, f"{where}, {name}") for name, settings in rules.items()}


def _best(days: Sequence[Scenario], rules: Sequence[Rule], jobs: int, what: str) -> list[Daily]:
    every = [(rule, day) for rule in rules for day in days]
    results = Parallel(n_jobs=jobs, return_as="generator")(delayed(_day)(*one) for one in every)
    rows = list(track(results, what, total=len(every), console=Console(stderr=True)))
    blocks = [rows[i : i + len(days)] for i in range(0, len(rows), len(days))]
    return min(blocks, key=lambda block: column(block, "mean_s").mean())


def _day(rule: Rule, day: Scenario) -> Daily:
    """Run it, or read what an earlier run found. The key holds the whole day: its people, its clerks."""
    code = fingerprint(SIMULATOR)
    if rule.name == "tidal":
        code += fingerprint(PLANNER)
    kept = Kept("real")
    key = (code, str(rule), SEED, repr(day))
    found: Daily | None = kept.get(key)
    if found is None:
        found = of_day(simulate(layout(day), draw(day, SEED, 0), rule.make()))
        kept.put(key, found)
    return found
