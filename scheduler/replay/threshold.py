"""The threshold rule, what halls do today: too many people per window, and a window of a quiet line helps.

DOMAIN.md §A: triggers of 8 to 12 people at a window are in use; the settings are tuned by the bench.
"""

from __future__ import annotations

from scheduler.replay.fixed import Fixed
from scheduler.replay.floor import Floor
from scheduler.replay.layout import Mode
from scheduler.replay.lending import keeps_floors, posts, seats
from scheduler.replay.lineup import Lineup
from scheduler.replay.staff import ClerkState


class Threshold(Fixed):
    """Looks every `look_s`. A family with more than `trigger` people per clerk is helped by one clerk
    whose own families have at most `quiet` people per clerk."""

    def __init__(
        self,
        families: int = 1,
        trigger: float = 6.0,
        quiet: float = 2.0,
        look_s: float = 300.0,
        lineup: Lineup | None = None,
    ) -> None:
        super().__init__(families, lineup)
        self.name = f"threshold-{families}"
        self.trigger, self.quiet = trigger, quiet
        self.every_s = look_s

    def tick(self, floor: Floor) -> None:
        waiting, clerks = floor.lines.by_family, seats(floor)
        load = [w / c if c else float(w) * self.trigger for w, c in zip(waiting, clerks, strict=True)]
        helped = sorted((f for f, p in enumerate(load) if p > self.trigger), key=lambda f: -load[f])
        lent: set[int] = set()
        for family in helped:
            for clerk in self._quiet_clerks(floor, load):
                if clerk.index in lent or family in floor.layout.families_of(floor.wanted(clerk)[1]):
                    continue
                found = self._post(floor, clerk, family, waiting)
                if found is not None:
                    floor.post(clerk, *found)
                    lent.add(clerk.index)
                    break

    def _post(
        self, floor: Floor, clerk: ClerkState, family: int, waiting: list[int]
    ) -> tuple[int, Mode] | None:
        for window, offer in posts(floor, clerk, family, self.families, waiting):
            if keeps_floors(floor, clerk, offer):
                return window, offer
        return None

    def _quiet_clerks(self, floor: Floor, load: list[float]) -> list[ClerkState]:
        """Clerks at work whose busiest family is quiet, the quietest first."""
        busiest = {
            c.index: max((load[f] for f in floor.layout.families_of(floor.wanted(c)[1])), default=0.0)
            for c in floor.clerks
            if c.at_work and c.target is None
        }
        quiet = [i for i in busiest if busiest[i] <= self.quiet]
        return [floor.clerks[i] for i in sorted(quiet, key=lambda i: (busiest[i], i))]
