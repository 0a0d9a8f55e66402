"""Fixed windows: posts planned once from the forecast, by load shares, and changed by people alone: a pin,
or a flip agreed on, goes before the planned mode.
"""

from __future__ import annotations

from copy import copy
from typing import Self, cast

from scheduler.replay.floor import Floor
from scheduler.replay.layout import Layout, Mode
from scheduler.replay.lineup import Lineup, by_load
from scheduler.replay.policy import Passive
from scheduler.replay.staff import NOTHING, ClerkState, WindowState


class Fixed(Passive):
    """Each clerk has one window with one mode of at most `families` families, all day."""

    def __init__(self, families: int = 1, lineup: Lineup | None = None) -> None:
        self.name = f"fixed-{families}"
        self.families = families
        self._given = lineup
        self.lineup: Lineup = {}

    def open(self, floor: Floor) -> None:
        self.lineup = dict(self.begins(floor.layout))

    def begins(self, layout: Layout) -> Lineup:
        """The line-up that a day begins with: the one given, else one by load shares.

        Whoever is away when the hall opens takes no post from anybody else: it is known then.
        """
        if self._given is not None:
            return self._given
        scenario = layout.scenario
        away = frozenset(
            number
            for number, clerk in enumerate(scenario.clerks)
            if any(start <= scenario.open_s < end for start, end in clerk.absent)
        )
        return _planned(layout, min(self.families, scenario.rules.max_families), away)

    def beginning(self, lineup: Lineup) -> Self:
        """The same policy with this line-up given."""
        found = copy(self)
        found._given = lineup
        return found

    def changed(self, floor: Floor, clerk: ClerkState) -> None:
        """Whoever comes goes to the planned post, or to any free window with as much of it as may be."""
        if clerk.at_work and clerk.target is None:
            self._place(floor, clerk)

    def shut(self, floor: Floor, window: WindowState) -> None:
        """Whoever has lost the window takes a spare one, and comes back when it opens again."""
        for clerk in floor.clerks:
            if not clerk.at_work or clerk.index not in self.lineup:
                continue
            is_own = window.open and self.lineup[clerk.index][0] == window.index
            if is_own or floor.wanted(clerk)[0] is None:
                self._place(floor, clerk)

    def due(self, floor: Floor) -> None:
        """Whom a flip agreed on names comes, where nobody else sits; its mode is planned from now on."""
        for window in floor.windows:
            due = window.due(floor.now)
            if due is None:
                continue
            self.lineup |= {c: (w, due.mode) for c, (w, _) in self.lineup.items() if w == window.index}
            if due.clerk is not None and floor.clerks[due.clerk].at_work:
                _sit(floor, floor.clerks[due.clerk], window, due.mode)

    def _place(self, floor: Floor, clerk: ClerkState) -> None:
        """The planned post, or any free window with as much of it as may be."""
        if clerk.index not in self.lineup:
            return
        window, mode = self.lineup[clerk.index]
        self._give_back(floor, clerk, window)
        if _sit(floor, clerk, floor.windows[window], mode):
            return
        for spare in floor.free_windows():
            reach = floor.layout.reach(clerk.index, spare.index)
            if _sit(floor, clerk, spare, mode & reach or floor.layout.first_families(reach, self.families)):
                return

    def _give_back(self, floor: Floor, clerk: ClerkState, window: int) -> None:
        """Who had a window while its own clerk was away leaves it, for a spare one if there is any."""
        for other in floor.clerks:
            is_there = other is not clerk and other.at_work and floor.wanted(other)[0] == window
            if is_there and self.lineup.get(other.index, (None,))[0] != window:
                floor.post(other, None, NOTHING)


def _sit(floor: Floor, clerk: ClerkState, window: WindowState, wished: Mode) -> bool:
    """Post a clerk with what people have decided there, else what is wished; false where that cannot be."""
    decided = window.decided(floor.now)
    offer = wished if decided is None else decided
    if not offer or floor.refusal(clerk, window, offer):
        return False
    floor.post(clerk, window.index, offer)
    return True


def _planned(layout: Layout, families: int, away: frozenset[int]) -> Lineup:
    """The line-up of a layout, worked out once for all its replications."""
    key = (by_load, families, away)
    if key not in layout.worked_out:
        layout.worked_out[key] = by_load(layout, families, away)
    return cast(Lineup, layout.worked_out[key])
