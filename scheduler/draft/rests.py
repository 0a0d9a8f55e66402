"""When breaks begin: as planned before, unless something else is due then.

Inside each break's limits; moved only for a reason, because people have made plans for lunch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hall.core.names import ClerkId
from scheduler.check import apart
from scheduler.check.commitments import Settled
from scheduler.check.rulebook import Rulebook
from scheduler.snapshot import Break, Clerk, Snapshot

STEP_S = 900  # between starts that are tried

Starts = dict[tuple[ClerkId, int], int]
Span = tuple[int, float]  # start, length


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
    line-up weighs them.
    """
    planned, found = as_planned(book.snapshot), Starts()
    for clerk in book.snapshot.clerks:
        mine = {i: planned[clerk.id, i] for i in range(len(clerk.breaks)) if (clerk.id, i) in planned}
        flips_s = [a.at_s for a in settled.kept if a.clerk == clerk.id]
        near = _nearest(book, clerk, mine, flips_s)
        found |= {(clerk.id, i): near[i] for i in mine}
    return found


def _nearest(
    book: Rulebook, clerk: Clerk, planned: Mapping[int, int], flips_s: Sequence[int]
) -> Mapping[int, int]:
    """Starts near the planned ones, found one by one; where one has no room, starts that leave it to all.

    An agreed flip that is due now has its first second in any case, so only its own break makes room for it.
    """
    later = [at_s for at_s in flips_s if at_s > book.now_s]
    due = [(at_s, apart.FLIP_S) for at_s in flips_s if at_s <= book.now_s]
    busy: list[Span] = [(at_s, apart.FLIP_S) for at_s in later]
    found, are_apart = dict[int, int](), True
    # Those with least choice first.
    for i in sorted(planned, key=lambda i: (clerk.breaks[i].latest_s, planned[i], i)):
        first_s, last_s, length_s = apart.limits(book, clerk.breaks[i])
        tried = _starts(first_s, last_s, planned[i])
        found[i] = next((at_s for at_s in tried if _is_free(at_s, length_s, [*busy, *due])), planned[i])
        are_apart &= _is_free(found[i], length_s, busy)
        busy.append((found[i], length_s))
    if are_apart:
        return found
    return apart.starts(book, clerk, later) or apart.starts(book, clerk) or found


def _is_free(start_s: int, length_s: float, busy: Iterable[Span]) -> bool:
    return not any(begin < start_s + length_s and start_s < begin + span_s for begin, span_s in busy)


def _starts(first_s: int, last_s: int, planned_s: int) -> list[int]:
    """The planned start, then others inside the limits, the nearest first."""
    others = {*range(first_s, last_s + 1, STEP_S), last_s}
    return [planned_s, *sorted(others - {planned_s}, key=lambda s: (abs(s - planned_s), s))]
