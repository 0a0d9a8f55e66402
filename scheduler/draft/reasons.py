"""Why a window flips, in one sentence and in honest minutes, zh and en.

Gain and cost of a flip are the waiting seconds of everybody over the horizon with all posts as planned,
against the same posts without this change (`worth`). Flips of which one cannot be undone without the other,
or of which each alone costs more than it saves, are judged as one, and each tells the minutes of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hall.core.days import clock_text
from hall.core.names import ClerkId, ServiceId
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft import wording
from scheduler.draft.outlook import Floats, Outlook
from scheduler.draft.wording import listed, minutes, service
from scheduler.draft.worth import Hands, Worth
from scheduler.plan import Flip, Post, Reason
from scheduler.snapshot import Mode, Window

MINUTE_S = 60
AHEAD_S = 4 * 3600  # what a flip that does not pay within the hour is judged by next: as far as plans look
WORTH_TELLING_S = 30  # a line that loses less than this over the horizon is named only beside others


@dataclass(frozen=True)
class Change:
    """A flip with those that are judged together with it, and the seconds each line waits less by them."""

    post: Post
    window: Window
    clerks: frozenset[ClerkId]
    less_s: Floats
    decided: tuple[str, str] | None  # by whom, if not by the planner, zh and en

    @property
    def new(self) -> Mode:
        return tuple(s for s in self.post.mode if s not in self.window.mode)


def flips(
    book: Rulebook, posts: tuple[Post, ...], look: Outlook, hands: Hands, *, is_weighed: bool
) -> tuple[Flip, ...]:
    """One entry for each post that flips its window, now or at an agreed time.

    `is_weighed`: whether a solver chose the posts by the plan's goals; else these are no reason for a flip.
    """
    worth = Worth(book, posts, look, hands)
    alone = [_alone(book, worth, post) for post in _flipping(book, posts)]
    told = _Told(book, posts, look, worth, is_weighed)
    return tuple(told.flip(_jointly(worth, change, alone)) for change in alone)


def affected(look: Outlook, less_s: Floats) -> tuple[ServiceId, ...]:
    """Lines that wait less, those that gain most first; small ones only where they add up to something."""
    rows = [i for i in np.argsort(-less_s, kind="stable") if less_s[i] > 0]
    large = [i for i in rows if less_s[i] > WORTH_TELLING_S]
    small_s = sum(float(less_s[i]) for i in rows[len(large) :])
    return tuple(look.ids[i] for i in (rows if small_s > WORTH_TELLING_S else large))


def gain_and_cost_min(less_s: Floats) -> tuple[int, int]:
    """Whole minutes that the lines which gain wait less, and the others more."""
    gain, cost = (round(float(part.clip(0).sum()) / MINUTE_S) for part in (less_s, -less_s))
    return gain, cost


def _flipping(book: Rulebook, posts: Sequence[Post]) -> Iterator[Post]:
    now = {p.clerk: p for p in posts if p.from_s <= book.now_s < p.to_s}
    seen = set()
    for post in posts:
        window = book.windows[post.window] if post.window else None
        goes_on = post.from_s > book.now_s and _goes_on(now.get(post.clerk), post)
        if window and is_flip(window, post.mode) and not goes_on and window.id not in seen:
            seen.add(window.id)
            yield post


def _goes_on(present: Post | None, post: Post) -> bool:
    return present is not None and (present.window, present.mode) == (post.window, post.mode)


def _alone(book: Rulebook, worth: Worth, post: Post) -> Change:
    assert post.window  # a flip is of a window
    clerks, decided = worth.together(post.clerk, post.from_s), None
    if _is_agreed(book, post):
        decided = "此切换已批准", "as agreed"
    elif post.window in book.pins:
        decided = "按管理员锁定", "as a manager has pinned it"
    return Change(post, book.windows[post.window], clerks, worth.less_s(clerks, post.from_s), decided)


def _jointly(worth: Worth, change: Change, others: Sequence[Change]) -> Change:
    """With the flips of that moment that help the same lines, if alone it costs more than it saves.

    Of four windows that help one line each may be one too many, and yet four be right. Where even together
    they cost more than they save, each is told alone.
    """
    if change.decided or change.less_s.sum() > 0:
        return change
    partners = [
        other.clerks
        for other in others
        if other.post.from_s == change.post.from_s and not other.decided and {*other.new} & {*change.new}
    ]
    clerks = change.clerks.union(*partners)
    joint = replace(change, clerks=clerks, less_s=worth.less_s(clerks, change.post.from_s))
    return joint if joint.less_s.sum() > 0 else change


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
        less_s, post = change.less_s, change.post
        return Flip(
            window=change.window.id,
            at_s=post.from_s,
            from_mode=change.window.mode,
            to_mode=post.mode,
            clerk=post.clerk,
            gain_s=round(float(less_s.clip(0).sum())),
            cost_s=round(float((-less_s).clip(0).sum())),
            givers=affected(self._look, -less_s),
            reason=self._sentence(change),
        )

    def _sentence(self, change: Change) -> Reason:
        name, new = wording.window(change.window.id), [service(s) for s in change.new]
        waiting = sum(one.service in change.new for one in self._book.snapshot.waiting)
        parts = [
            (
                f"{name}号窗口增办{'、'.join(new)}（现有{waiting}人等候）",
                f"Window {name} takes on {', '.join(new)} ({waiting} waiting now)",
            ),
            *self._why(change),
        ]
        minutes_told = self._minutes(change)
        zh, en = ("，".join(p[0] for p in parts), ", ".join(p[1] for p in parts))
        rest = [minutes_told, *self._but(change)]
        zh = "；".join([zh, *(p[0] for p in rest if p[0])])
        en = "; ".join([en, *(p[1] for p in rest if p[1])])
        return wording.reason(f"{zh}。", f"{en}.")

    def _why(self, change: Change) -> list[tuple[str, str]]:
        """What decided it, where that was not the minutes."""
        if change.decided:
            return [change.decided]
        if self._is_for_floor(change) and change.less_s.sum() <= 0:
            return [("以保证最低窗口数", "to keep its least number of windows")]
        return []

    def _is_for_floor(self, change: Change) -> bool:
        return bool(self._bare & {*change.new})

    def _minutes(self, change: Change) -> tuple[str, str]:
        """Who waits less and who waits more; empty where it is less than a minute."""
        gain, cost = gain_and_cost_min(change.less_s)
        (win_zh, win_en), (lose_zh, lose_en) = (
            listed(affected(self._look, part)) for part in (change.less_s, -change.less_s)
        )
        zh = [f"预计为{win_zh}共减少等候约{gain}分钟"] if gain and win_zh else []
        en = [f"about {minutes(gain)} less waiting in all for {win_en}"] if gain and win_en else []
        if cost and lose_zh:
            zh.append(f"{lose_zh}共增加{'' if zh else '等候'}约{cost}分钟")
            en.append(f"about {cost} more for {lose_en}" if en else f"{minutes(cost)} more for {lose_en}")
        with_zh, with_en = self._others(change) if zh else ("", "")
        return with_zh + "，".join(zh), with_en + ", ".join(en)

    def _others(self, change: Change) -> tuple[str, str]:
        """The other windows whose change is in these minutes."""
        posts = (p for p in self._posts if p.from_s == change.post.from_s and p.clerk in change.clerks)
        windows = sorted(p.window for p in posts if p.window and p.window != change.window.id)
        named = [wording.window(w) for w in windows]
        if not named:
            return "", ""
        plural = "s" if len(named) > 1 else ""
        return f"与{'、'.join(named)}号窗口合计，", f"together with window{plural} {', '.join(named)}: "

    def _but(self, change: Change) -> list[tuple[str, str]]:
        """That a flip does not pay within the hour, and why it may be right."""
        gain, cost = gain_and_cost_min(change.less_s)
        if not gain or cost < gain or change.decided:
            return []
        why_zh, why_en = ("", "")
        if self._is_weighed and not self._is_for_floor(change):
            why_zh, why_en = (
                self._later(change) or self._waits_long(change) or self._weighs(change) or ("", "")
            )
        return [(f"只看这一小时得不偿失{why_zh}", f"within this hour that costs more than it saves{why_en}")]

    def _later(self, change: Change) -> tuple[str, str] | None:
        """What it saves by the end of what the plan looks at."""
        less_s = self._worth.less_s(change.clerks, change.post.from_s, AHEAD_S)
        if (saved := round(float(less_s.sum()) / MINUTE_S)) <= 0:
            return None
        until = clock_text(min(change.post.from_s + AHEAD_S, self._book.snapshot.close_s))
        return (
            f"，但到{until}共可减少约{saved}分钟",
            f", but by {until} it saves about {minutes(saved)} in all",
        )

    def _waits_long(self, change: Change) -> tuple[str, str] | None:
        """A line that gains and would wait beyond its promise: the plan counts such minutes more."""
        look = self._look
        expected = self._worth.without(change.clerks, change.post.from_s).wait_s[:, 0]
        so_far = look.waited_s / np.maximum(look.waiting, 1.0)
        late = np.maximum(expected, so_far) > look.target_s
        line = next((s for s in affected(look, change.less_s) if late[look.row[s]]), None)
        if line is None:
            return None
        name = service(line)
        return (
            f"，但{name}的等候超过承诺时限，方案更看重久等的人",
            f", but {name} waits longer than promised, and the plan counts long waits more",
        )

    def _weighs(self, change: Change) -> tuple[str, str] | None:
        """A line that gains and to which the hall gives more weight than to any that loses."""
        look = self._look
        won, lost = affected(look, change.less_s), affected(look, -change.less_s)
        if not (won and lost) or look.weight[look.row[won[0]]] <= max(look.weight[look.row[s]] for s in lost):
            return None
        name = service(won[0])
        return f"，但本厅给{name}的权重更高", f", but the hall gives {name} more weight"


def _is_agreed(book: Rulebook, post: Post) -> bool:
    """Whether people agreed on this very post: a window whose agreed flip was dropped may flip otherwise."""
    return any(
        c.window == post.window
        and set(c.mode) == set(post.mode)
        and c.clerk in (None, post.clerk)
        and c.at_s <= post.from_s
        for c in book.snapshot.committed
    )
