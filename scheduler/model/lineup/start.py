"""Where the search begins: posts by load shares, as a careful hall plans them with a spreadsheet.

First one family each, the busiest (work per clerk) taking its narrowest able clerk again and again; then
further families, the busiest taking from the clerks with most slack.
"""

from __future__ import annotations

from collections.abc import Iterator

from hall.core.names import ClerkId, WindowId
from scheduler.check.muster import Muster
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook
from scheduler.draft.outlook import Outlook
from scheduler.snapshot import Clerk, Mode, Window

UNSERVED = 1e6  # a family that nobody offers comes before all others


def by_load(book: Rulebook, look: Outlook, muster: Muster) -> dict[ClerkId, Posting]:
    """Posts for everybody at work who is free to move; the others keep theirs."""
    plan = _Shares(book, look, muster)
    plan.seat()
    for _ in range(book.snapshot.rules.max_families - 1):
        plan.pair()
    return plan.posts()


class _Shares:
    """A clerk's time counts in equal parts for the families of the mode."""

    def __init__(self, book: Rulebook, look: Outlook, muster: Muster) -> None:
        self._book, self._offers = book, muster.offers
        self._kept = {c: post for c, post in muster.posts.items() if c in muster.bound}
        people = look.waiting + look.arrivals.sum(axis=1)
        self._work: dict[str, float] = {}
        for service, work_s in zip(look.ids, (people * look.work_s).tolist(), strict=True):
            family = book.family[service]
            self._work[family] = self._work.get(family, 0.0) + work_s
        self._window: dict[ClerkId, Window] = {}
        self._families: dict[ClerkId, tuple[str, ...]] = {}
        self._reach: dict[tuple[ClerkId, WindowId], tuple[Mode, set[str]]] = {}
        held = {window for window, _ in self._kept.values()}
        spare = [w for w in book.snapshot.windows if w.open and w.id not in held]
        self._spare = sorted(spare, key=lambda w: (len(book.families(w.can)), w.id))
        self._clerks = [c for c in book.at_work if c.id not in self._kept]

    def posts(self) -> dict[ClerkId, Posting]:
        seated = {c.id: c for c in self._clerks if c.id in self._window}
        return self._kept | {
            name: (self._place(name), self._mode(clerk, self._window[name], self._families[name]))
            for name, clerk in seated.items()
        }

    def seat(self) -> None:
        free = sorted(self._clerks, key=lambda c: (len(self._book.families(c.pace)), c.id))
        while free:
            found = next((s for family in self._ranked() for s in self._seats(family, free)), None)
            if found is None:
                return
            clerk, window, family = found
            self._window[clerk.id], self._families[clerk.id] = window, (family,)
            free.remove(clerk)
            self._spare.remove(window)

    def pair(self) -> None:
        free = [c for c in self._clerks if c.id in self._window]
        while free:
            found = next((s for family in self._ranked() for s in self._pairings(family, free)), None)
            if found is None:
                return
            clerk, window, family = found
            if window.id != self._place(clerk.id):
                self._spare.append(self._window[clerk.id])
                self._spare.remove(window)
                self._window[clerk.id] = window
            self._families[clerk.id] = (*self._families[clerk.id], family)
            free.remove(clerk)

    def _place(self, clerk: ClerkId) -> WindowId:
        return self._window[clerk].id

    def _seats(self, family: str, free: list[Clerk]) -> Iterator[tuple[Clerk, Window, str]]:
        for clerk in free:
            for window in self._spare:
                if self._mode(clerk, window, (family,)):
                    yield clerk, window, family
                    break

    def _pairings(self, family: str, free: list[Clerk]) -> Iterator[tuple[Clerk, Window, str]]:
        slack_first = sorted(free, key=lambda c: max(self._pressure(f) for f in self._families[c.id]))
        for clerk in slack_first:
            mine = self._families[clerk.id]
            if family in mine:
                continue
            for window in (self._window[clerk.id], *self._spare):
                if self._mode(clerk, window, (*mine, family)):
                    yield clerk, window, family
                    break

    def _ranked(self) -> list[str]:
        return sorted(self._work, key=lambda f: (-self._pressure(f), f))

    def _pressure(self, family: str) -> float:
        seats = sum(1 / len(mine) for mine in self._families.values() if family in mine)
        return self._work[family] / seats if seats else self._work[family] * UNSERVED

    def _mode(self, clerk: Clerk, window: Window, families: tuple[str, ...]) -> Mode:
        """All services of these families there; () unless each is offered in part and the rules allow it."""
        family = self._book.family
        reach, within = self._reach_of(clerk, window)
        if not within.issuperset(families):
            return ()
        mode = tuple(s for s in reach if family[s] in families) if window.tidal else window.fixed_mode
        if {family[s] for s in mode} != set(families) or not self._offers.may(clerk, window, mode):
            return ()
        return mode

    def _reach_of(self, clerk: Clerk, window: Window) -> tuple[Mode, set[str]]:
        """What the clerk could offer there, and its families; asked for again and again."""
        found = self._reach.get((clerk.id, window.id))
        if found is None:
            reach = tuple(sorted(window.can & clerk.pace.keys()))
            found = self._reach[clerk.id, window.id] = reach, self._book.families(reach)
        return found
