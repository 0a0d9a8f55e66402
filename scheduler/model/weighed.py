"""The best flip of one window, weighed for a manager: the floor it would miss, or its minutes."""

from __future__ import annotations

from collections.abc import Iterable

from hall.core.names import ClerkId, ServiceId
from scheduler import draft
from scheduler.check.commitments import settle
from scheduler.check.offers import Offers, Posting
from scheduler.check.rulebook import Rulebook
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.decision import Decision
from scheduler.draft.outlook import outlook
from scheduler.plan import Flip, Plan, Reason, Status
from scheduler.snapshot import Clerk, Mode, Window

MINUTE_S = 60


def answer(book: Rulebook, plan: Plan, window: Window, clerk: Clerk) -> Reason | None:
    """What the flip that gains most would bring, this window alone; None where no flip is allowed."""
    tried = _tried(book, plan, window, clerk)
    if not tried:
        return None
    flip, after = max(tried, key=lambda each: each[0].gain_s - each[0].cost_s)
    return (
        _short(book, plan, flip, after) or _capped(book, plan, window) or _judged(window, flip, plan.status)
    )


def named(mode: Iterable[ServiceId]) -> tuple[str, str]:
    """Services for a sentence, zh and en."""
    found = sorted(mode)
    return "、".join(found), ", ".join(found)


def _tried(book: Rulebook, plan: Plan, window: Window, clerk: Clerk) -> list[tuple[Flip, Plan]]:
    """Each flip, and the plan with it: all other posts as planned."""
    posts = _posts(book, plan)
    breaks = {(b.clerk, b.index): b.start_s for b in plan.breaks}
    look, settled = outlook(book.snapshot), settle(book)
    tried = []
    for mode in _modes(book, window, clerk):
        decision = Decision({**posts, clerk.id: (window.id, mode)}, breaks, settled)
        after = draft.write(book, look, decision, "feasible", 0.0, 0.0)
        tried += [(flip, after) for flip in after.flips if flip.window == window.id]
    return tried


def _modes(book: Rulebook, window: Window, clerk: Clerk) -> list[Mode]:
    """For each service new to the window, the widest mode that the rules allow, else the service alone."""
    offers = Offers(book)
    found: dict[Mode, None] = {}
    for service in sorted((window.can & clerk.pace.keys()) - set(window.mode)):
        alone = None if book.refusal(window, clerk, (service,)) else (service,)
        if mode := offers.widest(clerk, window, {service}) or alone:
            found[mode] = None
    return list(found)


def _short(book: Rulebook, plan: Plan, flip: Flip, after: Plan) -> Reason | None:
    """A floor that the flip would miss by more than the plan does, floors taken together."""
    before = {u.service: u.short for u in plan.unmet}
    more = [u for u in after.unmet if u.short > before.get(u.service, 0)]
    if not more or sum(u.short for u in after.unmet) <= sum(before.values()):
        return None
    service, floor = more[0].service, book.floors[more[0].service]
    left = floor - more[0].short
    zh, en = named(s for s in flip.to_mode if s not in flip.from_mode)
    return Reason(
        f"{flip.window}号窗口若改办{zh}，{service}只剩{left}个窗口，低于保底{floor}个。",
        f"Window {flip.window} with {en} would leave {service} with {left} windows, "
        f"fewer than the {floor} it must have.",
    )


def _capped(book: Rulebook, plan: Plan, window: Window) -> Reason | None:
    """A line with a cap that needs the window to itself."""
    kept, needed = windows_kept(book, _posts(book, plan)), windows_to_keep(book, outlook(book.snapshot))
    service = next((s for s in window.mode if s in needed and kept[s] <= needed[s]), None)
    if service is None:
        return None
    cap = round((book.services[service].cap_wait_s or 0) / MINUTE_S)
    return Reason(
        f"{window.id}号窗口须留给{service}，否则其平均等候将超过上限{cap}分钟。",
        f"{service} needs window {window.id} to itself: its mean wait may not pass {cap} minutes.",
    )


def _posts(book: Rulebook, plan: Plan) -> dict[ClerkId, Posting]:
    now = [p for p in plan.posts if p.from_s <= book.now_s < p.to_s]
    return {p.clerk: (p.window, p.mode) for p in now if p.window is not None}


def _judged(window: Window, flip: Flip, status: Status) -> Reason:
    gain, cost = round(flip.gain_s / MINUTE_S), round(flip.cost_s / MINUTE_S)
    zh, en = named(s for s in flip.to_mode if s not in window.mode)
    if gain == cost == 0:
        return Reason(
            f"{window.id}号窗口若增办{zh}，减少的等候不到1分钟。",
            f"Window {window.id} with {en} would save less than a minute of waiting.",
        )
    if gain <= cost:
        return Reason(
            f"{window.id}号窗口若增办{zh}，约减少等候{gain}分钟，却增加{cost}分钟，得不偿失。",
            f"Window {window.id} with {en} would save some {gain} minutes and cost others {cost}.",
        )
    if status == "fallback":
        return Reason(
            f"{window.id}号窗口若增办{zh}，约净减少等候{gain - cost}分钟；本方案来不及作比较。",
            f"Window {window.id} with {en} would save some {gain - cost} minutes: "
            "this plan had no time to compare.",
        )
    return Reason(
        f"{window.id}号窗口若增办{zh}，只净减少等候约{gain - cost}分钟，不值得再切换一次，或已有更好的窗口。",
        f"Window {window.id} with {en} would save only {gain - cost} minutes more: not worth one more flip, "
        "or another window serves better.",
    )
