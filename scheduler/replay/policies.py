"""The policies by the names that `tidehall replay --policy` takes."""

from __future__ import annotations

from collections.abc import Callable

from scheduler.plan import Plan
from scheduler.replay.bounds import Free
from scheduler.replay.fixed import Fixed
from scheduler.replay.longest import Longest
from scheduler.replay.policy import Policy
from scheduler.replay.threshold import Threshold
from scheduler.replay.tidal import Tidal
from scheduler.snapshot import Snapshot


def planned(snapshot: Snapshot) -> Plan:
    """The shipped planner. OR-Tools is loaded by who asks for it: that takes most of a second."""
    from scheduler.model import solve

    return solve(snapshot)


# A bare name means the variant that a fair comparison uses: two families at a window (PLANNING.md §3).
POLICIES: dict[str, Callable[[], Policy]] = {
    "fixed": lambda: Fixed(2),
    "fixed-1": lambda: Fixed(1),
    "threshold": lambda: Threshold(2),
    "threshold-1": lambda: Threshold(1),
    "longest": lambda: Longest(2),
    "longest-1": lambda: Longest(1),
    "tidal": lambda: Tidal(planned),
    "free": Free,
}
