"""A reference that no real hall is run by: every clerk serves any own service anywhere, at once.

It is no bound. It is first come, first served: rules that take the longest line first have beaten it, and so
has the planner, which also chooses when people rest (docs/BENCHMARKS.md). Pins and agreed flips are about
windows, so they do not bind it either.
"""

from __future__ import annotations

from scheduler.replay.floor import Floor
from scheduler.replay.policy import Passive
from scheduler.replay.staff import ClerkState


class Free(Passive):
    """Free switching: no windows, no set-up, no walks. What PLANNING.md §5's gap is measured to."""

    name = "free"

    def changed(self, floor: Floor, clerk: ClerkState) -> None:
        if clerk.at_work:
            floor.roam(clerk, floor.layout.skills[clerk.index])
