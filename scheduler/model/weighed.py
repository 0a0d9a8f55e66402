"""What the best change of one window would bring, weighed for a manager: the floor it misses, or its minutes.

All else stays as planned. Waits are those of `scheduler.draft.waits`, all minutes counted alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hall.core.days import clock_text
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.balance import MINUTE_S
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.wording import Words, listed, minutes, services
from scheduler.draft.worth import AHEAD_S, HORIZON_S
from scheduler.model.weighing import Trial, Weighing
from scheduler.model.weights import WEIGHTS
from scheduler.plan import Plan, Reason
from scheduler.snapshot import Clerk, Mode, Window

LOOSE = 0.001  # a smaller gap than this is a rounding


def answer(book: Rulebook, plan: Plan, window: Window, clerk: Clerk) -> Reason | None:
    """What the best flip of a window where somebody sits would bring; None where none is allowed."""
    weighing = Weighing(book, plan, window)
    best = weighing.best([clerk])
    if best is None:
        return None
    zh, en = _what(window, best.mode)
    told = f"{window.id}号窗口若{zh}", f"Window {window.id} with {en}"
    return (
        _short(weighing, best, told)
        or _capped(weighing)
        or _judged(weighing, best, told, WEIGHTS.flip, ("不值得再切换一次", "not worth one more flip"))
    )


def moved(book: Rulebook, plan: Plan, window: Window, clerks: Sequence[Clerk]) -> Reason:
    """What the best of these clerks would bring at an empty window, and cost where they sit now."""
    weighing = Weighing(book, plan, window)
    pinned = {c for c, (place, _) in weighing.posts.items() if place in book.pins}
    best = weighing.best(c for c in clerks if c.id not in pinned)
    if best is None:
        return Reason(
            f"能到{window.id}号窗口的人员现在都不能在那里办理需要的业务。",
            f"Nobody may offer at window {window.id} what is needed now.",
        )
    who, (zh, en) = best.clerk.id, services(best.mode)
    told = f"{who}到{window.id}号窗口办理{zh}", f"{who} at window {window.id} with {en}"
    if who not in weighing.posts:
        told = f"空闲的{told[0]}", f"{who}, who has no window, at window {window.id} with {en}"
    price = WEIGHTS.move + (WEIGHTS.flip if is_flip(window, best.mode) else 0.0)
    return _short(weighing, best, told) or _judged(
        weighing, best, told, price, ("不值得调动", "not worth a move")
    )


def _what(window: Window, mode: Mode) -> Words:
    """What a flip takes on, and what it gives up for that."""
    zh, en = services(set(mode) - set(window.mode))
    if not (dropped := set(window.mode) - set(mode)):
        return f"增办{zh}", en
    zh_less, en_less = services(dropped)
    return f"以{zh}替换{zh_less}", f"{en} in place of {en_less}"


def _short(weighing: Weighing, trial: Trial, told: Words) -> Reason | None:
    line = weighing.short(trial)
    if line is None:
        return None
    left, floor = weighing.left(trial, line), weighing.book.floors[line]
    return Reason(
        f"{told[0]}，{line}只剩{left}个窗口，低于保底{floor}个。",
        f"{told[1]} would leave {line} with {left} window{'' if left == 1 else 's'}, "
        f"fewer than the {floor} it must have.",
    )


def _capped(weighing: Weighing) -> Reason | None:
    """A line with a cap that needs the window to itself."""
    book, window = weighing.book, weighing.window
    kept, needed = windows_kept(book, weighing.posts), windows_to_keep(book, weighing.look)
    line = next((s for s in window.mode if s in needed and kept[s] <= needed[s]), None)
    if line is None:
        return None
    cap = round((book.services[line].cap_wait_s or 0) / MINUTE_S)
    return Reason(
        f"{window.id}号窗口须留给{line}，否则其平均等候将超过上限{cap}分钟。",
        f"{line} needs window {window.id} to itself: its mean wait may not pass {minutes(cap)}.",
    )


def _judged(weighing: Weighing, trial: Trial, told: Words, price_min: float, dear: Words) -> Reason:
    """The change in minutes, and why the plan has not chosen it. `price_min`: what a plan asks of it."""
    gain, cost = trial.balance.gain_min, trial.balance.cost_min
    if not gain:
        return Reason(
            f"{told[0]}，减少的等候不到1分钟。", f"{told[1]} would save less than a minute of waiting."
        )
    (win_zh, win_en), (lose_zh, lose_en) = listed(trial.balance.winners), listed(trial.balance.losers)
    zh = f"{told[0]}，一小时内可为{win_zh}减少等候约{gain}分钟"
    en = f"{told[1]} would save {win_en} about {minutes(gain)} within the hour"
    if cost:
        zh, en = f"{zh}，却使{lose_zh}增加约{cost}分钟", f"{en} and cost {lose_en} about {minutes(cost)}"
    if gain <= cost:
        return Reason(f"{zh}，得不偿失。", f"{en}: no less than it saves.")
    if gain - cost <= price_min:
        return Reason(f"{zh}，{dear[0]}。", f"{en}: {dear[1]}.")
    why_zh, why_en = _left_out(weighing, trial, price_min)
    return Reason(f"{zh}；{why_zh}。", f"{en}; {why_en}.")


def _left_out(weighing: Weighing, trial: Trial, price_min: float) -> Words:
    """Why the plan does without a change that looks right within the hour: what can be shown of it."""
    if weighing.plan.status == "fallback":
        return "本方案来不及作比较", "this plan had no time to compare"
    return (
        _later(weighing, trial, price_min)
        or _late(weighing, trial)
        or _weighs_little(trial, price_min)
        or _loose(weighing.plan)
        or (
            "所示数字看不出反对的理由；如认为合适，可锁定该窗口",
            "nothing in these figures speaks against it: pin the window if you know better",
        )
    )


def _later(weighing: Weighing, trial: Trial, price_min: float) -> Words | None:
    """It does not pay by the end of what the plan looks at."""
    saved = round(weighing.later_s(trial) / MINUTE_S)
    until = clock_text(min(weighing.book.now_s + AHEAD_S, weighing.book.snapshot.close_s))
    if saved < 0:
        return f"但到{until}合计反而增加约{-saved}分钟", f"by {until} it would cost {minutes(-saved)} in all"
    if saved > price_min:
        return None
    return (
        f"但到{until}合计只减少约{saved}分钟，不值得调整",
        f"by {until} it would save only {minutes(saved)} in all, too few for a change",
    )


def _late(weighing: Weighing, trial: Trial) -> Words | None:
    """A line that loses and would then wait beyond its promise, by more than any that gains."""
    balance, then = trial.balance, weighing.with_it(trial.clerk, trial.mode, HORIZON_S)
    wait_s = np.maximum(weighing.before.wait_s[:, 0], then.wait_s[:, 0])
    late = balance.late(balance.losers, balance.winners, wait_s)
    if late is None:
        return None
    zh, en = late.wait
    return (
        f"但{late.service}将{zh}，承诺{late.promised_min}分钟，方案对超时的等候加重计算",
        f"but {late.service} would wait {en} where {minutes(late.promised_min)} are promised, "
        "and the plan counts such waits more",
    )


def _weighs_little(trial: Trial, price_min: float) -> Words | None:
    """The lines that gain count too little for the hall, beside those that lose or at all."""
    if trial.balance.weighed_s / MINUTE_S > price_min:
        return None
    return (
        "但按本厅给各事项的权重计算，不值得调整",
        "but by the hall's weights of these lines that is too little for a change",
    )


def _loose(plan: Plan) -> Words | None:
    """The plan is not known to be the best."""
    if plan.gap is None or plan.gap < LOOSE:
        return None
    share = f"{round(100 * plan.gap, 1):g}"
    return f"本方案距最优可能还差{share}%", f"this plan is only known to be within {share} % of the best"
