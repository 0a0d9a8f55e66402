"""Standby rules: a switch at the own window, within all rules, whoever else makes use of theirs."""

from __future__ import annotations

from collections import Counter

from scheduler.check.fault import Fault, Rule
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.plan import Plan, Post


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    found = []
    lending: dict[str, set[str]] = {}  # clerk -> services that some rule of theirs gives up
    for i, rule in enumerate(plan.standby):
        path = f"/standby/{i}"
        clerk, post = book.clerks.get(rule.clerk), plan.now(rule.clerk)
        if clerk is None or post is None or post.window is None or not set(rule.mode) <= book.services.keys():
            found.append(Fault("standby_post", path, f"{rule.clerk} has no window to switch"))
            continue
        if rule.service not in rule.mode or rule.at_least < 1:
            found.append(
                Fault("standby_service", path, f"{rule.service} is not in the mode, or too few wait")
            )
        if why := book.refusal(book.windows[post.window], clerk, rule.mode) or _bound(book, post, rule.mode):
            found.append(Fault(why, path, f"{rule.clerk} may not switch to {', '.join(rule.mode)}"))
        lending.setdefault(rule.clerk, set()).update(set(post.mode) - set(rule.mode))
    return found + _floors(book, plan, lending)


def _bound(book: Rulebook, post: Post, mode: tuple[str, ...]) -> Rule | None:
    """A window that the plan flips now has its dwell before it; an agreed flip is not forestalled."""
    assert post.window is not None
    window = book.windows[post.window]
    if any(c.window == post.window for c in book.snapshot.committed):
        return "committed"
    flips_now = is_flip(window, post.mode) or (not window.mode and post.mode)
    if flips_now and not set(mode) <= set(post.mode):
        return "dwell"
    return None


def _floors(book: Rulebook, plan: Plan, lending: dict[str, set[str]]) -> list[Fault]:
    """If every standby rule that gives a service up came true at once, its floor would still hold."""
    now = [p for p in plan.posts if p.from_s <= book.now_s < p.to_s]
    offered = Counter(s for p in now for s in p.mode)
    sure = Counter(s for p in now for s in p.mode if s not in lending.get(p.clerk, ()))
    return [
        Fault("standby_floor", "/standby", f"{service} may be left with {sure[service]} windows")
        for service, floor in book.floors.items()
        if sure[service] < min(floor, offered[service])
    ]
