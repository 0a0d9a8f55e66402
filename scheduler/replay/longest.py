"""Longest line first: whoever has nobody left in the own lines turns to the longest one in reach."""

from __future__ import annotations

from scheduler.replay.fixed import Fixed
from scheduler.replay.floor import Floor
from scheduler.replay.lending import keeps_floors, posts
from scheduler.replay.lineup import Lineup
from scheduler.replay.staff import ClerkState


class Longest(Fixed):
    """An idle clerk turns to the family with most people waiting, if at least `at_least` wait there."""

    def __init__(self, families: int = 1, at_least: int = 2, lineup: Lineup | None = None) -> None:
        super().__init__(families, lineup)
        self.name = f"longest-{families}"
        self.at_least = at_least

    def idle(self, floor: Floor, clerk: ClerkState) -> None:
        waiting = floor.lines.by_family
        able = floor.layout.families_of(floor.layout.skills[clerk.index])
        ranked = sorted((f for f in able if waiting[f] >= self.at_least), key=lambda f: (-waiting[f], f))
        for family in ranked:
            for window, offer in posts(floor, clerk, family, self.families, waiting):
                if keeps_floors(floor, clerk, offer):
                    floor.post(clerk, window, offer)
                    return

    def waiting(self, floor: Floor, service: int) -> None:
        """The line has grown: the longest idle clerk who can help is asked."""
        family = floor.layout.family[service]
        if floor.lines.by_family[family] < self.at_least:
            return
        for index in list(floor.idle):
            if service in floor.layout.skills[index] and index in floor.idle:
                self.idle(floor, floor.clerks[index])
                if index not in floor.idle:
                    return
