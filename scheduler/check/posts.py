"""Posts: everybody at work has exactly one now, and each is one that its clerk may have."""

from __future__ import annotations

from itertools import pairwise

from scheduler.check.fault import Fault, Rule
from scheduler.check.rulebook import Rulebook, unable
from scheduler.plan import Plan, Post


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    found = [fault for i, post in enumerate(plan.posts) for fault in _one(book, post, f"/posts/{i}")]
    if any(fault.rule == "unknown" for fault in found):
        return found
    return found + _attendance(book, plan) + _overlaps(plan)


def _one(book: Rulebook, post: Post, path: str) -> list[Fault]:
    """One post by itself, whatever its window has gone through by then."""
    clerk = book.clerks.get(post.clerk)
    if clerk is None:
        return [Fault("unknown", f"{path}/clerk", f"there is no clerk “{post.clerk}”")]
    if post.from_s >= post.to_s:
        return [Fault("interval", path, "a post ends after it begins")]
    if post.to_s <= book.now_s:
        return [Fault("interval", path, "a post that is over is no plan")]
    if post.window is None:
        return [Fault("no_window", f"{path}/mode", "no window, no mode")] if post.mode else []
    if post.window not in book.windows or any(s not in book.services for s in post.mode):
        return [Fault("unknown", path, f"there is no such window or service: {post.window}, {post.mode}")]
    if len(set(post.mode)) < len(post.mode):
        return [Fault("service_twice", f"{path}/mode", f"a service is named twice: {', '.join(post.mode)}")]
    why = unable(clerk, post.mode, is_now=post.from_s <= book.now_s)
    return (
        [Fault(why, path, f"{post.clerk} may not offer {', '.join(post.mode) or 'nothing'}")] if why else []
    )


def _attendance(book: Rulebook, plan: Plan) -> list[Fault]:
    """Exactly one post covers now for whoever is at work, none for who is off or on a break."""
    found = []
    for clerk in book.snapshot.clerks:
        count = sum(p.clerk == clerk.id and p.from_s <= book.now_s < p.to_s for p in plan.posts)
        if count != int(clerk.is_at_work):
            text = f"{clerk.id} ({clerk.status}) has {count} posts now"
            found.append(Fault("attendance", "/posts", text))
    return found


def _overlaps(plan: Plan) -> list[Fault]:
    """No clerk at two posts, no window with two clerks at once."""
    held: dict[tuple[Rule, str], list[Post]] = {}
    for post in plan.posts:
        held.setdefault(("clerk_twice", post.clerk), []).append(post)
        if post.window is not None:
            held.setdefault(("window_twice", post.window), []).append(post)
    return [
        Fault(rule, "/posts", f"{holder} has two posts at {after.from_s}")
        for (rule, holder), mine in held.items()
        for before, after in pairwise(sorted(mine, key=lambda p: p.from_s))
        if after.from_s < before.to_s
    ]
