"""A clerk's shift: no post outside it, and none during a break of the clerk's own."""

from __future__ import annotations

from hall.core.names import ClerkId
from scheduler.check.fault import Fault
from scheduler.check.rests import spans
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan, Post

SHORTEST_S = 1  # times are whole seconds


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    rests = spans(book, plan)
    found = []
    for i, post in enumerate(plan.posts):
        if not _is_in_shift(book, post):
            found.append(Fault("shift", f"/posts/{i}", f"{post.clerk} is not there all that time"))
        # The post of now has its first second in any case: each clerk at work has one.
        free_s = post.from_s + (SHORTEST_S if post.from_s <= book.now_s else 0)
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
