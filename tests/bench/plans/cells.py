"""One cell of the bench: some days of one kind in one hall under one rule, and its stored figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from joblib import Parallel, delayed

from scheduler.replay.figures import Daily
from tests.bench.plans.days import day
from tests.bench.plans.halls import hall
from tests.bench.plans.kept import Kept
from tests.bench.plans.lived import code, lived
from tests.bench.plans.rules import Rule

# Days for tuning and days for judging never meet (PLANNING.md §7).
TUNING_SEED, JUDGING_SEED = 41, 97
BLOCK = {"tidal": 5}  # days per cell; a planned day takes many seconds, a simple one a tenth of one


@dataclass(frozen=True)
class Cell:
    """Days `first` … `first + count - 1`. Absences and bursts differ from day to day."""

    shape: str
    hall_seed: int
    kind: str
    rule: Rule
    seed: int
    first: int
    count: int

    @property
    def key(self) -> tuple[object, ...]:
        return (
            code(self.rule),
            self.shape,
            self.hall_seed,
            self.kind,
            str(self.rule),
            self.seed,
            self.first,
            self.count,
        )

    def days(self) -> list[Daily]:
        """Run it, or read what an earlier run found."""
        kept = Kept("cells")
        found: list[Daily] | None = kept.get(self.key)
        if found is None:
            found = [self._day(number) for number in range(self.first, self.first + self.count)]
            kept.put(self.key, found)
        return found

    def _day(self, number: int) -> Daily:
        scenario = day(hall(self.shape, self.hall_seed), self.kind, self.seed + number)
        return lived(scenario, self.seed, number, self.rule)


def cells(shape: str, hall_seed: int, kind: str, rule: Rule, seed: int, days: int) -> list[Cell]:
    """A run of days cut into cells."""
    block = BLOCK.get(rule.name, days)
    return [
        Cell(shape, hall_seed, kind, rule, seed, first, min(block, days - first))
        for first in range(0, days, block)
    ]


def run(wanted: Iterable[Cell], jobs: int, on_done: Callable[[Cell], None]) -> dict[Cell, list[Daily]]:
    """All cells, those on disk at once, the others over processes."""
    found: dict[Cell, list[Daily]] = {}
    missing = []
    for cell in wanted:
        kept = Kept("cells").get(cell.key)
        if kept is None:
            missing.append(cell)
        else:
            found[cell] = kept
            on_done(cell)
    results = Parallel(n_jobs=jobs, return_as="generator_unordered")(delayed(_one)(c) for c in missing)
    for cell, days in results:
        found[cell] = days
        on_done(cell)
    return found


def _one(cell: Cell) -> tuple[Cell, list[Daily]]:
    return cell, cell.days()
