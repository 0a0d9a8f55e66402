"""Posts: everybody at work has exactly one now, and each keeps the rules of its window and its clerk."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from hall.core.names import WindowId
from scheduler.check.fault import Fault, Rule
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan, Post
from scheduler.snapshot import Mode


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    shown = {p.window: p.mode for p in plan.posts if p.from_s <= book.now_s < p.to_s}
    found = [fault for i, post in enumerate(plan.posts) for fault in _one(book, post, f"/posts/{i}", shown)]
    if any(fault.rule == "unknown" for fault in found):
        return found
    return found + _attendance(book, plan) + _overlaps(plan)


def _one(book: Rulebook, post: Post, path: str, shown: Mapping[WindowId | None, Mode]) -> list[Fault]:
    """One post by itself. `shown`: what each window offers now by this plan; to offer it again is no flip."""
    clerk = book.clerks.get(post.clerk)
    if clerk is None:
        return [Fault("unknown", f"{path}/clerk", f"there is no clerk “{post.clerk}”")]
    if post.from_s >= post.to_s:
        return [Fault("interval", path, "a post ends after it begins")]
    if post.window is None:
        return [Fault("no_window", f"{path}/mode", "no window, no mode")] if post.mode else []
    window = book.windows.get(post.window)
    if window is None or any(s not in book.services for s in post.mode):
        return [Fault("unknown", path, f"there is no such window or service: {post.window}, {post.mode}")]
    is_now = post.from_s <= book.now_s < post.to_s
    if not is_now and not post.mode:
        return [Fault("empty_mode", f"{path}/mode", "a window without a mode serves nobody")]
    if is_now:
        why = book.refusal(window, clerk, post.mode)
    elif not set(post.mode) <= clerk.pace.keys():
        why = "not_authorised"
    elif set(post.mode) <= set(shown.get(post.window, ())):
        why = None  # asked of the post that stands now
    else:
        why = book.forbidden(window, post.mode, post.from_s)
    return [Fault(why, path, f"{post.clerk} at {post.window} with {', '.join(post.mode)}")] if why else []


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
