"""Why a window flips, in one sentence and in honest minutes, zh and en.

Gain and cost of a flip are the waiting seconds of everybody over the horizon with all posts as planned,
against the same posts without this change (`worth`). Flips of which one cannot be undone without the other,
or of which each alone costs more than it saves, are judged as one, and each tells the minutes of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hall.core.days import clock_text
from hall.core.names import ClerkId
from scheduler.check.course import as_left
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.balance import MINUTE_S, Balance
from scheduler.draft.outlook import Outlook
from scheduler.draft.wording import Words, listed, minutes, services
from scheduler.draft.worth import AHEAD_S, HORIZON_S, NOBODY, Hands, Worth
from scheduler.plan import Flip, Post, Reason
from scheduler.snapshot import Mode, Window


@dataclass(frozen=True)
class Change:
    """A flip, whoever must be undone with it, and what all of them together save and cost."""

    post: Post
    window: Window  # as it is before
    clerks: frozenset[ClerkId]
    balance: Balance
    decided: Words | None  # by whom, if not by the planner

    @property
    def new(self) -> Mode:
        return tuple(s for s in self.post.mode if s not in self.window.mode)

    @property
    def given_up(self) -> Mode:
        return tuple(s for s in self.window.mode if s not in self.post.mode)


def flips(
    book: Rulebook, posts: Sequence[Post], look: Outlook, hands: Hands, *, is_weighed: bool
) -> tuple[Flip, ...]:
    """One entry for each post that flips its window, now or at an agreed time.

    `is_weighed`: whether a solver chose the posts by the plan's goals; else these are no reason for a flip.
    """
    found = [(post, window) for post, window in as_left(book, posts) if is_flip(window, post.mode)]
    if not found:
        return ()
    worth = Worth(book, posts, look, hands)
    alone = [_alone(book, look, worth, post, window) for post, window in found]
    told = _Told(book, posts, look, worth, is_weighed)
    return tuple(told.flip(_jointly(worth, change, alone)) for change in alone)


def _alone(book: Rulebook, look: Outlook, worth: Worth, post: Post, window: Window) -> Change:
    clerks = worth.together(post.clerk, post.from_s)
    balance = Balance(look, worth.less_s(clerks, post.from_s))
    return Change(post, window, clerks, balance, _decided(book, post))


def _decided(book: Rulebook, post: Post) -> Words | None:
    """By people. A window whose agreed flip was dropped may flip otherwise: that is not agreed."""
    for one in book.snapshot.committed:
        is_same = one.window == post.window and set(one.mode) == set(post.mode)
        if is_same and one.clerk in (None, post.clerk) and one.at_s <= post.from_s:
            return "此切换已批准", "as agreed"
    return ("按管理员锁定", "as a manager has pinned it") if post.window in book.pins else None


def _jointly(worth: Worth, change: Change, others: Sequence[Change]) -> Change:
    """With the flips of that moment that help the same lines, if alone it costs minutes more than it saves.

    Of four windows that help one line each may be one too many, and yet four be right. Where even together
    they cost more than they save, each is told alone.
    """
    if change.decided or change.balance.net_s > 0 or not change.balance.cost_min:
        return change
    at_s = change.post.from_s
    partners = [
        other.clerks
        for other in others
        if other.post.from_s == at_s and not other.decided and {*other.new} & {*change.new}
    ]
    clerks = change.clerks.union(*partners)
    joint = replace(change.balance, less_s=worth.less_s(clerks, at_s))
    return replace(change, clerks=clerks, balance=joint) if joint.gain_min and joint.net_s > 0 else change


class _Told:
    """Flips written out."""

    def __init__(
        self, book: Rulebook, posts: Sequence[Post], look: Outlook, worth: Worth, is_weighed: bool
    ) -> None:
        self._book, self._posts, self._look = book, posts, look
        self._worth, self._is_weighed = worth, is_weighed
        offered = Counter(s for p in posts if p.from_s <= book.now_s < p.to_s for s in p.mode)
        self._bare = {s for s, floor in book.floors.items() if offered[s] <= floor}  # none to spare

    def flip(self, change: Change) -> Flip:
        post, balance = change.post, change.balance
        return Flip(
            window=change.window.id,
            at_s=post.from_s,
            from_mode=change.window.mode,
            to_mode=post.mode,
            clerk=post.clerk,
            gain_s=round(balance.gain_s),
            cost_s=round(balance.cost_s),
            givers=balance.losers,
            reason=self._sentence(change),
        )

    def _sentence(self, change: Change) -> Reason:
        """What, why, the minutes, and what there is to say if these do not pay."""
        told = [self._what(change), self._minutes(change), self._but(change)]
        zh, en = (sign.join(filter(None, parts)) for sign, *parts in zip(("；", "; "), *told, strict=True))
        return Reason(f"{zh}。", f"{en}.")

    def _what(self, change: Change) -> Words:
        (new_zh, new_en), (old_zh, old_en) = services(change.new), listed(change.given_up)
        who_zh, who_en = self._demand(change)
        if change.given_up:
            verb = "增办" if len(change.new) < len(change.post.mode) else "改办"
            zh = f"{change.window.id}号窗口停办{old_zh}，{verb}{new_zh}（{who_zh}）"
            en = f"Window {change.window.id} stops {old_en} and takes on {new_en} ({who_en})"
        else:
            zh = f"{change.window.id}号窗口增办{new_zh}（{who_zh}）"
            en = f"Window {change.window.id} takes on {new_en} ({who_en})"
        if change.decided:
            return f"{zh}，{change.decided[0]}", f"{en}, {change.decided[1]}"
        if self._is_for_floor(change):
            short_zh, short_en = services(self._bare & {*change.new})
            floor_en = f"to keep the least number of windows of {short_en}"
            return f"{zh}，以保证{short_zh}的最低窗口数", f"{en} {floor_en}"
        return zh, en

    def _demand(self, change: Change) -> Words:
        """Who waits now for what the window takes on, and who is expected in the hour after the flip."""
        book, look = self._book, self._look
        waiting = sum(one.service in change.new for one in book.snapshot.waiting)
        passed = (change.post.from_s - book.now_s + np.array([0, HORIZON_S])) / look.block_s
        first, last = np.clip(np.round(passed).astype(int), 0, look.blocks)
        coming = round(float(look.arrivals[[look.row[s] for s in change.new], first:last].sum()))
        zh, en = f"现有{waiting}人等候", f"{waiting} waiting now"
        if not coming:
            return zh, en
        return f"{zh}，一小时内约来{coming}人", f"{en}, about {coming} to come within the hour"

    def _is_for_floor(self, change: Change) -> bool:
        return bool(self._bare & {*change.new}) and change.balance.net_s <= 0

    def _minutes(self, change: Change) -> Words:
        """Who waits less and who waits more; empty where it is less than a minute."""
        gain, cost = change.balance.gain_min, change.balance.cost_min
        (win_zh, win_en), (lose_zh, lose_en) = listed(change.balance.winners), listed(change.balance.losers)
        zh, en = self._with_others(change)
        if gain and cost:
            zh += f"预计为{win_zh}共减少等候约{gain}分钟，{lose_zh}共增加约{cost}分钟"
            en += f"about {minutes(gain)} less waiting in all for {win_en}, about {cost} more for {lose_en}"
        elif gain:
            zh += f"预计为{win_zh}共减少等候约{gain}分钟"
            en += f"about {minutes(gain)} less waiting in all for {win_en}"
        elif cost:
            zh += f"预计{lose_zh}共增加等候约{cost}分钟"
            en += f"about {minutes(cost)} more waiting in all for {lose_en}"
        return (zh, en) if gain or cost else ("", "")

    def _with_others(self, change: Change) -> Words:
        """The other windows whose change is in these minutes."""
        posts = (p for p in self._posts if p.from_s == change.post.from_s and p.clerk in change.clerks)
        others = sorted(p.window for p in posts if p.window and p.window != change.window.id)
        if not others:
            return "", ""
        plural = "s" if len(others) > 1 else ""
        return f"与{'、'.join(others)}号窗口合计，", f"together with window{plural} {', '.join(others)}: "

    def _but(self, change: Change) -> Words:
        """That a flip does not pay within the hour, and what of the plan's goals speaks for it."""
        if change.decided or not change.balance.cost_min or change.balance.net_s > 0:
            return "", ""
        zh, en = "只看这一小时得不偿失", "within this hour that costs more than it saves"
        if not self._is_weighed or self._is_for_floor(change):
            return zh, en
        why = self._later(change) or self._late(change)
        if not why and change.balance.weighed_s > 0:
            why = "按本厅给各事项的权重计算合算", "by the hall's weights of these lines it pays"
        return (f"{zh}，但{why[0]}", f"{en}, but {why[1]}") if why else (zh, en)

    def _later(self, change: Change) -> Words | None:
        """What it saves by the end of what the plan looks at."""
        from_s = change.post.from_s
        saved = round(float(self._worth.less_s(change.clerks, from_s, AHEAD_S).sum()) / MINUTE_S)
        until = clock_text(min(from_s + AHEAD_S, self._book.snapshot.close_s))
        if saved <= 0:
            return None
        return f"到{until}共可减少约{saved}分钟", f"by {until} it saves about {minutes(saved)} in all"

    def _late(self, change: Change) -> Words | None:
        """A line that gains and would wait beyond its promise, by more than any that loses."""
        balance, at_s = change.balance, change.post.from_s
        with_it, without = (self._worth.without(who, at_s).wait_s[:, 0] for who in (NOBODY, change.clerks))
        late = balance.late(balance.winners, balance.losers, np.maximum(with_it, without))
        if late is None:
            return None
        zh, en = late.wait
        return (
            f"{late.service}{zh}，承诺{late.promised_min}分钟，方案对超时的等候加重计算",
            f"{late.service} waits {en} where {minutes(late.promised_min)} are "
            "promised, and the plan counts such waits more",
        )
