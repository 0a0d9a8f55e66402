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

# Minutes: the mean that a plan expects of a half hour, and of those who then came the wait that one in ten
# stayed below, half of them, and nine in ten. Simulated days with the shipped planner, one plan an hour
# (docs/BENCHMARKS.md, python -m tests.bench.quieter): plans to come help the longest lines and take from the
# quietest, so waits end up nearer to each other than any one plan expects. Above 75 minutes visitors of
# those days walked away; a hall that is worse off is told no less than its own plan says.
CURVE = (
    (0.0, 0, 0, 10), (1.0, 0, 4, 20), (2.0, 0, 6, 25), (5.0, 0, 12, 29), (12.0, 2, 18, 34), (20.0, 5, 23, 40),
    (30.0, 8, 27, 44), (50.0, 16, 35, 52), (75.0, 22, 50, 75),
    (240.0, 22, 130, 240),
)  # fmt: skip
MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Later:
    """A half hour of the clock, seconds since midnight, and the mean wait that a plan expects in it."""

    from_s: int
    mean_s: float

    @property
    def wait(self) -> WaitRange:
        """The range to tell: eight in ten visitors, rounded outwards to GRID_S."""
        low_s, _, high_s = _seen_s(self.mean_s)
        return WaitRange(int(low_s // GRID_S) * GRID_S, -int(-high_s // GRID_S) * GRID_S)

    @property
    def typical_s(self) -> float:
        """Half of the visitors wait less."""
        return _seen_s(self.mean_s)[1]


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
    most_s = min(LESS * now_s, now_s - LESS_S)
    worth = [one for one in later if one.typical_s <= most_s]
    best_s = min((one.typical_s for one in worth), default=0.0)
    return next((one for one in worth if one.typical_s <= best_s + AS_GOOD_S), None)


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
    first, last = max(0, (start_s - from_s) // block_s), max(0, -(-(end_s - from_s) // block_s))
    for number, wait in enumerate(wait_s[first:last], first):
        begin_s = from_s + number * block_s
        shared_s = max(0, min(begin_s + block_s, end_s) - max(begin_s, start_s))
        total, covered_s = total + wait * shared_s, covered_s + shared_s
    return total / covered_s if covered_s else 0.0


def _seen_s(mean_s: float) -> tuple[float, float, float]:
    """Low, typical and high wait for an expected mean, along CURVE; beyond its end as at its end."""
    mean = min(mean_s / MINUTE_S, CURVE[-1][0])
    at = next(n for n in range(1, len(CURVE)) if mean <= CURVE[n][0])
    (before, *lows), (after, *highs) = CURVE[at - 1], CURVE[at]
    share = (mean - before) / (after - before)
    low, typical, high = (MINUTE_S * (a + share * (b - a)) for a, b in zip(lows, highs, strict=True))
    return low, typical, high
