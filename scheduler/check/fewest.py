"""The fewest windows missing to the floors, by exact search: branch and bound over the clerks who may move.

Chains of changes (`Muster.meet_floors`) can end where only several changes at once would help. Assigning
clerks, windows and families together is hard in general, but what is missing is small: nearly all halls need
a dozen branches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hall.core.names import ClerkId, ServiceId, WindowId
from scheduler.check.families import by_family, some_of
from scheduler.check.offers import Offers, Posting
from scheduler.check.rulebook import Rulebook
from scheduler.snapshot import Clerk, Mode, Window

MOST_MODES = 50  # of one size at a window; more would take the time that is meant for looks
MOST_LOOKS = 300_000  # options looked at, about 0.3 s; past that the best found so far stands


@dataclass(frozen=True, slots=True)
class _Choice:
    """A mode at a window of a kind; `covers`: those of its services that are still needed."""

    kind: int
    mode: Mode
    covers: tuple[ServiceId, ...]


def fewest(
    book: Rulebook, offers: Offers, bound: Mapping[ClerkId, Posting], below: int
) -> dict[ClerkId, Posting] | None:
    """Posts of those who are needed for the floors, with fewer missing than `below`; None: there are none.

    `bound` names the posts that do not move; they are not part of the answer.
    """
    search = _Search(book, offers, bound, below)
    search.branch(0, sum(search.need.values()))
    return search.postings()


class _Search:
    def __init__(self, book: Rulebook, offers: Offers, bound: Mapping[ClerkId, Posting], below: int) -> None:
        self._book, self._offers, self._least = book, offers, below
        self.need = {
            s: max(0, floor - sum(s in mode for _, mode in bound.values()))
            for s, floor in book.floors.items()
        }
        self._short = by_family(self.need, book.family)
        held = {window for window, _ in bound.values()}
        kinds: dict[object, list[Window]] = {}
        for window in book.snapshot.windows:
            if window.open and window.id not in held:
                kinds.setdefault(offers.kind(window), []).append(window)
        self._kinds = list(kinds.values())
        self._free = [len(same) for same in self._kinds]
        found = [(c, self._choices(c)) for c in book.at_work if c.id not in bound]
        # Those with least choice first: what they take can be taken from nobody later.
        found.sort(key=lambda each: len(each[1]))
        self._clerks, self._of = [c for c, _ in found], [choices for _, choices in found]
        self._able = self._able_from()
        self._looks = 0
        self._taken: list[_Choice | None] = []
        self._best: list[_Choice | None] | None = None

    def branch(self, number: int, missing: int) -> None:
        """Try every choice of the clerk of this number and after, as long as fewer may be missing."""
        if missing < self._least:
            self._least, self._best = missing, list(self._taken)
        if number == len(self._of) or self._looks > MOST_LOOKS:
            return
        if not self._may_gain(missing - self._least + 1, number):
            return
        for choice in sorted(self._useful(number), key=self._gain, reverse=True):
            self._take(choice, missing, number)
        self._taken.append(None)
        self.branch(number + 1, missing)
        self._taken.pop()

    def postings(self) -> dict[ClerkId, Posting] | None:
        """The best choices with a window each: the own one if it is of the kind, else an empty one first."""
        if self._best is None:
            return None
        chosen = [(c, o) for c, o in zip(self._clerks, self._best, strict=False) if o is not None]
        chosen.sort(key=lambda each: not self._is_own(*each))
        sitting = {c.window for c in self._book.at_work}
        posts: dict[ClerkId, Posting] = {}
        used: set[WindowId] = set()
        for clerk, choice in chosen:
            free = [w.id for w in self._kinds[choice.kind] if w.id not in used]
            window = clerk.window if clerk.window in free else min(free, key=lambda w: w in sitting)
            used.add(window)
            posts[clerk.id] = (window, choice.mode)
        return posts

    def _take(self, choice: _Choice, missing: int, number: int) -> None:
        gain = self._gain(choice)
        self._free[choice.kind] -= 1
        for service in choice.covers:
            self.need[service] -= 1
        self._taken.append(choice)
        self.branch(number + 1, missing - gain)
        self._taken.pop()
        for service in choice.covers:
            self.need[service] += 1
        self._free[choice.kind] += 1

    def _may_gain(self, wanted: int, number: int) -> bool:
        """Whether so much may be gained from here on: per service and per clerk, as if nobody competed."""
        able = self._able[number]
        if sum(min(short, able.get(s, 0)) for s, short in self.need.items() if short > 0) < wanted:
            return False
        for later in range(number, len(self._of)):
            wanted -= max((self._gain(choice) for choice in self._useful(later)), default=0)
            if wanted <= 0:
                return True
        return False

    def _useful(self, number: int) -> Iterator[_Choice]:
        self._looks += len(self._of[number])
        return (c for c in self._of[number] if self._free[c.kind] and self._gain(c))

    def _gain(self, choice: _Choice) -> int:
        need = self.need
        return sum(need[s] > 0 for s in choice.covers)

    def _is_own(self, clerk: Clerk, choice: _Choice) -> bool:
        return any(w.id == clerk.window for w in self._kinds[choice.kind])

    def _able_from(self) -> list[dict[ServiceId, int]]:
        """For each number, how many clerks of this number and after could offer each service."""
        able: list[dict[ServiceId, int]] = [{}]
        for choices in reversed(self._of):
            mine = {s for choice in choices for s in choice.covers}
            able.append({s: able[-1].get(s, 0) + (s in mine) for s in {*able[-1], *mine}})
        return able[::-1]

    def _choices(self, clerk: Clerk) -> list[_Choice]:
        """At each kind of window the modes that cover most: one within another is left out."""
        needed = {s for s, short in self.need.items() if short}
        found: list[_Choice] = []
        for kind, same in enumerate(self._kinds):
            covers: dict[frozenset[ServiceId], Mode] = {}
            for mode in self._modes(clerk, same[0], needed):
                covers.setdefault(frozenset(needed.intersection(mode)), mode)
            found += [
                _Choice(kind, mode, tuple(sorted(mine)))
                for mine, mode in covers.items()
                if mine and not any(mine < other for other in covers)
            ]
        return found

    def _modes(self, clerk: Clerk, window: Window, needed: set[ServiceId]) -> Iterator[Mode]:
        """The one mode that is left, or every choice of needed families; each less one if it was refused."""
        family, most = self._book.family, self._book.snapshot.rules.max_families
        if self._offers.forced(window) is not None:
            if mode := self._offers.widest(clerk, window):
                yield mode
            return
        reach = self._offers.reach(clerk, window) & needed
        families = {family[s] for s in reach}
        for count in range(min(most, len(families)), 0, -1):
            for some in some_of(families, count, self._short, MOST_MODES):
                wish = {s for s in reach if family[s] in some}
                for each in (wish, *(wish - {s} for s in sorted(wish))):
                    if each and (mode := self._offers.widest(clerk, window, each)):
                        yield mode
                        if each == wish:
                            break
