"""Local search over posts and breaks: one clerk at a time, the first change that all sampled days approve."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from hall.core.names import ClerkId
from scheduler.check.families import some_of
from scheduler.check.muster import Muster
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.decision import BreakStarts
from scheduler.draft.fullness import LEAST_LOAD, MOST_LOAD, tempered
from scheduler.draft.outlook import Outlook
from scheduler.model.lineup.cover import Cover
from scheduler.model.lineup.people import sample
from scheduler.model.lineup.rehearsal import Floats
from scheduler.model.lineup.stage import Stage
from scheduler.model.lineup.start import by_load
from scheduler.snapshot import Clerk, Mode, Window

GLANCE = 10  # days after which a change that is clearly bad is dropped; then after twice as many, and so on
DOUBT = 1.5  # standard errors
PASSES = 3
MOST_PEOPLE = 30_000  # a day; beyond lies no hall, and rehearsing it would take minutes
MOST_MODES = 700  # at a window that are looked at
EXCHANGES = 6  # tried per clerk and pass
BREAK_STEP_S = 1800
MOST_WORK = 2.0e9  # trials x days x people x clerks^0.5, what the time goes by: 14 s of two cores
MOST_TICKETS = 160_000  # people of all days; where many thousands come each day, fewer days tell as much ...
FEWEST_DAYS = 16  # ... and chance is small in one


@dataclass(frozen=True)
class Effort:
    """How much a line-up may cost: sampled days, and changes tried.

    `from_shares`: whether it begins at posts by load shares, if these are better than those that stand.
    `least_load`, `most_load`: how full a day is rehearsed (scheduler.draft.fullness). `notice_s`: how long
    before a break its clerk hears of another time; people make plans for lunch.
    """

    days: int
    trials: int
    from_shares: bool = True
    least_load: float = LEAST_LOAD
    most_load: float = MOST_LOAD
    notice_s: int = 0

    def within(self, people: float, clerks: int) -> Effort:
        """Less of it in a hall so large that the whole would not end before any deadline.

        A search that the clock cuts gives another line-up on another machine; one that counts does not.
        """
        days = min(self.days, max(FEWEST_DAYS, round(MOST_TICKETS / people)))
        return replace(
            self, days=days, trials=min(self.trials, int(MOST_WORK / (days * people * clerks**0.5)))
        )


OPENING = Effort(days=160, trials=1500)
# During the day, from the posts that stand. What is left of a day may be fuller than any whole day.
AGAIN = Effort(days=160, trials=1500, from_shares=False, most_load=1.0, notice_s=1800)
# Within a plan's second, at opening and during the day.
SHORT, BRIEF = (replace(effort, days=16, trials=150) for effort in (OPENING, AGAIN))


@dataclass(frozen=True)
class Lineup:
    """Posts and break starts, and what sampled days cost under them (seconds of waiting a day)."""

    posts: dict[ClerkId, Posting]
    breaks: dict[tuple[ClerkId, int], int]
    cost_s: float
    trials: int


def lineup(
    book: Rulebook,
    look: Outlook,
    muster: Muster,
    breaks: BreakStarts,
    limit_s: float,
    effort: Effort = OPENING,
) -> Lineup:
    """Improve the muster's posts, which are changed in place, and the breaks.

    `effort` bounds the work, so the answer does not depend on speed; `limit_s` is a safety net.
    """
    people = look.arrivals.sum() + look.waiting.sum()
    if not book.at_work or not 0 < people <= MOST_PEOPLE:
        return Lineup(dict(muster.posts), dict(breaks), 0.0, 0)
    effort = effort.within(people, len(book.at_work))
    search = _Search(book, look, muster, dict(breaks), effort, time.monotonic() + limit_s)
    try:
        for _ in range(PASSES):
            if not search.sweep():
                break
    finally:
        search.stage.close()
    return Lineup(dict(muster.posts), search.breaks, float(search.cost.mean()), search.trials)


class _Search:
    def __init__(
        self,
        book: Rulebook,
        look: Outlook,
        muster: Muster,
        breaks: dict[tuple[ClerkId, int], int],
        effort: Effort,
        until: float,
    ) -> None:
        self.book, self.muster, self.breaks = book, muster, breaks
        rehearsed = tempered(book, look, breaks, effort.least_load, effort.most_load)
        self.stage = Stage(book, look, sample(book.snapshot, rehearsed, effort.days))
        self.effort, self.until, self.trials = effort, until, 0
        self._looks = [*_doubled(GLANCE, effort.days), effort.days]
        self.cost = self._costs()
        needed, has = windows_to_keep(book, look), windows_kept(book, muster.posts)
        self._kept = {s: min(windows, has[s]) for s, windows in needed.items()}
        if effort.from_shares:
            self._begin(by_load(book, look, muster))
        self._cover = Cover(book)
        self._missed = self._cover.missed(muster.posts, self.breaks)
        self._order = np.random.default_rng([abs(book.snapshot.seed), 72])

    def _begin(self, posts: dict[ClerkId, Posting]) -> None:
        """Start from these posts, with floors met, if they are better than the muster's own."""
        before, missing = dict(self.muster.posts), self.muster.missing()
        self._set(posts)
        self.muster.meet_floors()
        cost = self._costs()
        if self.muster.missing() <= missing and self._keeps_caps() and cost.sum() < self.cost.sum():
            self.cost = cost
        else:
            self._set(before)

    def _set(self, posts: dict[ClerkId, Posting]) -> None:
        for clerk in list(self.muster.posts):
            self.muster.put(clerk, None)
        for clerk, posting in posts.items():
            self.muster.put(clerk, posting)

    def sweep(self) -> bool:
        """Every clerk once, in random order; whether anything changed."""
        clerks = [c for c in self.book.at_work if c.id not in self.muster.bound]
        changed = False
        for number in self._order.permutation(len(clerks)):
            changed |= self._improve_post(clerks[number])
            changed |= self._improve_by_exchange(clerks[number])
            changed |= self._improve_breaks(clerks[number])
        return changed

    def _improve_post(self, clerk: Clerk) -> bool:
        changed = False
        for posting in list(self._postings(clerk)):
            before = self.muster.posts.get(clerk.id)
            if posting == before or self._loses_floor(clerk.id, posting[1]):
                continue
            self.muster.put(clerk.id, posting)
            if self._accept():
                changed = True
            else:
                self.muster.put(clerk.id, before)
        return changed

    def _improve_by_exchange(self, clerk: Clerk) -> bool:
        """Modes that only a taken window allows: its clerk takes over the own window, or a free one."""
        within_reach = {mode for _, mode in self._postings(clerk)}
        others = [c for c in self.book.at_work if c.id in self.muster.posts and c.id != clerk.id]
        tried = 0
        for number in self._order.permutation(len(others)):
            other = others[number]
            if tried >= EXCHANGES or clerk.id not in self.muster.posts or other.id in self.muster.bound:
                continue
            window = self.book.windows[self.muster.posts[other.id][0]]
            modes = [m for m in self._modes(clerk, window) if m not in within_reach]
            for mode in modes[:EXCHANGES]:
                if self.muster.offers.may(clerk, window, mode):
                    tried += 1
                    if self._exchange(clerk, other, (window.id, mode)):
                        return True
        return False

    def _exchange(self, clerk: Clerk, other: Clerk, posting: Posting) -> bool:
        before = dict(self.muster.posts)
        wish = set(before[other.id][1])
        self.muster.put(clerk.id, None)
        self.muster.put(other.id, None)
        self.muster.put(clerk.id, posting)
        places = list(self._postings(other))
        if places:
            self.muster.put(other.id, max(places, key=lambda p: (len(wish & set(p[1])), -len(p[1]))))
            if self._keeps_floors(before) and self._accept():
                return True
        self.muster.put(clerk.id, None)
        self.muster.put(other.id, None)
        self.muster.put(other.id, before[other.id])
        self.muster.put(clerk.id, before[clerk.id])
        return False

    def _keeps_floors(self, before: dict[ClerkId, Posting]) -> bool:
        """Whether no floor is missed by more than before."""
        had = Counter(s for _, mode in before.values() for s in mode)
        return all(self.muster.offered[s] >= min(floor, had[s]) for s, floor in self.book.floors.items())

    def _improve_breaks(self, clerk: Clerk) -> bool:
        changed, heard_s = False, self.book.now_s + self.effort.notice_s
        for (who, index), start_s in [item for item in self.breaks.items() if item[0][0] == clerk.id]:
            if start_s < heard_s:
                continue
            one = clerk.breaks[index]
            for other in range(one.earliest_s, one.latest_s + 1, BREAK_STEP_S):
                if other == self.breaks[who, index] or other < heard_s:
                    continue
                if self._meets_another(clerk, index, other) or self._covers_agreed(clerk, index, other):
                    continue
                start_s = self.breaks[who, index]
                self.breaks[who, index] = other
                if self._accept():
                    changed = True
                else:
                    self.breaks[who, index] = start_s
        return changed

    def _meets_another(self, clerk: Clerk, index: int, start_s: int) -> bool:
        """Whether a break that began then would overlap another one of the clerk's."""
        end_s = start_s + clerk.breaks[index].length_s
        return any(
            start_s < self.breaks[clerk.id, i] + one.length_s and self.breaks[clerk.id, i] < end_s
            for i, one in enumerate(clerk.breaks)
            if i != index and (clerk.id, i) in self.breaks
        )

    def _covers_agreed(self, clerk: Clerk, index: int, start_s: int) -> bool:
        """Whether a break that began then would cover an agreed flip that needs the clerk."""
        end_s = start_s + clerk.breaks[index].length_s
        return any(a.clerk == clerk.id and start_s <= a.at_s < end_s for a in self.muster.settled.kept)

    def _accept(self) -> bool:
        """Whether the state under trial is better over all days.

        One that leaves floors barer in the hours to come, while clerks rest, is no candidate.
        """
        if self.trials >= self.effort.trials or time.monotonic() > self.until or not self._keeps_caps():
            return False
        missed = self._cover.missed(self.muster.posts, self.breaks)
        if missed > self._missed:
            return False
        self.trials += 1
        cost = self._better()
        if cost is None:
            return False
        self.cost, self._missed = cost, missed
        return True

    def _better(self) -> Floats | None:
        """What each day costs in the state under trial, if that is less over all of them."""
        setting, cost = self.stage.set(self.muster.posts, self.breaks), np.zeros(0)
        for days in self._looks:
            cost = np.concatenate((cost, self.stage.costs(setting, range(len(cost), days))))
            worse = cost - self.cost[:days]
            if worse.mean() > DOUBT * worse.std() / days**0.5:
                return None
        return cost if cost.sum() < self.cost.sum() else None

    def _keeps_caps(self) -> bool:
        """Whether each line with a cap keeps the windows that it needs, or as many as it had."""
        has = windows_kept(self.book, self.muster.posts) if self._kept else {}
        return all(has[s] >= windows for s, windows in self._kept.items())

    def _costs(self) -> Floats:
        return self.stage.costs(self.stage.set(self.muster.posts, self.breaks), range(self.effort.days))

    def _loses_floor(self, clerk: ClerkId, mode: Mode) -> bool:
        return bool(self.muster.lost(clerk, mode))

    def _postings(self, clerk: Clerk) -> Iterator[Posting]:
        """Each mode the clerk can offer, at the own window if it can, else at the first free one."""
        own = self.muster.posts.get(clerk.id)
        here = [self.book.windows[own[0]]] if own else []
        modes: set[Mode] = set()
        for window in [*here, *self.muster.free_windows()]:
            for mode in self._modes(clerk, window):
                if mode not in modes and self.muster.offers.may(clerk, window, mode):
                    modes.add(mode)
                    yield window.id, mode

    def _modes(self, clerk: Clerk, window: Window) -> Iterator[Mode]:
        """As many families as a mode may have, in every choice, each with all its services."""
        if not window.tidal:
            yield window.fixed_mode
            return
        if window.id in self.book.pins:
            yield self.book.pins[window.id].mode
            return
        family = self.book.family
        reach = sorted(window.can & clerk.pace.keys())
        families = {family[s] for s in reach}
        count = min(len(families), self.book.snapshot.rules.max_families)
        for chosen in some_of(families, count, self.muster.offers.family_need, MOST_MODES):
            yield tuple(s for s in reach if family[s] in chosen)


def _doubled(first: int, below: int) -> Iterator[int]:
    while first < below:
        yield first
        first *= 2
