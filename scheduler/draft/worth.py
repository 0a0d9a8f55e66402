"""What a change of posts is worth: the seconds waited by everybody without it, less those with it.

A change is undone as a whole. Its clerk goes back to the post before it, and whoever came there at the same
moment goes back as well: no window has two clerks. Whoever made room for it and sits nowhere since, stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf

import numpy as np

from hall.core.names import ClerkId, WindowId
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.outlook import Floats, Outlook, after
from scheduler.draft.waits import Waits, waits
from scheduler.plan import Post
from scheduler.snapshot import Clerk, Mode

NOBODY: frozenset[ClerkId] = frozenset()
HORIZON_S = 3600  # a change is judged by the hour after it: by then posts have been planned anew


@dataclass(frozen=True)
class Hands:
    """Clerks, the share of each block in which each is there, and the seconds each loses to the change."""

    staff: tuple[Clerk, ...]
    there: Floats
    lost_s: Floats


@dataclass(frozen=True)
class Step:
    """Where a clerk sits from a moment on, and the seconds lost to set-up and walk at its beginning."""

    from_s: float
    window: WindowId | None
    mode: Mode
    lost_s: float = 0.0


Course = tuple[Step, ...]


class Worth:
    """The plan's posts, and what undoing some of them would change."""

    def __init__(self, book: Rulebook, posts: Sequence[Post], look: Outlook, hands: Hands) -> None:
        self._book, self._look, self._hands = book, look, hands
        self._courses = _courses(book, posts, hands)
        self._known: dict[tuple[frozenset[ClerkId], float, int], Waits] = {}

    def less_s(self, clerks: frozenset[ClerkId], at_s: float, horizon_s: float = HORIZON_S) -> Floats:
        """Seconds waited less, per service, by `horizon_s` after it, because these change at that moment."""
        with_it, without = (self.without(who, at_s, horizon_s) for who in (NOBODY, clerks))
        return np.asarray((without.person_s - with_it.person_s).sum(axis=1))

    def without(self, clerks: frozenset[ClerkId], at_s: float, horizon_s: float = HORIZON_S) -> Waits:
        """Waits until then if these clerks did not change at that moment."""
        blocks = max(1, ceil((at_s + horizon_s - self._book.now_s) / self._look.block_s))
        key = (clerks, at_s if clerks else 0.0, blocks)
        if key not in self._known:
            self._known[key] = self._waits(self._undone(clerks, at_s), blocks)
        return self._known[key]

    def together(self, clerk: ClerkId, at_s: float) -> frozenset[ClerkId]:
        """The clerk, and those who must go back if this one does."""
        found = {clerk}
        while more := self._in_the_way(found, at_s):
            found |= more
        return frozenset(found)

    def _in_the_way(self, clerks: Iterable[ClerkId], at_s: float) -> set[ClerkId]:
        places = {self._before(c, at_s).window for c in clerks} - {None}
        return {
            c
            for c in self._courses.keys() - clerks
            if (new := _at(self._courses[c], at_s).window) in places and new != self._sat_at(c, at_s)
        }

    def _before(self, clerk: ClerkId, at_s: float) -> Step:
        """Where the clerk would be without the change of that moment."""
        if at_s > self._book.now_s:
            return _at(self._courses[clerk], at_s - 1)
        new, sat_at = _at(self._courses[clerk], at_s), self._sat_at(clerk, at_s)
        if not self._book.clerks[clerk].is_at_work:
            return new
        if sat_at is None and new.window is not None and not self._displaced(new.window, at_s):
            sat_at = new.window  # who has just come needs some window: this one, as it was
        return Step(at_s, sat_at, self._book.windows[sat_at].mode if sat_at else ())

    def _sat_at(self, clerk: ClerkId, at_s: float) -> WindowId | None:
        if at_s > self._book.now_s:
            return _at(self._courses[clerk], at_s - 1).window
        seen = self._book.clerks[clerk]
        return seen.window if seen.is_at_work else None

    def _displaced(self, window: WindowId, at_s: float) -> set[ClerkId]:
        """Who sat at the window before that moment and sits nowhere since."""
        return {
            clerk
            for clerk, course in self._courses.items()
            if self._sat_at(clerk, at_s) == window and _at(course, at_s).window is None
        }

    def _undone(self, clerks: frozenset[ClerkId], at_s: float) -> Mapping[ClerkId, Course]:
        back = set(clerks)
        for clerk in clerks:
            if window := _at(self._courses[clerk], at_s).window:
                back |= self._displaced(window, at_s)
        return {
            clerk: _stayed(course, self._before(clerk, at_s), at_s) if clerk in back else course
            for clerk, course in self._courses.items()
        }

    def _waits(self, courses: Mapping[ClerkId, Course], blocks: int) -> Waits:
        """Each step counts as somebody who is there in its time only."""
        look, hands = self._look, self._hands
        begins = self._book.now_s + look.block_s * np.arange(look.blocks, dtype=float)
        rates, there, lost_s = [], [], []
        for clerk, present in zip(hands.staff, hands.there, strict=True):
            course = courses[clerk.id]
            for step, end_s in zip(course, [*(s.from_s for s in course[1:]), inf], strict=True):
                from_s, to_s = np.maximum(begins, step.from_s), np.minimum(begins + look.block_s, end_s)
                rates.append(_rate(look, clerk, step.mode))
                there.append(present * np.clip(to_s - from_s, 0.0, None) / look.block_s)
                lost_s.append(step.lost_s)
        left = after(np.array(there).reshape(len(there), look.blocks), np.array(lost_s), look)
        near = replace(look, arrivals=look.arrivals[:, :blocks])
        return waits(near, np.array(rates).reshape(len(rates), len(look.ids)), left)


def rates_of(look: Outlook, staff: tuple[Clerk, ...], modes: Mapping[ClerkId, Mode]) -> Floats:
    """Cases per second, clerks x services."""
    rows = [_rate(look, clerk, _offered(clerk, modes.get(clerk.id))) for clerk in staff]
    return np.array(rows).reshape(len(staff), len(look.ids))


def person_s(look: Outlook, modes: Mapping[ClerkId, Mode], hands: Hands, horizon_s: float) -> Floats:
    """Seconds waited within the horizon, per service, if these clerks offer these modes from now on."""
    near = replace(look, arrivals=look.arrivals[:, : max(1, ceil(horizon_s / look.block_s))])
    there = after(hands.there, hands.lost_s, look)
    return np.asarray(waits(near, rates_of(look, hands.staff, modes), there).person_s.sum(axis=1))


def _rate(look: Outlook, clerk: Clerk, mode: Mode) -> Floats:
    row = np.zeros(len(look.ids))
    for service in mode:
        if service in clerk.pace:
            row[look.row[service]] = clerk.pace[service] / look.work_s[look.row[service]]
    return row


def _offered(clerk: Clerk, mode: Mode | None) -> Mode:
    """Whoever has no post yet, but comes later, helps everywhere."""
    if mode is not None or clerk.is_at_work:
        return mode or ()
    return clerk.mode or tuple(clerk.pace)


def _courses(book: Rulebook, posts: Sequence[Post], hands: Hands) -> dict[ClerkId, Course]:
    mine: dict[ClerkId, list[Post]] = {c.id: [] for c in hands.staff}
    for post in sorted(posts, key=lambda p: p.from_s):
        if post.clerk in mine:
            mine[post.clerk].append(post)
    lost_s = zip(hands.staff, hands.lost_s.tolist(), strict=True)
    return {c.id: _course(book, c, mine[c.id], posts, lost) for c, lost in lost_s}


def _course(
    book: Rulebook, clerk: Clerk, mine: Sequence[Post], posts: Sequence[Post], lost_s: float
) -> Course:
    """Posts that only go on after a break are one step; the break itself is in the clerk's presence."""
    now = next((p for p in mine if p.from_s <= book.now_s < p.to_s), None)
    mode = _offered(clerk, now.mode if now else None)
    steps = [Step(book.now_s, now.window if now else None, mode, lost_s)]
    for post in mine:
        last = steps[-1]
        if post.from_s > book.now_s and (post.window, post.mode) != (last.window, last.mode):
            steps.append(Step(post.from_s, post.window, post.mode, _lost_s(book, last, post)))
    leaves_s = _taken_over_s(mine, posts)
    return (*steps, Step(leaves_s, None, ())) if leaves_s < inf else tuple(steps)


def _taken_over_s(mine: Sequence[Post], posts: Sequence[Post]) -> float:
    """When somebody else comes to the clerk's last window, as agreed."""
    last = mine[-1] if mine else None
    if last is None or last.window is None:
        return inf
    others = (p.from_s for p in posts if p.window == last.window and p.clerk != last.clerk)
    return min((at_s for at_s in others if at_s >= last.to_s), default=inf)


def _lost_s(book: Rulebook, before: Step, post: Post) -> float:
    """Seconds lost at a change to come: the larger of set-up and walk."""
    rules, window = book.snapshot.rules, book.windows[post.window] if post.window else None
    setup_s = rules.setup_s if window and is_flip(window, post.mode) else 0.0
    return max(setup_s, rules.move_s if before.window not in (None, post.window) else 0.0)


def _at(course: Course, at_s: float) -> Step:
    """The step in force at that moment; before the first one, the first."""
    return next((s for s in reversed(course) if s.from_s <= at_s), course[0])


def _stayed(course: Course, before: Step, at_s: float) -> Course:
    """The course without its step at that moment; what comes later stays."""
    kept = tuple(s for s in course if s.from_s != at_s)
    if kept and kept[0].from_s < at_s:
        return kept
    return (replace(before, from_s=at_s, lost_s=0.0), *kept)
