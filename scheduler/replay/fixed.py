"""Fixed windows: posts planned once from the forecast, by load shares, and never changed."""

from __future__ import annotations

from typing import cast

from scheduler.replay.floor import Floor
from scheduler.replay.layout import Layout
from scheduler.replay.lineup import Lineup, by_load
from scheduler.replay.policy import Passive
from scheduler.replay.staff import ClerkState


class Fixed(Passive):
    """Each clerk has one window with one mode of at most `families` families, all day."""

    def __init__(self, families: int = 1, lineup: Lineup | None = None) -> None:
        self.name = f"fixed-{families}"
        self.families = families
        self._given = lineup
        self.lineup: Lineup = {}

    def open(self, floor: Floor) -> None:
        families = min(self.families, floor.rules.max_families)
        self.lineup = _planned(floor.layout, families) if self._given is None else self._given

    def changed(self, floor: Floor, clerk: ClerkState) -> None:
        """Whoever comes goes to the planned post, or to any free window with as much of it as may be."""
        if not clerk.at_work or clerk.target is not None or clerk.index not in self.lineup:
            return
        window, mode = self.lineup[clerk.index]
        if not floor.refusal(clerk, floor.windows[window], mode):
            floor.post(clerk, window, mode)
            return
        for spare in floor.free_windows():
            reach = floor.layout.reach(clerk.index, spare.index)
            offer = mode & reach or floor.layout.first_families(reach, self.families)
            if offer and not floor.refusal(clerk, spare, offer):
                floor.post(clerk, spare.index, offer)
                return


def _planned(layout: Layout, families: int) -> Lineup:
    """The line-up of a layout, worked out once for all its replications."""
    key = (by_load, families)
    if key not in layout.worked_out:
        layout.worked_out[key] = by_load(layout, families)
    return cast(Lineup, layout.worked_out[key])
