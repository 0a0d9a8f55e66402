"""What a change of posts is worth: the seconds waited by everybody without it, less those with it.

A change is undone as a whole. Its clerk goes back to the post before it, and whoever came there at the same
moment goes back as well: no window has two clerks. Whoever made room for it and sits nowhere since, keeps
the window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import ceil, inf

import numpy as np

from hall.core.names import ClerkId, WindowId
from scheduler.check.course import as_left
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.outlook import Floats, Outlook, after
from scheduler.draft.waits import Waits, waits
from scheduler.plan import Post
from scheduler.snapshot import Clerk, Mode, Window

NOBODY: frozenset[ClerkId] = frozenset()
HORIZON_S = 3600  # a change is judged by the hour after it: by then posts have been planned anew
AHEAD_S = 4 * 3600  # one that does not pay within the hour is judged by this next: as far as plans look


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
Rows = tuple[Floats, Floats, Floats]  # of steps: cases per second, share of each block there, seconds lost


class Worth:
    """The plan's posts, and what undoing some of them would change."""

    def __init__(self, book: Rulebook, posts: Sequence[Post], look: Outlook, hands: Hands) -> None:
        self._book, self._look, self._hands = book, look, hands
        self._courses = _courses(book, posts, hands)
        self._known: dict[tuple[frozenset[ClerkId], float, float], Waits] = {}
        self._rows_known: dict[tuple[int, Course], Rows] = {}

    def less_s(self, clerks: frozenset[ClerkId], at_s: float, horizon_s: float = HORIZON_S) -> Floats:
        """Seconds waited less, per service, by `horizon_s` after it, because these change at that moment."""
        with_it, without = (self.without(who, at_s, horizon_s) for who in (NOBODY, clerks))
        return np.asarray((without.person_s - with_it.person_s).sum(axis=1))

    def without(self, clerks: frozenset[ClerkId], at_s: float, horizon_s: float = HORIZON_S) -> Waits:
        """Waits until then if these clerks did not change at that moment."""
        until_s = at_s + horizon_s - self._book.now_s
        key = (clerks, at_s, horizon_s) if clerks else (clerks, until_s, 0.0)
        if key not in self._known:
            self._known[key] = self._waits(self._undone(clerks, at_s), until_s)
        return self._known[key]

    def together(self, clerk: ClerkId, at_s: float) -> frozenset[ClerkId]:
        """The clerk, and those who must go back if this one does."""
        found = {clerk}
        while more := self._in_the_way(found, at_s):
            found |= more
        return frozenset(found)

    def _in_the_way(self, clerks: Set[ClerkId], at_s: float) -> set[ClerkId]:
        places = {self._sat_at(c, at_s) for c in clerks} - {None}
        return {
            c
            for c in self._courses.keys() - clerks
            if (new := self._sits_at(c, at_s)) in places and new != self._sat_at(c, at_s)
        }

    def _sits_at(self, clerk: ClerkId, at_s: float) -> WindowId | None:
        return _at(self._courses[clerk], at_s).window

    def _sat_at(self, clerk: ClerkId, at_s: float) -> WindowId | None:
        """Before that moment; nobody could have stayed at a window that is shut now."""
        if at_s > self._book.now_s:
            return self._sits_at(clerk, at_s - 1)
        seen = self._book.clerks[clerk]
        is_there = seen.is_at_work and seen.window is not None and self._book.windows[seen.window].open
        return seen.window if is_there else None

    def _displaced(self, window: WindowId | None, at_s: float) -> set[ClerkId]:
        """Who sat at the window before that moment and sits nowhere since."""
        return {
            c
            for c in self._courses
            if window and self._sat_at(c, at_s) == window and self._sits_at(c, at_s) is None
        }

    def _undone(self, clerks: Set[ClerkId], at_s: float) -> Mapping[ClerkId, Course]:
        back = set(clerks).union(*(self._displaced(self._sits_at(c, at_s), at_s) for c in clerks))
        taken = {self._sat_at(c, at_s) for c in back}
        return self._courses | {
            c: _stayed(self._courses[c], self._before(c, at_s, taken), at_s) for c in back
        }

    def _before(self, clerk: ClerkId, at_s: float, taken: Set[WindowId | None]) -> Step:
        """Where the clerk would be without the change of that moment, which costs neither set-up nor walk.

        Who has just come needs some window: the new one as it was, unless somebody goes back there.
        """
        if at_s > self._book.now_s:
            return _at(self._courses[clerk], at_s - 1)
        place = self._sat_at(clerk, at_s)
        if place is None and (new := self._sits_at(clerk, at_s)) not in taken:
            place = new
        return Step(at_s, place, self._book.windows[place].mode if place else ())

    def _waits(self, courses: Mapping[ClerkId, Course], until_s: float) -> Waits:
        """Within `until_s` from now. Each step counts as somebody who is there in its time only."""
        look, rows = self._look, [self._rows(i, courses[c.id]) for i, c in enumerate(self._hands.staff)]
        rates, there, lost_s = (np.concatenate(part) for part in zip(*rows, strict=True))
        return waits(near(look, until_s), rates, after(there, lost_s, look))

    def _rows(self, number: int, course: Course) -> Rows:
        """The steps of this one of the staff; most are the same whatever is undone."""
        if (number, course) not in self._rows_known:
            self._rows_known[number, course] = self._rows_of(number, course)
        return self._rows_known[number, course]

    def _rows_of(self, number: int, course: Course) -> Rows:
        look, clerk = self._look, self._hands.staff[number]
        begins = self._book.now_s + look.block_s * np.arange(look.blocks, dtype=float)
        from_s = np.array([step.from_s for step in course])[:, None]
        to_s = np.append(from_s[1:], [[inf]], axis=0)
        share = np.minimum(begins + look.block_s, to_s) - np.maximum(begins, from_s)
        there = self._hands.there[number] * share.clip(0.0) / look.block_s
        rates = np.array([rate(look, clerk, step.mode) for step in course])
        return rates, there, np.array([step.lost_s for step in course])


def rates_of(look: Outlook, staff: tuple[Clerk, ...], modes: Mapping[ClerkId, Mode]) -> Floats:
    """Cases per second, clerks x services."""
    rows = [rate(look, clerk, _offered(clerk, modes.get(clerk.id))) for clerk in staff]
    return np.array(rows).reshape(len(staff), len(look.ids))


def near(look: Outlook, until_s: float) -> Outlook:
    """The same outlook for this many seconds only, one block at least."""
    return replace(look, arrivals=look.arrivals[:, : max(1, ceil(until_s / look.block_s))])


def rate(look: Outlook, clerk: Clerk, mode: Mode) -> Floats:
    """Cases per second of each service, one clerk."""
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
    before = dict(as_left(book, posts))
    mine: dict[ClerkId, list[tuple[Post, Window | None]]] = {c.id: [] for c in hands.staff}
    for post in sorted(posts, key=lambda p: p.from_s):
        if post.clerk in mine:
            mine[post.clerk].append((post, before.get(post)))
    lost_s = zip(hands.staff, hands.lost_s.tolist(), strict=True)
    return {c.id: _course(book, c, mine[c.id], posts, lost) for c, lost in lost_s}


def _course(
    book: Rulebook,
    clerk: Clerk,
    mine: Sequence[tuple[Post, Window | None]],
    posts: Sequence[Post],
    lost_s: float,
) -> Course:
    """Posts that only go on after a break are one step: the break itself is in the clerk's presence.

    `mine`: each with its window as it is before.
    """
    now = next((p for p, _ in mine if p.from_s <= book.now_s < p.to_s), None)
    mode = _offered(clerk, now.mode if now else None)
    steps = [Step(book.now_s, now.window if now else None, mode, lost_s)]
    for post, window in mine:
        last = steps[-1]
        if post.from_s > book.now_s and (post.window, post.mode) != (last.window, last.mode):
            steps.append(Step(post.from_s, post.window, post.mode, _lost_s(book, last, post, window)))
    leaves_s = _taken_over_s(mine[-1][0], posts) if mine else inf
    return (*steps, Step(leaves_s, None, ())) if leaves_s < inf else tuple(steps)


def _taken_over_s(last: Post, posts: Sequence[Post]) -> float:
    """When somebody else comes to the window of a clerk's last post, as agreed."""
    others = (p.from_s for p in posts if last.window and p.window == last.window and p.clerk != last.clerk)
    return min((at_s for at_s in others if at_s >= last.to_s), default=inf)


def _lost_s(book: Rulebook, before: Step, post: Post, window: Window | None) -> float:
    """Seconds lost at a change to come: the larger of set-up and walk. `window`: as it is before."""
    rules = book.snapshot.rules
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
