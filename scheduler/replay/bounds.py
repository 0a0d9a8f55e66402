"""Bounds that no real hall reaches: every clerk serves any own service anywhere, at once."""

from __future__ import annotations

from scheduler.replay.floor import Floor
from scheduler.replay.policy import Passive
from scheduler.replay.staff import ClerkState


class Free(Passive):
    """Free switching: no windows, no set-up, no walks. The far end of PLANNING.md §5's gap."""

    name = "free"

    def changed(self, floor: Floor, clerk: ClerkState) -> None:
        if clerk.at_work:
            floor.roam(clerk, floor.layout.skills[clerk.index])
