"""Quieter times 错峰: the waits to be expected later, by half hours and as ranges, and which later time is
worth coming for. What the means are taken from (a plan, a forecast) is the caller's part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
SHARES = (0.1, 0.5, 0.9)  # of those who came, for the three waits of a row
MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Later:
    """A half hour of the clock, seconds since midnight, and the mean wait that a plan expects in it.

    `lines`: of several services together, each one's weight and its own mean; empty for one alone.
    """

    from_s: int
    mean_s: float
    lines: tuple[tuple[float, float], ...] = ()

    @property
    def wait(self) -> WaitRange:
        """The range to tell: eight in ten visitors, rounded outwards to GRID_S."""
        low_s, high_s = self.below_s(0.1), self.below_s(0.9)
        return WaitRange(int(low_s // GRID_S) * GRID_S, -int(-high_s // GRID_S) * GRID_S)

    @property
    def typical_s(self) -> float:
        """Half of the visitors wait less."""
        return self.below_s(0.5)

    def below_s(self, share: float) -> float:
        """The wait below which this share of the visitors stays, 0.1 to 0.9.

        Of services together it is that of all their visitors, not of one who waits their mean: where two
        lines stand for hours and ten move, most people hardly wait.
        """
        if not self.lines:
            return _seen_s(self.mean_s)[SHARES.index(share)]
        whole = sum(weight for weight, _ in self.lines)
        seen = [(weight / whole, _seen_s(mean_s)) for weight, mean_s in self.lines]
        low_s, high_s = 0.0, max(waits[-1] for _, waits in seen)
        while high_s - low_s > 0.1:
            middle_s = (low_s + high_s) / 2
            is_enough = sum(part * _share_below(waits, middle_s) for part, waits in seen) >= share
            low_s, high_s = (low_s, middle_s) if is_enough else (middle_s, high_s)
        return float(round(high_s))


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
    """Several services as one: each half hour's visitors of those open then, by the weight of each."""
    found: dict[int, list[tuple[float, float]]] = {}
    for weight, later in lines:
        for one in later if weight > 0 else ():
            found.setdefault(one.from_s, []).append((weight, one.mean_s))
    return [Later(start, _mean(parts), tuple(parts)) for start, parts in sorted(found.items())]


def mean_between(from_s: int, block_s: int, wait_s: Sequence[float], start_s: int, end_s: int) -> float:
    """Mean of the blocks' waits over a span that need not begin with one; 0 outside all of them."""
    total, covered_s = 0.0, 0
    first, last = max(0, (start_s - from_s) // block_s), max(0, -(-(end_s - from_s) // block_s))
    for number, wait in enumerate(wait_s[first:last], first):
        begin_s = from_s + number * block_s
        shared_s = max(0, min(begin_s + block_s, end_s) - max(begin_s, start_s))
        total, covered_s = total + wait * shared_s, covered_s + shared_s
    return total / covered_s if covered_s else 0.0


def _mean(parts: Sequence[tuple[float, float]]) -> float:
    return sum(weight * mean_s for weight, mean_s in parts) / sum(weight for weight, _ in parts)


def _share_below(seen_s: tuple[float, float, float], wait_s: float) -> float:
    """The share of a service's visitors who wait less: straight between what is known, 0 to 0.9."""
    points = ((0.0, 0.0), *zip(seen_s, SHARES, strict=True))
    for (before_s, less), (after_s, more) in pairwise(points):
        if wait_s < after_s:
            return less + (more - less) * (wait_s - before_s) / (after_s - before_s)
    return SHARES[-1]


def _seen_s(mean_s: float) -> tuple[float, float, float]:
    """Low, typical and high wait for an expected mean, along CURVE; beyond its end as at its end."""
    mean = min(mean_s / MINUTE_S, CURVE[-1][0])
    at = next(n for n in range(1, len(CURVE)) if mean <= CURVE[n][0])
    (before, *lows), (after, *highs) = CURVE[at - 1], CURVE[at]
    share = (mean - before) / (after - before)
    low, typical, high = (MINUTE_S * (a + share * (b - a)) for a, b in zip(lows, highs, strict=True))
    return low, typical, high
