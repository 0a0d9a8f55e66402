"""Committed flips: which of them the rules still allow, and whether a plan keeps those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from hall.core.names import ClerkId, WindowId
from scheduler.check import apart
from scheduler.check.fault import Fault
from scheduler.check.rulebook import Rulebook, left_by
from scheduler.plan import Plan
from scheduler.snapshot import Clerk, Committed, Mode


@dataclass(frozen=True, slots=True)
class Agreed:
    """A commitment that the rules allow: this clerk, there, from `at_s` on (now, if it is due)."""

    clerk: ClerkId
    window: WindowId
    mode: Mode
    at_s: int


@dataclass(frozen=True)
class Settled:
    """What is kept, earliest first, and the code of the rule against each that is not."""

    kept: tuple[Agreed, ...]
    dropped: tuple[tuple[WindowId, str], ...]


def settle(book: Rulebook) -> Settled:
    """Go through the commitments by time: keep what no rule forbids and nothing agreed before rules out.

    A clerk may have several at different times: from each on, the new place.
    """
    table = _Table(book)

    def when(one: Committed) -> int:
        return max(one.at_s, book.now_s)

    for at_s, same_time in groupby(sorted(book.snapshot.committed, key=when), when):
        table.settle(at_s, list(same_time))
    return Settled(tuple(table.kept), tuple(table.dropped))


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    dropped = {d.window for d in plan.dropped}
    forbidden = {window for window, _ in settle(book).dropped}
    found = [
        Fault("dropped_needlessly", f"/dropped/{i}", f"no rule forbids what was agreed for {d.window}")
        for i, d in enumerate(plan.dropped)
        if d.window not in forbidden
    ]
    for one in book.snapshot.committed:
        if one.window not in dropped and not _is_kept(book, plan, one):
            found.append(Fault("committed", "/dropped", f"{one.window} is neither kept nor dropped"))
    return found


class _Table:
    """What is agreed so far, and the windows as that leaves them."""

    def __init__(self, book: Rulebook) -> None:
        self.kept: list[Agreed] = []
        self.dropped: list[tuple[WindowId, str]] = []
        self._book = book
        self._windows = dict(book.windows)
        self._place: dict[ClerkId, WindowId | None] = {c.id: c.window for c in book.snapshot.clerks}

    def settle(self, at_s: int, asked: Sequence[Committed]) -> None:
        """Those of one time: clerks who are named first, then as many of the others as find somebody."""
        taken: dict[ClerkId, Committed] = {}
        for one in sorted(asked, key=lambda c: c.clerk is None):
            if why := self._forbidden(one, at_s, taken.values()) or self._give(one, at_s, taken):
                self.dropped.append((one.window, why))
        for clerk, one in taken.items():
            self._keep(clerk, one, at_s)

    def _forbidden(self, one: Committed, at_s: int, taken: Iterable[Committed]) -> str | None:
        if not one.mode:
            return "empty_mode"
        if any(other.window == one.window for other in taken):
            return "superseded"
        return self._book.forbidden(self._windows[one.window], one.mode, at_s)

    def _give(self, one: Committed, at_s: int, taken: dict[ClerkId, Committed]) -> str | None:
        """Give the commitment to the clerk it names, else to somebody; or say why not."""
        if one.clerk is None:
            return self._match(one, at_s, taken, set())
        clerk = self._book.clerks[one.clerk]
        if why := self._unfit(clerk, one, at_s):
            return why
        if clerk.id in taken:
            return "clerk_elsewhere"
        taken[clerk.id] = one
        return None

    def _match(
        self, one: Committed, at_s: int, taken: dict[ClerkId, Committed], asked: set[ClerkId]
    ) -> str | None:
        """Somebody for a commitment that names nobody; who is taken may pass an unnamed one on (matching)."""
        for clerk in sorted(self._book.snapshot.clerks, key=lambda c: self._nearness(one, c)):
            if clerk.id in asked or self._unfit(clerk, one, at_s):
                continue
            asked.add(clerk.id)
            other = taken.get(clerk.id)
            if other is None or (other.clerk is None and not self._match(other, at_s, taken, asked)):
                taken[clerk.id] = one
                return None
        return "nobody_able"

    def _nearness(self, one: Committed, clerk: Clerk) -> int:
        """Whoever sits there comes first, then whoever sits nowhere, then the rest; then who is promised.

        Last of all comes who should be here and is not.
        """
        place = self._place[clerk.id]
        if not clerk.is_counted_on(self._book.now_s):
            return 4
        if place == one.window:
            return 0
        if any(k.clerk == clerk.id for k in self.kept):
            return 3
        return 1 if place is None else 2

    def _unfit(self, clerk: Clerk, one: Committed, at_s: int) -> str | None:
        if not set(one.mode) <= clerk.pace.keys():
            return "not_authorised"
        is_due = at_s <= self._book.now_s
        is_there = clerk.is_at_work if is_due else clerk.start_s <= at_s < clerk.end_s
        if not is_there:
            return "not_at_work"
        return "on_break" if not is_due and self._rests(clerk, at_s) else None

    def _rests(self, clerk: Clerk, at_s: int) -> bool:
        """Whether the limits of the clerk's breaks leave that time no room beside what is agreed before it.

        Where these breaks meet each other in any case, the time must be clear of wherever they may be.
        """
        if clerk.status == "break" and clerk.until_s is not None and at_s < clerk.until_s:
            return True
        others = [k.at_s for k in self.kept if k.clerk == clerk.id and k.at_s > self._book.now_s]
        if apart.starts(self._book, clerk, others) is not None:
            return apart.starts(self._book, clerk, [*others, at_s]) is None
        due = (apart.limits(self._book, one) for one in clerk.breaks if not one.taken)
        return any(first_s <= at_s < last_s + length_s for first_s, last_s, length_s in due)

    def _keep(self, clerk: ClerkId, one: Committed, at_s: int) -> None:
        self._windows[one.window] = left_by(self._windows[one.window], one.mode, at_s)
        self._place[clerk] = one.window
        self.kept.append(Agreed(clerk, one.window, one.mode, at_s))


def _is_kept(book: Rulebook, plan: Plan, one: Committed) -> bool:
    """Whether a post at the window offers the mode from the agreed time (now, if that has passed)."""
    at_s = max(one.at_s, book.now_s)
    return any(
        p.window == one.window
        and p.from_s <= at_s < p.to_s
        and set(p.mode) == set(one.mode)
        and one.clerk in (None, p.clerk)
        for p in plan.posts
    )
