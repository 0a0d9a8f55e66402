"""The course of a window 窗口走势: its posts in order of time, each asked of what those before it leave.

Later posts are a forecast of intent (contracts §1): they may change with the next plan, but nobody intends
what a rule forbids. So all rules of a window bind them, dwell and the day's flips from one planned post to
the next too. Set-up and walk are a cost inside a post and ask for no gap between two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hall.core.names import WindowId
from scheduler.check.fault import Fault
from scheduler.check.rulebook import Rulebook, left_by
from scheduler.plan import Plan, Post
from scheduler.snapshot import Window

Numbered = tuple[int, Post]


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    posts: dict[WindowId, list[Numbered]] = {}
    for i, post in enumerate(plan.posts):
        if post.window is not None and post.mode:
            posts.setdefault(post.window, []).append((i, post))
    return [fault for window, mine in posts.items() for fault in _of_window(book, book.windows[window], mine)]


def as_left(book: Rulebook, posts: Iterable[Post]) -> Iterator[tuple[Post, Window]]:
    """The posts at windows in order of time, each with its window as the posts before leave it."""
    windows = dict(book.windows)
    for post in sorted(posts, key=lambda p: p.from_s):
        if post.window is not None and post.mode:
            before = windows[post.window]
            windows[post.window] = left_by(before, post.mode, post.from_s)
            yield post, before


def _of_window(book: Rulebook, window: Window, posts: Sequence[Numbered]) -> list[Fault]:
    found = []
    for i, post in sorted(posts, key=lambda each: each[1].from_s):
        at_s = max(post.from_s, book.now_s)
        if why := book.forbidden(window, post.mode, at_s):
            found.append(Fault(why, f"/posts/{i}", f"{window.id} may not offer {', '.join(post.mode)} then"))
        window = left_by(window, post.mode, at_s)
    return found
