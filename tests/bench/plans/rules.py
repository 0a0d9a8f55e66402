"""Policies as plain values, so that a result can be stored under the very settings that gave it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

from scheduler.replay.bounds import Free
from scheduler.replay.fixed import Fixed
from scheduler.replay.longest import Longest
from scheduler.replay.policy import Policy
from scheduler.replay.threshold import Threshold
from tests.bench.plans.planner import Patient

MAKERS: dict[str, Callable[..., Policy]] = {
    "fixed": Fixed,
    "threshold": Threshold,
    "longest": Longest,
    "free": Free,
    "tidal": Patient,
}


@dataclass(frozen=True)
class Rule:
    """A policy's name and settings, in the order in which its class takes them."""

    name: str
    settings: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return self.name + "".join(f"-{s:g}" for s in self.settings)

    def make(self) -> Policy:
        return MAKERS[self.name](*self.settings)


FIXED_ONE, FREE, TIDAL = Rule("fixed", (1,)), Rule("free"), Rule("tidal")

# Free switching is a reference and no bound: whoever is able serves whoever came first, so rules that take
# the longest line first, or plan breaks, may wait less (scheduler/replay/bounds.py).
ONE_FAMILY, REFERENCE = "fixed, one family", "free (reference)"

# What is tuned, by the name under which the winner stands in the table.
GRID: dict[str, list[Rule]] = {
    "threshold, one family": [
        Rule("threshold", (1, trigger, quiet, look_s))
        for trigger, quiet, look_s in product((2, 3, 4, 6, 8), (0.5, 1, 2), (60, 300))
    ],
    "fixed, two families": [Rule("fixed", (2,))],
    "threshold, two families": [
        Rule("threshold", (2, trigger, quiet, look_s))
        for trigger, quiet, look_s in product((2, 3, 4, 6, 8), (0.5, 1, 2), (60, 300))
    ],
    "longest line, two families": [Rule("longest", (2, at_least)) for at_least in (1, 2, 3, 4, 6)],
}
TWO_FAMILIES = [name for name in GRID if "two" in name]
SIMPLE = [ONE_FAMILY, *GRID]  # whoever may be a rival
