"""Quieter times 错峰: the waits to be expected later, by half hours and as ranges, and which later time is
worth coming for. What the means are taken from (a plan, a forecast) is the caller's part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
SHARES = (0.1, 0.5, 0.9)  # what the three figures of CURVE mean
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
        return _outwards(low_s, high_s)

    @property
    def typical_s(self) -> float:
        """Half of the visitors wait less."""
        return _seen_s(self.mean_s)[1]


@dataclass(frozen=True, slots=True)
class Together:
    """A half hour of several services: the waits that SHARES of all who then come stay below."""

    from_s: int
    low_s: int
    typical_s: int
    high_s: int

    @property
    def wait(self) -> WaitRange:
        """The range to tell, as of one service."""
        return _outwards(self.low_s, self.high_s)


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


def together(parts: Iterable[tuple[float, Later]]) -> list[Together]:
    """Several services as one, by half hour; each part with the people expected to come for it then.

    CURVE is of one service's mean. A mean over services would say of two long lines among many short ones
    what is true of neither, so it is their visitors' waits that are mixed.
    """
    found: dict[int, list[tuple[float, Later]]] = {}
    for people, one in parts:
        if people > 0:
            found.setdefault(one.from_s, []).append((people, one))
    return [Together(start, *_mixed_s(mine)) for start, mine in sorted(found.items())]


def mean_between(from_s: int, block_s: int, wait_s: Sequence[float], start_s: int, end_s: int) -> float:
    """Mean of the blocks' waits over a span that need not begin with one; 0 outside all of them."""
    total, covered_s = 0.0, 0
    first, last = max(0, (start_s - from_s) // block_s), max(0, -(-(end_s - from_s) // block_s))
    for number, wait in enumerate(wait_s[first:last], first):
        begin_s = from_s + number * block_s
        shared_s = max(0, min(begin_s + block_s, end_s) - max(begin_s, start_s))
        total, covered_s = total + wait * shared_s, covered_s + shared_s
    return total / covered_s if covered_s else 0.0


def _mixed_s(parts: Sequence[tuple[float, Later]]) -> Iterator[int]:
    """The waits that SHARES of these people stay below, whole seconds.

    Each service's people are spread evenly from no wait to its low, to its typical, to its high one, and the
    last tenth as far again beyond that as the typical one is before it.
    """
    everybody = sum(people for people, _ in parts)
    at_once, bends = 0.0, list[tuple[int, float]]()  # where the share below begins to grow faster or slower
    for people, one in parts:
        low, typical, high = map(round, _seen_s(one.mean_s))  # whole: no share grows beyond all measure
        ends = (0, low, typical, high, 2 * high - typical)
        for begin, end, share in zip(ends, ends[1:], (0.1, 0.4, 0.4, 0.1), strict=False):
            part = share * people / everybody
            if end > begin:
                bends += [(begin, part / (end - begin)), (end, -part / (end - begin))]
            else:
                at_once += part  # only no wait at all is so common
    here, below, rate, wanted = 0, at_once, 0.0, list(SHARES)
    for bend, change in sorted(bends):
        reached = below + rate * (bend - here)
        while wanted and wanted[0] <= reached:
            left = max(0.0, wanted.pop(0) - below)
            yield round(here + (left / rate if left else 0.0))
        here, below, rate = bend, reached, rate + change


def _outwards(low_s: float, high_s: float) -> WaitRange:
    return WaitRange(int(low_s // GRID_S) * GRID_S, -int(-high_s // GRID_S) * GRID_S)


def _seen_s(mean_s: float) -> tuple[float, float, float]:
    """Low, typical and high wait for an expected mean, along CURVE; beyond its end as at its end."""
    mean = min(mean_s / MINUTE_S, CURVE[-1][0])
    at = next(n for n in range(1, len(CURVE)) if mean <= CURVE[n][0])
    (before, *lows), (after, *highs) = CURVE[at - 1], CURVE[at]
    share = (mean - before) / (after - before)
    low, typical, high = (MINUTE_S * (a + share * (b - a)) for a, b in zip(lows, highs, strict=True))
    return low, typical, high
