"""When breaks begin: as planned before, unless something else is due then.

Inside each break's limits; moved only for a reason, because people have made plans for lunch.
"""

from __future__ import annotations

from math import ceil

from hall.core.names import ClerkId
from scheduler.check.commitments import Settled
from scheduler.check.rulebook import Rulebook
from scheduler.snapshot import Break, Snapshot

STEP_S = 900  # between starts that are tried

Starts = dict[tuple[ClerkId, int], int]


def as_planned(snapshot: Snapshot) -> Starts:
    """Breaks where they stand, moved into their limits: the start planned before, or now if it is late."""
    return {
        (clerk.id, index): limited(snapshot, one, one.start_s)
        for clerk in snapshot.clerks
        for index, one in enumerate(clerk.breaks)
        if not one.taken
    }


def limited(snapshot: Snapshot, one: Break, start_s: int) -> int:
    """The nearest start inside the break's limits; now, if these have passed."""
    if one.latest_s < snapshot.now_s:
        return snapshot.now_s
    return min(max(start_s, one.earliest_s, snapshot.now_s), one.latest_s)


def placed(book: Rulebook, settled: Settled) -> Starts:
    """Breaks of all clerks: the start nearest to the planned one at which nothing else is due.

    Two breaks of one clerk do not overlap, and none covers the time of an agreed flip, if the limits allow.
    Lines play no part: starts moved for floors cost more waiting than they saved (docs/BENCHMARKS.md); the
    line-up weighs them. Those with least choice are placed first.
    """
    planned, found = as_planned(book.snapshot), Starts()
    for key in sorted(planned, key=lambda key: (_limits(book, key)[1], planned[key], key)):
        clerk, length_s = book.clerks[key[0]], book.clerks[key[0]].breaks[key[1]].length_s
        busy = [
            *(
                (found[clerk.id, i], one.length_s)
                for i, one in enumerate(clerk.breaks)
                if (clerk.id, i) in found
            ),
            *((a.at_s, 1) for a in settled.kept if a.clerk == clerk.id),
        ]
        fine = (
            start_s
            for start_s in _starts(book, key, planned[key], [ceil(begin + span_s) for begin, span_s in busy])
            if not any(begin < start_s + length_s and start_s < begin + span_s for begin, span_s in busy)
        )
        found[key] = next(fine, planned[key])
    return {key: found[key] for key in planned}


def _limits(book: Rulebook, key: tuple[ClerkId, int]) -> tuple[int, int]:
    one = book.clerks[key[0]].breaks[key[1]]
    return max(one.earliest_s, book.now_s), one.latest_s


def _starts(book: Rulebook, key: tuple[ClerkId, int], planned_s: int, ends_s: list[int]) -> list[int]:
    """The planned start, then others inside the limits, the nearest first; `ends_s`: of what else is due."""
    first_s, last_s = _limits(book, key)
    ends_s = [end_s for end_s in ends_s if first_s <= end_s <= last_s]
    others = {*range(first_s, last_s + 1, STEP_S), last_s, *ends_s} if last_s >= first_s else set()
    return [planned_s, *sorted(others - {planned_s}, key=lambda s: (abs(s - planned_s), s))]
