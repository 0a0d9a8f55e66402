"""A decision: who sits where with which mode from now on, and when breaks begin; a plan in short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hall.core.names import ClerkId
from scheduler.check.commitments import Settled
from scheduler.check.offers import Posting
from scheduler.snapshot import Break, Snapshot

BreakStarts = Mapping[tuple[ClerkId, int], int]


@dataclass(frozen=True)
class Decision:
    """Clerks at work who are not in `posts` have no window."""

    posts: Mapping[ClerkId, Posting]
    breaks: BreakStarts
    settled: Settled


def as_planned(snapshot: Snapshot) -> dict[tuple[ClerkId, int], int]:
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
