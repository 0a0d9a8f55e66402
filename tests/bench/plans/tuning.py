"""The settings under which each simple rule does best in a hall, on days kept apart from the judging ones."""

from __future__ import annotations

import numpy as np

from tests.bench.plans.cells import TUNING_SEED, Cell, cells
from tests.bench.plans.column import column
from tests.bench.plans.rules import GRID, Rule

KINDS = ("normal", "monday", "surge", "wrong mix", "absence")
DAYS = 4  # of each kind


def trials(shape: str, hall_seed: int) -> list[Cell]:
    """Every setting on every tuning day. A rule without settings has nothing to tune."""
    return [
        cell
        for rules in GRID.values()
        if len(rules) > 1
        for rule in rules
        for cell in _cells(shape, hall_seed, rule)
    ]


def winners(shape: str, hall_seed: int) -> dict[str, Rule]:
    """The best setting of each rule by mean wait over the kinds; reads what `trials` left on disk."""
    return {
        name: rules[0] if len(rules) == 1 else min(rules, key=lambda r: _mean_s(shape, hall_seed, r))
        for name, rules in GRID.items()
    }


def meets_tuning(seed: int, days: int) -> bool:
    """Whether judging this many days from this seed on would draw from a tuning day's lots.

    People are drawn from (seed, number), but who is absent and what bursts from seed + number.
    """
    return seed < TUNING_SEED + DAYS and seed + days > TUNING_SEED


def _cells(shape: str, hall_seed: int, rule: Rule) -> list[Cell]:
    return [cell for kind in KINDS for cell in cells(shape, hall_seed, kind, rule, TUNING_SEED, DAYS)]


def _mean_s(shape: str, hall_seed: int, rule: Rule) -> float:
    return float(np.mean([column(cell.days(), "mean_s").mean() for cell in _cells(shape, hall_seed, rule)]))
