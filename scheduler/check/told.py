"""What a plan tells about itself: header, flips with their reasons, expected waits."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from scheduler.check.course import as_left
from scheduler.check.fault import Fault
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.plan import Flip, Plan, Post
from scheduler.snapshot import Window


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    seen = book.snapshot
    found = []
    if (plan.hall, plan.day, plan.now_s) != (seen.hall, seen.day.isoformat(), seen.now_s):
        found.append(Fault("header", "/hall", "the plan is of another hall, day or moment"))
    if (plan.gap is None) != (plan.status == "fallback"):
        found.append(Fault("gap", "/gap", "a gap belongs to every plan but a fallback"))
    elif plan.gap is not None and not 0 <= plan.gap < inf:  # NaN is neither
        found.append(Fault("gap", "/gap", f"a gap is a number from 0 on, not {plan.gap}"))
    if set(plan.expected) != set(book.services):
        found.append(Fault("expected", "/expected", "one row of expected waits for each service"))
    posts = list(as_left(book, plan.posts))
    for i, flip in enumerate(plan.flips):
        found += _flip(book, posts, flip, f"/flips/{i}")
    told = {f.window for f in plan.flips}
    for i, post in enumerate(plan.posts):
        window = book.windows[post.window] if post.window else None
        is_now = post.from_s <= book.now_s < post.to_s
        if window and is_now and is_flip(window, post.mode) and window.id not in told:
            found.append(Fault("flip_untold", f"/posts/{i}", f"{window.id} flips without a word in flips"))
    return found


def _flip(book: Rulebook, posts: Iterable[tuple[Post, Window]], flip: Flip, path: str) -> list[Fault]:
    """`posts`: each with its window as the posts before leave it."""
    before = next((window for post, window in posts if _carries(post, flip)), None)
    window = before or book.windows.get(flip.window)
    if window is None or not is_flip(window, flip.to_mode):
        return [Fault("flip_none", path, f"{flip.window}: this is no flip")]
    if before is None or set(flip.from_mode) != set(window.mode) or flip.at_s < book.now_s:
        return [Fault("flip_post", path, f"{flip.window}: no post carries this flip")]
    if not (flip.reason.zh and flip.reason.en) or flip.gain_s < 0 or flip.cost_s < 0:
        return [Fault("flip_reason", path, f"{flip.window}: a flip says why, what it gains and costs")]
    return []


def _carries(post: Post, flip: Flip) -> bool:
    is_same = (post.window, post.clerk, set(post.mode)) == (flip.window, flip.clerk, set(flip.to_mode))
    return is_same and post.from_s <= flip.at_s < post.to_s
