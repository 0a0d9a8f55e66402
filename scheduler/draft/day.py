"""Posts through the day: the present one of each clerk, and what is meant to follow it."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from scheduler.check.commitments import Agreed
from scheduler.check.rulebook import Rulebook
from scheduler.check.shifts import SHORTEST_S, last_s
from scheduler.draft.decision import Decision
from scheduler.plan import Post
from scheduler.snapshot import Clerk


def posts(book: Rulebook, decision: Decision) -> tuple[Post, ...]:
    """Present posts up to the next break or the end of the shift, the same again after it, agreed flips."""
    found = [post for clerk in book.at_work for post in _of_clerk(book, decision, clerk)]
    for agreed in decision.settled.kept:
        if agreed.at_s > book.now_s:
            found = _with_agreed(book, decision, found, agreed)
    return tuple(found)


def _of_clerk(book: Rulebook, decision: Decision, clerk: Clerk) -> list[Post]:
    window, mode = decision.posts.get(clerk.id, (None, ()))
    now_s = book.now_s
    whole = Post(clerk.id, window, mode, now_s, last_s(book, clerk.id))
    return [p for p in _between_breaks(decision, clerk, whole) if p.from_s == now_s or _holds_later(book, p)]


def _between_breaks(decision: Decision, clerk: Clerk, whole: Post) -> list[Post]:
    """The post without the clerk's breaks; its first moment stays, even if a break begins then."""
    rests = sorted(
        (decision.breaks[clerk.id, i], one.length_s) for i, one in enumerate(clerk.breaks) if not one.taken
    )
    found, from_s = [], whole.from_s
    for start_s, length_s in rests:
        if start_s + length_s <= whole.from_s:
            continue
        to_s = min(max(start_s, whole.from_s + SHORTEST_S if from_s == whole.from_s else from_s), whole.to_s)
        if to_s > from_s:
            found.append(replace(whole, from_s=from_s, to_s=to_s))
        from_s = max(from_s, to_s, ceil(start_s + length_s))
    if from_s < whole.to_s:
        found.append(replace(whole, from_s=from_s))
    return found


def _holds_later(book: Rulebook, post: Post) -> bool:
    """Whether a later post still fits what people have decided about its window for that time."""
    if post.window is None:
        return True
    pin = book.pins.get(post.window)
    return pin is None or set(pin.mode) == set(post.mode)


def _with_agreed(book: Rulebook, decision: Decision, posts: list[Post], agreed: Agreed) -> list[Post]:
    """The agreed flip at its time; whoever sits there before leaves in time, and its clerk comes."""
    clerk = book.clerks[agreed.clerk]
    end_s = max(clerk.end_s, agreed.at_s + SHORTEST_S)
    kept = []
    for post in posts:
        touches = agreed.window == post.window or agreed.clerk == post.clerk
        if not touches or post.to_s <= agreed.at_s:
            kept.append(post)
        elif post.from_s < agreed.at_s:
            kept.append(replace(post, to_s=agreed.at_s))
    whole = Post(agreed.clerk, agreed.window, agreed.mode, agreed.at_s, end_s)
    return [*kept, *_between_breaks(decision, clerk, whole)]
