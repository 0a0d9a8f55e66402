"""A decision: who sits where with which mode from now on, and when breaks begin; a plan in short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hall.core.names import ClerkId
from scheduler.check.commitments import Settled
from scheduler.check.offers import Posting

BreakStarts = Mapping[tuple[ClerkId, int], int]


@dataclass(frozen=True)
class Decision:
    """Clerks at work who are not in `posts` have no window."""

    posts: Mapping[ClerkId, Posting]
    breaks: BreakStarts
    settled: Settled
