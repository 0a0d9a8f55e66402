"""Options: what each clerk at work may do now. A mode here, a mode at a window of another kind, or nothing.

Windows of one kind (same terminals, mode and rules) are counted, not told apart. Modes are handled as
sets of groups, which no rule divides (`lines`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hall.core.names import ClerkId, WindowId
from scheduler.check.families import some_of
from scheduler.check.muster import Muster
from scheduler.model.lines import Groups
from scheduler.model.weights import Weights
from scheduler.snapshot import Clerk, Mode, Window

KINDS_EACH = 2  # other kinds of window offered to a clerk for one mode
MOST_OPTIONS = 40  # per clerk
MOST_MODES = 700  # of one size that are looked at: two of 37 families
# While a floor is missed: whoever changes places with a colleague may save it.
KINDS_EACH_SHORT, MOST_OPTIONS_SHORT = 50, 400

GroupSet = frozenset[int]


@dataclass(frozen=True, slots=True)
class Option:
    """`kind` is an index into Kinds.windows; None = no window. `lost_s`: to set-up, walk, who sits there."""

    clerk: int
    kind: int | None
    groups: GroupSet
    lost_s: float
    cost: float  # minutes of waiting that the change itself is worth
    stays: bool  # at the window where the clerk sits
    flips: bool  # the window takes on something new


@dataclass(frozen=True)
class Kinds:
    """Windows by kind; the first of a kind stands for all."""

    windows: tuple[tuple[Window, ...], ...]
    of: dict[WindowId, int]


def kinds(muster: Muster) -> Kinds:
    """Open windows by what they allow. Where people have decided something, a window is its own kind."""
    decided = {*muster.book.pins, *(a.window for a in muster.settled.kept)}
    found: dict[object, list[Window]] = {}
    for window in muster.book.snapshot.windows:
        if window.open:
            own = window.id if window.id in decided else None
            found.setdefault((muster.offers.kind(window), own), []).append(window)
    windows = tuple(tuple(each) for each in found.values())
    return Kinds(windows, {w.id: k for k, each in enumerate(windows) for w in each})


class Chooser:
    """Lists every clerk's options: the muster's own post first, so that a valid choice is always there."""

    def __init__(
        self,
        muster: Muster,
        groups: Groups,
        found: Kinds,
        in_hand_s: Mapping[ClerkId, float],
        weights: Weights,
    ) -> None:
        """`in_hand_s`: until each clerk at work is free."""
        self.muster, self.book, self.groups, self.kinds = muster, muster.book, groups, found
        self.weights, self._in_hand_s = weights, in_hand_s
        self._free_in_s = {c.window: in_hand_s[c.id] for c in muster.book.at_work if c.window}
        self.rules = muster.book.snapshot.rules
        self._first = [each[0] for each in found.windows]
        self._mode = [groups.in_mode(w.mode) for w in self._first]
        self._can = [groups.in_mode(w.can) for w in self._first]
        self._locked = [not muster.offers.is_free(w) for w in self._first]
        self._is_short = muster.missing() > 0
        # Windows of which people have refused or agreed something: reach alone does not say what they may.
        self._asked = {r.window for r in self.book.snapshot.refused} | {a.window for a in muster.settled.kept}
        self._choices: dict[GroupSet, list[GroupSet]] = {}

    def options(self) -> list[Option]:
        return [o for i, clerk in enumerate(self.book.at_work) for o in self._of(i, clerk)]

    def mode(self, option: Option) -> Mode:
        return self.groups.services(option.groups)

    def _of(self, number: int, clerk: Clerk) -> list[Option]:
        found = dict.fromkeys(self._all(number, clerk))
        return list(found)[: MOST_OPTIONS_SHORT if self._is_short else MOST_OPTIONS]

    def _all(self, number: int, clerk: Clerk) -> Iterator[Option]:
        posted = self.muster.posts.get(clerk.id)
        if posted:
            groups, kind = self.groups.in_mode(posted[1]), self.kinds.of[posted[0]]
            yield self._option(number, clerk, kind, groups, clerk.window == posted[0])
        if clerk.id in self.muster.bound:
            return
        # Who gets up is a move too, whoever comes in: else two equals would change seats at every plan.
        gets_up = self.weights.move if clerk.window else 0.0
        yield Option(number, None, frozenset(), 0.0, self.weights.no_window + gets_up, False, False)
        able = self.groups.in_mode(clerk.pace)
        home = self.kinds.of.get(clerk.window) if clerk.window else None
        here = list(self._modes(clerk, able, home)) if home is not None else []
        yield from (self._option(number, clerk, home, groups, True) for groups in here if home is not None)
        yield from self._elsewhere(number, clerk, able, set(here))

    def _elsewhere(self, number: int, clerk: Clerk, able: GroupSet, here: set[GroupSet]) -> Iterator[Option]:
        """For each mode not to be had at the own window, the cheapest few kinds of window.

        While a floor is missed, for each mode: leaving a window to somebody else is worth something then.
        """
        ranked: dict[GroupSet, list[tuple[int, int, int, int]]] = {}
        for kind, same in enumerate(self.kinds.windows):
            if all(w.id == clerk.window for w in same) or not able & self._can[kind]:
                continue
            pinned = same[0].id in self.book.pins
            for groups in self._modes(clerk, able, kind):
                if pinned or self._is_short or groups not in here:
                    flips = not groups <= self._mode[kind]
                    work = int(flips) + int(bool(self._mode[kind])) - 9 * pinned  # pins come first
                    turn = (kind + number) % len(self.kinds.windows)
                    ranked.setdefault(groups, []).append((work, len(self._can[kind]), turn, kind))
        for places in ranked.values():
            places.sort()
        for rank in range(KINDS_EACH_SHORT if self._is_short else KINDS_EACH):
            for groups, places in ranked.items():
                if len(places) > rank:
                    yield self._option(number, clerk, places[rank][-1], groups, False)

    def _modes(self, clerk: Clerk, able: GroupSet, kind: int) -> Iterator[GroupSet]:
        """The mode as it stands, then every choice of families that the rules allow."""
        window = self._first[kind]
        if self.muster.offers.forced(window) is not None:
            if mode := self.muster.offers.widest(clerk, window):
                yield self.groups.in_mode(mode)
            return
        kept = self._mode[kind] & able & self._can[kind]
        reach = kept if self._locked[kind] else able & self._can[kind]
        if not reach:
            return
        if reach not in self._choices:
            self._choices[reach] = self._of_families(reach)
        fits = len({self.groups.family[g] for g in kept}) <= self.rules.max_families
        for groups in [*([kept] if kept and fits else []), *self._choices[reach]]:
            if groups <= kept and fits and groups != kept:
                continue
            if window.id in self._asked and not self.muster.offers.may(
                clerk, window, self.groups.services(groups)
            ):
                continue
            yield groups

    def _of_families(self, reach: GroupSet) -> list[GroupSet]:
        """As many families as a mode may have, or one fewer."""
        of: dict[str, list[int]] = {}
        for g in sorted(reach):
            of.setdefault(self.groups.family[g], []).append(g)
        most = min(self.rules.max_families, len(of))
        sizes = (most, most - 1) if most > 1 else (most,)
        return [
            frozenset(g for family in some for g in of[family])
            for size in sizes
            for some in some_of(of, size, self.muster.offers.family_need, MOST_MODES)
        ]

    def _option(self, number: int, clerk: Clerk, kind: int, groups: GroupSet, stays: bool) -> Option:
        window = self._first[kind]
        flips = bool(window.mode) and not groups <= self._mode[kind]
        first = not window.mode and self.book.now_s > self.book.snapshot.open_s
        walk_s = 0.0 if stays or clerk.window is None else float(self.rules.move_s)
        setup_s = float(self.rules.setup_s) if flips or first else 0.0
        cost = self.weights.flip * flips + self.weights.move * (walk_s > 0)
        if window.id in self.book.pins:
            cost -= self.weights.unpinned
        cost -= self.weights.wide * (len({self.groups.family[g] for g in groups}) - 1)
        lost_s = max(walk_s, setup_s + (0.0 if stays else self._taken_s(clerk, kind)))
        return Option(number, kind, groups, lost_s, cost, stays, flips)

    def _taken_s(self, clerk: Clerk, kind: int) -> float:
        """From when the clerk is free until one of these windows is: whoever serves finishes first."""
        others = (w.id for w in self.kinds.windows[kind] if w.id != clerk.window)
        free_in_s = min((self._free_in_s.get(w, 0.0) for w in others), default=0.0)
        return max(0.0, free_in_s - self._in_hand_s[clerk.id])
