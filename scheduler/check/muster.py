"""The muster: posts for everybody at work that keep all rules and miss the floors by as little as can be.

Waiting plays no part in the floors. Everybody stays where possible; who cannot stay is placed; then each
missing floor is met by a chain of changes, where whoever takes it on may pass something on to a colleague
(augmenting paths as in bipartite matching); what is missing still is asked of an exact search. The work is
bounded, so it takes milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from hall.core.names import ClerkId, ServiceId, WindowId
from scheduler.check.commitments import settle
from scheduler.check.fewest import fewest
from scheduler.check.offers import Offers, Posting
from scheduler.check.rulebook import Rulebook
from scheduler.snapshot import Clerk, Mode, Window

MOST_STEPS = 1_500  # changes tried in all; a hall of 60 windows needs a few hundred
LONGEST_CHAIN = 4  # colleagues who pass something on


class Muster:
    """`posts` is the present state; who is in `bound` has an agreed post and does not move."""

    def __init__(self, book: Rulebook, need: Mapping[ServiceId, float] | None = None) -> None:
        self.book = book
        self.need = need or {}  # work waiting, seconds: decides where the rules do not
        self.settled = settle(book)
        self.offers = Offers(book, self.settled.kept, self.need)
        self.posts: dict[ClerkId, Posting] = {}
        self.bound: set[ClerkId] = set()
        self._holder: dict[WindowId, ClerkId] = {}
        self.offered: Counter[ServiceId] = Counter()
        self._steps = 0
        self._keep_agreed()
        self._keep_seats()
        self._seat_the_rest()

    def modes(self) -> Iterator[Mode]:
        return (mode for _, mode in self.posts.values())

    def put(self, clerk: ClerkId, posting: Posting | None) -> None:
        """Give a clerk this post, or none."""
        if clerk in self.posts:
            window, mode = self.posts.pop(clerk)
            del self._holder[window]
            self.offered.subtract(mode)
        if posting is not None:
            self.posts[clerk] = posting
            self._holder[posting[0]] = clerk
            self.offered.update(posting[1])

    def free_windows(self) -> Iterator[Window]:
        return (w for w in self.book.snapshot.windows if w.open and w.id not in self._holder)

    def meet_floors(self) -> Muster:
        """Meet each missing floor by chains of changes, as long as one lowers what is missing in all."""
        for service, floor in self.book.floors.items():
            while self.offered[service] < floor and self._cover(service, set(self.bound), LONGEST_CHAIN):
                pass
        if missing := self.missing():
            bound = {clerk: self.posts[clerk] for clerk in self.bound}
            if found := fewest(self.book, self.offers, bound, missing):
                self._move_to(found)
        return self

    def missing(self) -> int:
        """Windows missing to all floors."""
        return sum(max(0, floor - self.offered[s]) for s, floor in self.book.floors.items())

    def lost(self, clerk: ClerkId, mode: Mode) -> list[ServiceId]:
        """Floors that would be missed if the clerk offered this mode instead."""
        gone = set(self.posts[clerk][1]) - set(mode) if clerk in self.posts else set()
        return sorted(s for s in gone if self.offered[s] <= self.book.floors.get(s, 0))

    def _move_to(self, found: Mapping[ClerkId, Posting]) -> None:
        """Give these clerks these posts; whoever sat at their windows finds another place."""
        taken = {window for window, _ in found.values()}
        for clerk, (window, _) in list(self.posts.items()):
            if clerk in found or window in taken:
                self.put(clerk, None)
        for clerk, posting in found.items():
            self.put(clerk, posting)
        self._keep_seats()
        self._seat_the_rest()

    def _keep_agreed(self) -> None:
        for agreed in self.settled.kept:
            if agreed.at_s <= self.book.now_s:
                self.put(agreed.clerk, (agreed.window, agreed.mode))
                self.bound.add(agreed.clerk)

    def _keep_seats(self) -> None:
        """Whoever sits somewhere stays, in the mode there; of two at one window the one with a visitor."""
        for clerk in sorted(self.book.at_work, key=lambda c: c.status != "serving"):
            if clerk.window is None or clerk.id in self.posts or clerk.window in self._holder:
                continue
            window = self.book.windows[clerk.window]
            if mode := self.offers.widest(clerk, window):
                self.put(clerk.id, (window.id, mode))

    def _seat_the_rest(self) -> None:
        """Those with fewest skills choose first: a pinned window, then missing floors, then the need."""
        rest = [c for c in self.book.at_work if c.id not in self.posts]
        for clerk in sorted(rest, key=lambda c: len(c.pace)):
            choices = [(w, mode) for w in self.free_windows() if (mode := self.offers.widest(clerk, w))]
            if choices:
                window, mode = max(choices, key=self._worth)
                self.put(clerk.id, (window.id, mode))

    def _worth(self, choice: tuple[Window, Mode]) -> tuple[bool, int, float, int]:
        window, mode = choice
        missing = sum(self.offered[s] < self.book.floors.get(s, 0) for s in mode)
        share = sum(self.need.get(s, 0.0) / (1 + self.offered[s]) for s in mode)
        return window.id in self.book.pins, missing, share, len(mode)

    def _cover(self, service: ServiceId, asked: set[ClerkId], depth: int) -> bool:
        """Have one more window offer the service, so that less is missing in all; else change nothing."""
        lossy: list[tuple[int, Clerk, Posting]] = []
        able = [c for c in self.book.at_work if service in c.pace and c.id not in asked]
        for clerk in able:
            if clerk.id in self.posts and service in self.posts[clerk.id][1]:
                continue
            for posting in self._postings_with(clerk, service):
                self._steps += 1
                lost = len(self.lost(clerk.id, posting[1]))
                if lost < self._gained(clerk.id, posting[1]):
                    self.put(clerk.id, posting)
                    return True
                lossy.append((lost, clerk, posting))
        if depth == 0 or self._steps > MOST_STEPS:
            return False
        lossy.sort(key=lambda each: each[0])
        return any(self._pass_on(c, p, asked, depth) for _, c, p in lossy if self._steps < MOST_STEPS) or any(
            self._displace(c, service, asked) for c in able if self._steps < MOST_STEPS
        )

    def _gained(self, clerk: ClerkId, mode: Mode) -> int:
        """Missing floors that the clerk would help by this mode."""
        own = self.posts[clerk][1] if clerk in self.posts else ()
        return sum(self.offered[s] < self.book.floors.get(s, 0) for s in mode if s not in own)

    def _pass_on(self, clerk: Clerk, posting: Posting, asked: set[ClerkId], depth: int) -> bool:
        """Try a change that loses something, if colleagues can make good for it; else undo."""
        if clerk.id in asked:
            return False
        asked.add(clerk.id)  # once in each search, as in matching
        before, missing = dict(self.posts), self.missing()
        lost = self.lost(clerk.id, posting[1])
        self.put(clerk.id, posting)
        for service in lost:
            self._cover(service, asked, depth - 1)
        return self.missing() < missing or self._restore(before)

    def _displace(self, clerk: Clerk, service: ServiceId, asked: set[ClerkId]) -> bool:
        """Take a window where somebody sits who cannot help; who sat there finds another place; else undo."""
        before, missing = dict(self.posts), self.missing()
        for other, (place, mode) in list(before.items()):
            window = self.book.windows[place]
            if other in asked or other == clerk.id or service in mode or service not in window.can:
                continue
            self._steps += 1
            lost = [*self.lost(other, ()), *self.lost(clerk.id, ())]
            self.put(other, None)
            if offered := self.offers.widest(clerk, window, {service}):
                self.put(clerk.id, (place, offered))
                self._reseat(self.book.clerks[other], mode)
                for each in lost:
                    if self.offered[each] < self.book.floors[each]:
                        self._cover(each, asked | {clerk.id, other}, 0)
                if self.missing() < missing:
                    return True
            self._restore(before)
        return False

    def _reseat(self, clerk: Clerk, mode: Mode) -> None:
        """A window for somebody who lost theirs, with as much of the mode as can be had."""
        found = [
            (w, m) for w in self.free_windows() if (m := self.offers.widest(clerk, w, set(mode) & w.can))
        ]
        if found:
            window, offered = max(found, key=lambda each: len(set(each[1]) & set(mode)))
            self.put(clerk.id, (window.id, offered))

    def _restore(self, before: dict[ClerkId, Posting]) -> bool:
        """Put everybody back; False, for a change that came to nothing."""
        changed = [c for c in dict.fromkeys([*before, *self.posts]) if self.posts.get(c) != before.get(c)]
        for clerk in changed:
            self.put(clerk, None)
        for clerk in changed:
            self.put(clerk, before.get(clerk))
        return False

    def _postings_with(self, clerk: Clerk, service: ServiceId) -> Iterator[Posting]:
        """Ways for a clerk to offer a service: at the own window, else at one free window of each kind.

        At either, everything of the present mode that still fits comes along.
        """
        own = self.posts.get(clerk.id)
        kinds = set()
        here = [self.book.windows[own[0]]] if own else []
        for window in [*here, *self.free_windows()]:
            kind = (self.offers.kind(window), window in here)
            if service not in window.can or kind in kinds:
                continue
            kinds.add(kind)
            keep = set(own[1]) & window.can if own else set()
            for wish in self._wishes(service, keep):
                if mode := self.offers.widest(clerk, window, wish):
                    yield window.id, mode

    def _wishes(self, service: ServiceId, keep: set[ServiceId]) -> list[set[ServiceId]]:
        """The service with as many families of the kept mode as a mode has room for, in every choice."""
        family, most = self.book.family, self.book.snapshot.rules.max_families
        others = sorted({family[s] for s in keep} - {family[service]})
        own = {s for s in keep if family[s] == family[service]} | {service}
        if len(others) < most:
            return [own | keep, {service}]
        return [own | {s for s in keep if family[s] in others and family[s] != f} for f in others] + [
            {service}
        ]
