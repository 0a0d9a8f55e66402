"""Offers: the widest mode that a clerk may offer at a window now, with what is wished if the rules allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hall.core.names import ClerkId, ServiceId, WindowId
from scheduler.check.commitments import Agreed
from scheduler.check.families import by_family
from scheduler.check.rulebook import Rulebook, left_by
from scheduler.snapshot import Clerk, Mode, Window

Posting = tuple[WindowId, Mode]


class Offers:
    """`need` (any unit) decides which families come into a mode where nothing else does."""

    def __init__(
        self, book: Rulebook, agreed: Iterable[Agreed] = (), need: Mapping[ServiceId, float] | None = None
    ) -> None:
        self.book = book
        # An agreed flip still to come would miss its dwell if its window flipped before.
        self._reserved: dict[WindowId, list[Agreed]] = {}
        for one in agreed:
            if one.at_s > book.now_s:
                self._reserved.setdefault(one.window, []).append(one)
        self._need = need or {}
        self.family_need = by_family(self._need, book.family)
        self._found: dict[tuple[ClerkId, WindowId, frozenset[ServiceId]], Mode | None] = {}
        self._refused = {r.window for r in book.snapshot.refused}
        self._kinds = {w.id: self._kind(w) for w in book.snapshot.windows}

    def widest(self, clerk: Clerk, window: Window, wish: Iterable[ServiceId] = ()) -> Mode | None:
        """None where no mode, or none with everything wished, is allowed."""
        key = (clerk.id, window.id, frozenset(wish))
        if key not in self._found:
            self._found[key] = self._widest(clerk, window, key[2])
        return self._found[key]

    def _widest(self, clerk: Clerk, window: Window, wished: frozenset[ServiceId]) -> Mode | None:
        forced = self.forced(window)
        if forced is not None:
            return forced if self._fits(clerk, window, forced, wished) else None
        reach = self.reach(clerk, window)
        if wished - reach or not reach:
            return None
        agreed = {s for one in self._reserved.get(window.id, ()) for s in one.mode}
        for wish in dict.fromkeys((wished, wished | agreed & reach)):
            mode = self._filled(window, reach, wish)
            for each in (mode, *_narrower(mode)):
                if self._fits(clerk, window, each, wished):
                    return each
        return None

    def reach(self, clerk: Clerk, window: Window) -> frozenset[ServiceId]:
        """The services from which a mode may be put together here, now."""
        if not window.open:
            return frozenset()
        reach = window.can & clerk.pace.keys()
        return reach if self.is_free(window) else reach & set(window.mode)

    def is_free(self, window: Window) -> bool:
        """Whether the window may flip now as far as dwell, the day's flips and agreed flips go.

        A first mode is no flip: an agreed opening keeps nobody from opening it before.
        """
        if not window.mode:
            return True
        return window.id not in self._reserved and not self.book.is_settled(window, self.book.now_s)

    def may(self, clerk: Clerk, window: Window, mode: Mode) -> bool:
        """Whether the rules let this clerk offer the mode there now, with what has been agreed for later."""
        return self.book.refusal(window, clerk, mode) is None and not self.spoils(window, mode)

    def spoils(self, window: Window, mode: Mode) -> bool:
        """Whether the mode now would forbid an agreed one to come: to widen what it narrows is a flip."""
        window = left_by(window, mode, self.book.now_s)
        for one in self._reserved.get(window.id, ()):
            if self.book.forbidden(window, one.mode, one.at_s):
                return True
            window = left_by(window, one.mode, one.at_s)
        return False

    def forced(self, window: Window) -> Mode | None:
        """The one mode that a pin or a fixed window leaves; None where there is a choice."""
        if pin := self.book.pins.get(window.id):
            return pin.mode
        return window.fixed_mode if not window.tidal else None

    def kind(self, window: Window) -> object:
        """Windows of one kind allow the same modes to the same clerks."""
        return self._kinds[window.id]

    def _kind(self, window: Window) -> object:
        settled = self.book.is_settled(window, self.book.now_s)
        own = window.id if window.id in self._refused or window.id in self._reserved else None
        return window.can, window.mode, settled, self.forced(window), own

    def _filled(self, window: Window, reach: frozenset[ServiceId], wished: frozenset[ServiceId]) -> Mode:
        """Up to max_families of the reach: wished ones first, then the present mode, then the need."""
        family, present = self.book.family, set(window.mode) & reach
        within = present if present and wished <= present else reach  # flip only if a wish asks for it
        rank: dict[str, tuple[int, float]] = {}
        for service in sorted(within):
            level, need = rank.get(family[service], (0, 0.0))
            own = 2 if service in wished else int(service in present)
            rank[family[service]] = max(level, own), need + self._need.get(service, 0.0)
        best = sorted(rank, key=lambda f: (-rank[f][0], -rank[f][1], f))
        best = best[: self.book.snapshot.rules.max_families]
        return tuple(sorted(s for s in within if family[s] in best))

    def _fits(self, clerk: Clerk, window: Window, mode: Mode, wished: frozenset[ServiceId]) -> bool:
        return wished <= set(mode) and self.may(clerk, window, mode)


def _narrower(mode: Mode) -> Iterator[Mode]:
    """The mode without one of its services: what is left when exactly this mode was refused."""
    return (mode[:i] + mode[i + 1 :] for i in range(len(mode)) if len(mode) > 1)
