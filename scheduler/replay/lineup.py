"""A line-up by load shares: who sits where with which families, from expected work alone.

This is what a careful hall does with a spreadsheet, and what every simple policy starts from. Lines,
noise and breaks are not looked at; that is the optimiser's part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.replay.layout import Layout, Mode

Lineup = dict[int, tuple[int, Mode]]  # clerk -> (window, mode)


def by_load(
    layout: Layout, families: int, away: frozenset[int] = frozenset(), seated: Lineup | None = None
) -> Lineup:
    """Posts with one family each, spread by expected work; then further families, busiest first.

    Those who are `away` come last, for when they come after all. Whoever is `seated` stays as told, and the
    others get windows that are left.
    """
    plan = _Plan(layout, away, seated or {})
    plan.seat_by_load()
    for _ in range(families - 1):
        plan.pair_by_load()
    plan.seat_the_rest()
    return plan.lineup()


def work_s(layout: Layout) -> list[float]:
    """Seconds of handling expected in the day per family, walk-ins and bookings together."""
    demand = layout.scenario.demand
    work = [0.0] * len(layout.families)
    for number, service in enumerate(layout.scenario.services):
        people = sum(demand.told(service.id)) + demand.show_up * sum(demand.booked.get(service.id, ()))
        work[layout.family[number]] += people * service.service_s
    return work


class _Plan:
    """Seats taken so far. A clerk's time is counted in equal parts for the families of the mode."""

    def __init__(self, layout: Layout, away: frozenset[int], seated: Lineup) -> None:
        self.layout, self.away, self.seated = layout, away, seated
        self.work = work_s(layout)
        self.window = {clerk: window for clerk, (window, _) in seated.items()}
        self.mine = {clerk: tuple(sorted(layout.families_of(mode))) for clerk, (_, mode) in seated.items()}
        taken = set(self.window.values())
        spare = [i for i, w in enumerate(layout.scenario.windows) if w.open and i not in taken]
        self.spare = sorted(spare, key=lambda w: len(layout.families_of(layout.can[w])))

    def lineup(self) -> Lineup:
        found = {
            clerk: (window, self.layout.of_families(frozenset(self.mine[clerk]), self._reach(clerk, window)))
            for clerk, window in self.window.items()
        }
        return found | self.seated

    def seat_by_load(self) -> None:
        """Give the busiest family (work per clerk it has) its narrowest able clerk, again and again."""
        self._seat(set(range(len(self.layout.clerks))) - self.away - self.seated.keys())

    def seat_the_rest(self) -> None:
        """Those who are away: what is left over, with the busiest families they know."""
        self._seat(self.away - self.window.keys())

    def _seat(self, clerks: Iterable[int]) -> None:
        free = set(clerks)
        while free:
            ranked = sorted(range(len(self.work)), key=lambda f: (-self._pressure(f), f))
            seat = next((s for f in ranked for s in self._seats(f, free)), None)
            if seat is None:
                return
            clerk, window, family = seat
            self.window[clerk], self.mine[clerk] = window, (family,)
            free.discard(clerk)
            self.spare.remove(window)

    def pair_by_load(self) -> None:
        """Give each clerk one more family: the busiest takes from the least busy first."""
        open_for_more = self.window.keys() - self.seated.keys()
        while open_for_more:
            ranked = sorted(range(len(self.work)), key=lambda f: (-self._pressure(f), f))
            seat = next((s for f in ranked for s in self._pairings(f, open_for_more)), None)
            if seat is None:
                return
            clerk, window, family = seat
            if window != self.window[clerk]:
                self.spare.append(self.window[clerk])
                self.spare.remove(window)
                self.window[clerk] = window
            self.mine[clerk] = (*self.mine[clerk], family)
            open_for_more.discard(clerk)

    def _seats(self, family: int, free: set[int]) -> Iterator[tuple[int, int, int]]:
        """Able clerks, those with few families first, each with the least able window that will do."""
        for clerk in sorted(free, key=lambda c: (self._breadth(c), c)):
            for window in self.spare:
                if self._serves(clerk, window, (family,)):
                    yield clerk, window, family
                    break

    def _pairings(self, family: int, clerks: set[int]) -> Iterator[tuple[int, int, int]]:
        slack_first = sorted(clerks, key=lambda c: (max(self._pressure(f) for f in self.mine[c]), c))
        for clerk in slack_first:
            if family in self.mine[clerk]:
                continue
            for window in (self.window[clerk], *self.spare):
                if self._serves(clerk, window, (*self.mine[clerk], family)):
                    yield clerk, window, family
                    break

    def _pressure(self, family: int) -> float:
        """Expected work per clerk's day; a family nobody offers comes before all others."""
        seats = sum(1 / len(mine) for mine in self.mine.values() if family in mine)
        return self.work[family] / seats if seats else self.work[family] * 1e6

    def _breadth(self, clerk: int) -> int:
        return len(self.layout.families_of(self.layout.skills[clerk]))

    def _reach(self, clerk: int, window: int) -> Mode:
        """A pinned window is for whoever can offer all that is pinned."""
        reach, pinned = self.layout.reach(clerk, window), self.layout.pinned.get(window)
        if pinned is None:
            return reach
        return pinned if pinned <= reach else frozenset()

    def _serves(self, clerk: int, window: int, families: tuple[int, ...]) -> bool:
        """Whether every one of these families is offered there in part at least, and the rules allow it."""
        reach = self._reach(clerk, window)
        mode = self.layout.of_families(frozenset(families), reach)
        if not frozenset(families) <= self.layout.families_of(mode):
            return False
        return self.layout.refusal(mode, window, clerk) is None
