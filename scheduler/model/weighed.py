"""The best flip of one window, weighed for a manager: the floor it would miss, or its minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from hall.core.names import ClerkId, ServiceId
from scheduler import draft, fallback
from scheduler.check.commitments import settle
from scheduler.check.offers import Offers, Posting
from scheduler.check.rulebook import Rulebook
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.decision import Decision
from scheduler.draft.outlook import Floats, Outlook, outlook
from scheduler.draft.reasons import WORTH_TELLING_S, listed
from scheduler.model.weights import WEIGHTS
from scheduler.plan import Flip, Plan, Reason, Status
from scheduler.snapshot import Clerk, Mode, Window

MINUTE_S = 60
MOST_MOVES = 12  # of clerks to an empty window that are weighed, each a millisecond
OTHERWISE = "the plan looks hours ahead and has chosen otherwise."


def answer(book: Rulebook, plan: Plan, window: Window, clerk: Clerk) -> Reason | None:
    """What the flip that gains most would bring, this window alone; None where no flip is allowed."""
    tried = _tried(book, plan, window, clerk)
    if not tried:
        return None
    flip, after = max(tried, key=lambda each: each[0].gain_s - each[0].cost_s)
    return (
        _short(book, plan, flip, after) or _capped(book, plan, window) or _judged(window, flip, plan.status)
    )


def moved(book: Rulebook, plan: Plan, window: Window, clerks: Sequence[Clerk]) -> Reason:
    """What the best of these clerks would save at a window where nobody sits, and cost where they sit now."""
    look, posts = outlook(book.snapshot), _posts(book, plan)
    breaks = {(b.clerk, b.index): b.start_s for b in plan.breaks}
    now = Decision(posts, breaks, settle(book))
    before = draft.person_s(book, look, now)
    best: tuple[float, Clerk, Floats] | None = None
    for clerk, mode in islice(_moves(book, look, window, clerks), MOST_MOVES):
        with_move = replace(now, posts={**posts, clerk.id: (window.id, mode)})
        less_s = before - draft.person_s(book, look, with_move)
        if best is None or less_s.sum() > best[0]:
            best = (float(less_s.sum()), clerk, less_s)
    if best is None:
        return Reason(
            f"能到{window.id}号窗口的人员现在都不能在那里办理需要的业务。",
            f"Nobody may offer at window {window.id} what is needed now.",
        )
    return _moved(plan, window, best[1], best[2], look.ids)


def _moves(
    book: Rulebook, look: Outlook, window: Window, clerks: Sequence[Clerk]
) -> Iterator[tuple[Clerk, Mode]]:
    """The services with most work first, and for each the clerks who could, the widest mode for it."""
    offers, need = Offers(book), look.need(fallback.AHEAD_S)
    seen: set[tuple[ClerkId, Mode]] = set()
    for service in sorted(window.can, key=lambda s: (-need[s], s)):
        for clerk in clerks:
            mode = offers.widest(clerk, window, {service})
            if mode and (clerk.id, mode) not in seen:
                seen.add((clerk.id, mode))
                yield clerk, mode


def _moved(plan: Plan, window: Window, clerk: Clerk, less_s: Floats, ids: Sequence[ServiceId]) -> Reason:
    gain, cost = (round(float(part.clip(0).sum()) / MINUTE_S) for part in (less_s, -less_s))
    winners = [ids[i] for i in np.argsort(-less_s, kind="stable") if less_s[i] > WORTH_TELLING_S]
    givers = [ids[i] for i in np.argsort(less_s, kind="stable") if less_s[i] < -WORTH_TELLING_S]
    if not winners or not gain:
        return Reason(
            f"能到{window.id}号窗口的人员在别处作用更大：{clerk.id}过去也减少不了等候。",
            f"Those who could sit at window {window.id} do more good elsewhere: {clerk.id} would save no "
            "waiting there.",
        )
    for_, from_ = listed(winners), listed(givers)
    zh = f"{clerk.id}到{window.id}号窗口，一小时内可为{for_.zh}减少等候约{gain}分钟"
    en = f"{clerk.id} at window {window.id} would save {for_.en} about {gain} minutes within the hour"
    if cost and givers:
        zh += f"，却使{from_.zh}增加约{cost}分钟"
        en += f" and cost {from_.en} about {cost} minutes"
    if gain - cost <= WEIGHTS.flip + WEIGHTS.move:
        return Reason(f"{zh}，不值得调动。", f"{en}: not worth a move.")
    if plan.status == "fallback":
        return Reason(f"{zh}；本方案来不及作比较。", f"{en}; this plan had no time to compare.")
    return Reason(
        f"{zh}；方案更看重久等的人，也看之后几小时，因此未作此安排。",
        f"{en}; the plan counts long waits more and looks hours ahead, and has chosen otherwise.",
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
        f"{window.id}号窗口若增办{zh}，一小时内约净减少等候{gain - cost}分钟；"
        + ("不值得再切换一次。" if gain - cost <= WEIGHTS.flip else "方案同时看之后几小时，另有安排。"),
        f"Window {window.id} with {en} would save some {gain - cost} minutes within the hour: "
        + ("not worth one more flip." if gain - cost <= WEIGHTS.flip else OTHERWISE),
    )
