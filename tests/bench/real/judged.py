"""Recorded days under a rule, their figures kept on disk: what is done is not done again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from joblib import Parallel, delayed
from rich.console import Console
from rich.progress import track

from scheduler.replay.figures import Daily
from scheduler.replay.scenario import Scenario
from tests.bench.plans.column import column
from tests.bench.plans.kept import Kept
from tests.bench.plans.lived import code, lived
from tests.bench.plans.rules import Rule

SEED = 20
Settings = list[list[Daily]]  # the days under each setting of one kind of rule


def judge(
    where: str, days: Sequence[Scenario], rules: Mapping[str, Sequence[Rule]], jobs: int
) -> dict[str, Settings]:
    """Per name, the days under each of its rules."""
    return {name: _lived(days, settings, jobs, f"{where}, {name}") for name, settings in rules.items()}


def best(settings: Settings, measure: str) -> list[Daily]:
    """The days under the setting with the least of this measure on these very days."""
    return min(settings, key=lambda days: column(days, measure).mean())


def _lived(days: Sequence[Scenario], rules: Sequence[Rule], jobs: int, what: str) -> Settings:
    every = [(rule, day) for rule in rules for day in days]
    results = Parallel(n_jobs=jobs, return_as="generator")(delayed(_day)(*one) for one in every)
    rows = list(track(results, what, total=len(every), console=Console(stderr=True)))
    return [rows[i : i + len(days)] for i in range(0, len(rows), len(days))]


def _day(rule: Rule, day: Scenario) -> Daily:
    """Run it, or read what an earlier run found. The key holds the whole day: its people, its clerks."""
    kept = Kept("real")
    key = (code(rule), str(rule), SEED, repr(day))
    found: Daily | None = kept.get(key)
    if found is None:
        found = lived(day, SEED, 0, rule)
        kept.put(key, found)
    return found
