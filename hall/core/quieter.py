"""Quieter times 错峰: the waits to be expected later, by half hours and as ranges, and which later time is
worth coming for. What the means are taken from (a plan, a forecast) is the caller's part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hall.core.wait import WaitRange

HALF_HOUR_S = 1800
GRID_S = 300  # people plan in five minutes; finer figures would promise more than is known hours ahead
LESS = 0.6  # a later wait is worth coming for when it is at most this part of the wait now ...
LESS_S = 300  # ... and at least this much shorter: nobody comes back for two minutes
AS_GOOD_S = 120  # half hours within this of the quietest are as good as it; the soonest of them is named
# Waits of those who came in one half hour lie in this span about the mean expected for it.
LOW, HIGH, CHANCE_S = 0.5, 1.5, 240


@dataclass(frozen=True, slots=True)
class Later:
    """A half hour of the clock, seconds since midnight, and the mean wait of whoever comes in it."""

    from_s: int
    mean_s: float

    @property
    def wait(self) -> WaitRange:
        """The range to tell: rounded outwards to GRID_S."""
        low_s = max(0.0, LOW * self.mean_s - CHANCE_S / 2)
        high_s = HIGH * self.mean_s + CHANCE_S
        return WaitRange(int(low_s // GRID_S) * GRID_S, -int(-high_s // GRID_S) * GRID_S)


def half_hours(
    from_s: int, block_s: int, wait_s: Sequence[float], is_open: Callable[[int], bool]
) -> list[Later]:
    """Half hours after `from_s` that the blocks cover whole and in which tickets are given.

    `wait_s`: mean waits of blocks of `block_s`, the first beginning at `from_s`.
    """
    first, last = -(-from_s // HALF_HOUR_S), (from_s + block_s * len(wait_s)) // HALF_HOUR_S
    starts = (number * HALF_HOUR_S for number in range(first, last))
    return [Later(s, mean_between(from_s, block_s, wait_s, s, s + HALF_HOUR_S)) for s in starts if is_open(s)]


def quieter(now_s: float, later: Sequence[Later]) -> Later | None:
    """The soonest of the quietest half hours, if coming then saves enough; `now_s` is the wait now."""
    worth = [one for one in later if one.mean_s <= LESS * now_s and one.mean_s <= now_s - LESS_S]
    best_s = min((one.mean_s for one in worth), default=0.0)
    return next((one for one in worth if one.mean_s <= best_s + AS_GOOD_S), None)


def together(lines: Sequence[tuple[float, Sequence[Later]]]) -> list[Later]:
    """Several services as one: each half hour's mean over those open then, by the weight of each."""
    sums: dict[int, tuple[float, float]] = {}
    for weight, later in lines:
        for one in later:
            waits, weights = sums.get(one.from_s, (0.0, 0.0))
            sums[one.from_s] = waits + weight * one.mean_s, weights + weight
    return [Later(start, waits / weights) for start, (waits, weights) in sorted(sums.items()) if weights]


def mean_between(from_s: int, block_s: int, wait_s: Sequence[float], start_s: int, end_s: int) -> float:
    """Mean of the blocks' waits over a span that need not begin with one; 0 outside all of them."""
    total, covered_s = 0.0, 0
    for number, wait in enumerate(wait_s):
        begin_s = from_s + number * block_s
        shared_s = max(0, min(begin_s + block_s, end_s) - max(begin_s, start_s))
        total, covered_s = total + wait * shared_s, covered_s + shared_s
    return total / covered_s if covered_s else 0.0
