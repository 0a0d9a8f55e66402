"""A clerk's shift: no post outside it, and none during a break of the clerk's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hall.core.names import ClerkId
from scheduler.check import apart
from scheduler.check.commitments import Agreed, settle
from scheduler.check.fault import Fault
from scheduler.check.rests import spans
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan, Post

SHORTEST_S = 1  # times are whole seconds


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    rests = spans(book, plan)
    agreed: dict[ClerkId, list[Agreed]] = {}
    for one in settle(book).kept:
        agreed.setdefault(one.clerk, []).append(one)
    found = []
    for i, post in enumerate(plan.posts):
        if not _is_in_shift(book, post):
            found.append(Fault("shift", f"/posts/{i}", f"{post.clerk} is not there all that time"))
        free_s = _stands_until_s(book, post, agreed)
        for begin_s, end_s in rests.get(post.clerk, ()):
            if max(free_s, begin_s) < min(post.to_s, end_s):
                text = f"{post.clerk} has a break from {begin_s} on"
                found.append(Fault("on_break", f"/posts/{i}", text))
    return found


def last_s(book: Rulebook, clerk: ClerkId) -> int:
    """The end of the clerk's posts. Whoever works on after the shift is posted until the next plan comes."""
    end_s = book.clerks[clerk].end_s
    return end_s if end_s > book.now_s else book.now_s + int(book.snapshot.rules.replan_s) + SHORTEST_S


def _is_in_shift(book: Rulebook, post: Post) -> bool:
    """For whoever is at work the shift has begun, however early; only its end is in question."""
    clerk = book.clerks[post.clerk]
    if clerk.is_at_work:
        return post.to_s <= last_s(book, clerk.id)
    return clerk.start_s <= post.from_s and post.to_s <= clerk.end_s


def _stands_until_s(book: Rulebook, post: Post, agreed: Mapping[ClerkId, Iterable[Agreed]]) -> int:
    """Until when the post stands against a break of its clerk's, because another rule asks for it.

    That is the first second of the post of now, and of an agreed flip to which the limits of its clerk's
    breaks leave no room.
    """
    if post.from_s <= book.now_s:
        return book.now_s + SHORTEST_S
    mine = agreed.get(post.clerk, ())
    if not any((a.window, a.at_s) == (post.window, post.from_s) for a in mine):
        return post.from_s
    has_room = apart.starts(book, book.clerks[post.clerk], [a.at_s for a in mine]) is not None
    return post.from_s if has_room else post.from_s + SHORTEST_S
