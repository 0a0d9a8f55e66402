"""Why a window flips, in one sentence and in honest minutes, zh and en.

Gain and cost of a flip are the waiting seconds of everybody over the horizon with all posts as planned,
against the same posts with this one window left in its old mode, which saves the set-up. If the clerk comes
from another window for it that nobody takes over, then against the clerk staying there, who is missed there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hall.core.names import ClerkId, ServiceId
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.outlook import Floats, Outlook, after
from scheduler.draft.waits import waits
from scheduler.plan import Flip, Post, Reason
from scheduler.snapshot import Clerk, Mode, Window

MINUTE_S = 60
HORIZON_S = 3600  # a flip is judged by the next hour: by then posts have been planned anew
NAMED = 2  # lines that a sentence names
WORTH_TELLING_S = 30  # a line that loses less than this over the horizon is no giver


@dataclass(frozen=True)
class Hands:
    """Clerks, the share of each block in which each is there, and the seconds each loses to the change."""

    staff: tuple[Clerk, ...]
    there: Floats
    lost_s: Floats


def flips(book: Rulebook, posts: tuple[Post, ...], look: Outlook, hands: Hands) -> tuple[Flip, ...]:
    """One entry for each post that flips its window, now or at an agreed time."""
    now = {p.clerk: p for p in posts if p.from_s <= book.now_s < p.to_s}
    rates = rates_of(look, hands.staff, {c: p.mode for c, p in now.items()})
    offered = Counter(s for p in now.values() for s in p.mode)
    scarce = {s for s, floor in book.floors.items() if offered[s] <= floor}
    with_all: Floats | None = None
    found, seen = [], set()
    for post in posts:
        window = book.windows[post.window] if post.window else None
        is_later = post.from_s > book.now_s and _goes_on(now.get(post.clerk), post)
        if window is None or not is_flip(window, post.mode) or is_later or window.id in seen:
            continue
        seen.add(window.id)
        if with_all is None:
            with_all = _person_s(look, rates, hands)
        row = next(i for i, c in enumerate(hands.staff) if c.id == post.clerk)
        changed, lost_s = rates.copy(), hands.lost_s.copy()
        if post.from_s <= book.now_s:
            clerk = hands.staff[row]
            taken_over = any(p.window == clerk.window for p in now.values())
            stays = clerk.mode if clerk.window not in (None, window.id) and not taken_over else window.mode
            changed[row], lost_s[row] = _rate(look, clerk, stays), 0.0
            less = _person_s(look, changed, replace(hands, lost_s=lost_s)) - with_all
        else:
            sitting = next((p.clerk for p in now.values() if p.window == window.id), post.clerk)
            changed[[i for i, c in enumerate(hands.staff) if c.id == sitting]] = 0.0
            changed[row], lost_s[row] = _rate(look, hands.staff[row], post.mode), book.snapshot.rules.setup_s
            less = with_all - _person_s(look, changed, replace(hands, lost_s=lost_s))
        found.append(_flip(book, post, window, look, less, scarce))
    return tuple(found)


def person_s(look: Outlook, modes: Mapping[ClerkId, Mode], hands: Hands) -> Floats:
    """Seconds waited within the horizon, per service, if these clerks offer these modes from now on."""
    return _person_s(look, rates_of(look, hands.staff, modes), hands)


def _person_s(look: Outlook, rates: Floats, hands: Hands) -> Floats:
    """Seconds waited within the horizon, per service."""
    there = after(hands.there, hands.lost_s, look)
    blocks = max(1, HORIZON_S // look.block_s)
    near = replace(look, arrivals=look.arrivals[:, :blocks])
    return np.asarray(waits(near, rates, there).person_s.sum(axis=1))


def rates_of(look: Outlook, staff: tuple[Clerk, ...], modes: Mapping[ClerkId, Mode]) -> Floats:
    """Cases per second, clerks x services. Whoever has no post yet, but comes later, helps everywhere."""
    rows = []
    for clerk in staff:
        mode = modes.get(clerk.id, () if clerk.is_at_work else clerk.mode)
        if not clerk.is_at_work and not mode:
            mode = tuple(clerk.pace)
        rows.append(_rate(look, clerk, mode))
    return np.array(rows).reshape(len(staff), len(look.ids))


def _goes_on(present: Post | None, post: Post) -> bool:
    return present is not None and (present.window, present.mode) == (post.window, post.mode)


def _rate(look: Outlook, clerk: Clerk, mode: Mode) -> Floats:
    row = np.zeros(len(look.ids))
    for service in mode:
        if service in clerk.pace:
            row[look.row[service]] = clerk.pace[service] / look.work_s[look.row[service]]
    return row


def _flip(
    book: Rulebook, post: Post, window: Window, look: Outlook, less_s: Floats, scarce: set[ServiceId]
) -> Flip:
    """`scarce`: services with no window to spare above their floor."""
    gain_s, cost_s = float(less_s.clip(0).sum()), float((-less_s).clip(0).sum())
    givers = tuple(look.ids[i] for i in np.argsort(less_s, kind="stable") if less_s[i] < -WORTH_TELLING_S)
    winners = [look.ids[i] for i in np.argsort(-less_s, kind="stable") if less_s[i] > WORTH_TELLING_S]
    new = tuple(s for s in post.mode if s not in window.mode)
    return Flip(
        window=window.id,
        at_s=post.from_s,
        from_mode=window.mode,
        to_mode=post.mode,
        clerk=post.clerk,
        gain_s=round(gain_s),
        cost_s=round(cost_s),
        givers=givers,
        reason=_sentence(book, post, new, winners, givers, (gain_s, cost_s), bool(scarce & set(new))),
    )


def _sentence(
    book: Rulebook,
    post: Post,
    new: Mode,
    winners: Sequence[ServiceId],
    givers: Sequence[ServiceId],
    seconds: tuple[float, float],
    is_for_floor: bool,
) -> Reason:
    gain, cost = (round(s / MINUTE_S) for s in seconds)
    waiting = sum(one.service in new for one in book.snapshot.waiting)
    zh = f"{post.window}号窗口增办{'、'.join(new)}（现有{waiting}人等候）"
    en = f"Window {post.window} takes on {', '.join(new)} ({waiting} waiting now)"
    is_agreed = _is_agreed(book, post)
    is_decided = is_agreed or post.window in book.pins
    if is_agreed:
        zh, en = f"{zh}，此切换已批准", f"{en}, as agreed"
    elif is_decided:
        zh, en = f"{zh}，按管理员锁定", f"{en}, as a manager has pinned it"
    elif not winners and is_for_floor:
        zh, en = f"{zh}，以保证最低窗口数", f"{en} to keep its least number of windows"
    if winners:
        whom = listed(winners)
        zh += f"；预计为{whom.zh}共减少等候约{gain}分钟"
        en += f"; about {gain} minutes less waiting in all for {whom.en}"
    if cost:
        whom = listed(givers) if givers else Reason("其他事项", "other lines")
        zh += f"，{whom.zh}共增加约{cost}分钟"
        en += f", about {cost} more for {whom.en}"
    if winners and cost >= gain and not is_decided:
        zh += "；只看这一小时得不偿失，但计划更看重久等的人，也看之后几小时"
        en += "; within this hour that costs more than it saves, but the plan counts long waits more"
        en += " and looks hours ahead"
    return Reason(f"{zh}。", f"{en}.")


def listed(services: Sequence[ServiceId]) -> Reason:
    """Services for a sentence: the first two by name, the others by their number."""
    zh, en, more = "、".join(services[:NAMED]), ", ".join(services[:NAMED]), len(services) - NAMED
    if more <= 0:
        return Reason(zh, en)
    return Reason(f"{zh}等{len(services)}项", f"{en} and {more} other{'s' if more > 1 else ''}")


def _is_agreed(book: Rulebook, post: Post) -> bool:
    """Whether people agreed on this very post: a window whose agreed flip was dropped may flip otherwise."""
    return any(
        c.window == post.window
        and set(c.mode) == set(post.mode)
        and c.clerk in (None, post.clerk)
        and c.at_s <= post.from_s
        for c in book.snapshot.committed
    )


def why_dropped(code: str) -> Reason:
    """The rule against an agreed flip, for people."""
    zh, en = DROPPED.get(code, DROPPED["other"])
    return Reason(zh, en)


DROPPED = {
    "window_shut": ("窗口已关闭或故障。", "The window is shut or out of order."),
    "window_cannot": ("窗口设备不支持该事项。", "The window's terminals do not reach the service."),
    "too_many_families": ("一个窗口的业务类别超过上限。", "The mode has too many families for one window."),
    "fixed_window": ("该窗口的业务是固定的。", "The window's mode is fixed."),
    "pinned": ("管理员已锁定该窗口。", "A manager has pinned the window to another mode."),
    "flips_spent": ("该窗口今日切换次数已用完。", "The window has used up its flips for today."),
    "dwell": ("距上次切换时间太短。", "The window's last flip is too recent."),
    "refused": ("该切换已被管理员拒绝。", "A manager has refused this flip for now."),
    "not_authorised": ("窗口人员没有该事项的授权。", "The clerk is not authorised for the mode."),
    "not_at_work": ("指定的窗口人员不在岗。", "The clerk named is not at work."),
    "nobody_able": ("没有在岗且有授权的窗口人员。", "Nobody at work is authorised and free for it."),
    "clerk_elsewhere": ("该窗口人员另有已批准的安排。", "The clerk has another agreed post."),
    "superseded": ("同一窗口另有已批准的切换。", "Another agreed flip of the window comes first."),
    "empty_mode": ("该切换没有事项。", "The flip names no service."),
    "other": ("现行规则不允许。", "A rule forbids it now."),
}
