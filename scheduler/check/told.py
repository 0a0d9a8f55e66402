"""What a plan tells about itself: header, flips with their reasons, expected waits."""

from __future__ import annotations

from math import inf

from scheduler.check.fault import Fault
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.plan import Flip, Plan


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
    for i, flip in enumerate(plan.flips):
        found += _flip(book, plan, flip, f"/flips/{i}")
    told = {f.window for f in plan.flips}
    for i, post in enumerate(plan.posts):
        window = book.windows[post.window] if post.window else None
        is_now = post.from_s <= book.now_s < post.to_s
        if window and is_now and is_flip(window, post.mode) and window.id not in told:
            found.append(Fault("flip_untold", f"/posts/{i}", f"{window.id} flips without a word in flips"))
    return found


def _flip(book: Rulebook, plan: Plan, flip: Flip, path: str) -> list[Fault]:
    window = book.windows.get(flip.window)
    if window is None or not is_flip(window, flip.to_mode):
        return [Fault("flip_none", path, f"{flip.window}: this is no flip")]
    is_posted = any(
        p.window == flip.window
        and p.clerk == flip.clerk
        and set(p.mode) == set(flip.to_mode)
        and p.from_s <= flip.at_s < p.to_s
        for p in plan.posts
    )
    if not is_posted or set(flip.from_mode) != set(window.mode) or flip.at_s < book.now_s:
        return [Fault("flip_post", path, f"{flip.window}: no post carries this flip")]
    if not (flip.reason.zh and flip.reason.en) or flip.gain_s < 0 or flip.cost_s < 0:
        return [Fault("flip_reason", path, f"{flip.window}: a flip says why, what it gains and costs")]
    return []
