"""What the best change of one window would bring, weighed for a manager: the floor it misses, or its minutes.

All else stays as planned. Waits are those of `scheduler.draft.waits`, all minutes counted alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

from hall.core.days import clock_text
from hall.core.names import ClerkId, ServiceId
from scheduler import draft, fallback
from scheduler.check.commitments import settle
from scheduler.check.floors import shortfalls
from scheduler.check.offers import Offers, Posting
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.decision import Decision
from scheduler.draft.outlook import Floats, outlook
from scheduler.draft.reasons import AHEAD_S, affected, gain_and_cost_min
from scheduler.draft.wording import clerk as called
from scheduler.draft.wording import listed, minutes, reason, service, services
from scheduler.draft.wording import window as named_window
from scheduler.model.weights import WEIGHTS
from scheduler.plan import Plan, Reason
from scheduler.snapshot import Clerk, Mode, Window

MINUTE_S = 60
MOST_TRIED = 40  # changes that are weighed for one answer, each two milliseconds in a hall of 60 windows
MOST_MODES = 12  # of one clerk at a window
LOOSE = 0.001  # a smaller gap than this is a rounding
Words = tuple[str, str]  # zh and en


@dataclass(frozen=True)
class Trial:
    """One clerk at the window in one mode, and the seconds each line would wait less within the hour."""

    clerk: Clerk
    mode: Mode
    less_s: Floats

    @property
    def net_s(self) -> float:
        return float(self.less_s.sum())


class Weighing:
    """The plan beside the same plan with one clerk elsewhere."""

    def __init__(self, book: Rulebook, plan: Plan, window: Window) -> None:
        self.book, self.plan, self.window = book, plan, window
        now = [p for p in plan.posts if p.from_s <= book.now_s < p.to_s and p.window is not None]
        self.posts: dict[ClerkId, Posting] = {p.clerk: (p.window, p.mode) for p in now if p.window}
        breaks = {(b.clerk, b.index): b.start_s for b in plan.breaks}
        self._decision = Decision(self.posts, breaks, settle(book))
        self.look, self._offers = outlook(book.snapshot), Offers(book, self._decision.settled.kept)
        self._before = draft.person_s(book, self.look, self._decision)

    def best(self, clerks: Iterable[Clerk]) -> Trial | None:
        """The one that saves most, those that miss no floor before others; None where no rule allows any."""
        tried = [
            Trial(clerk, mode, self._less_s(clerk, mode))
            for clerk, mode in islice(self._changes(clerks), MOST_TRIED)
        ]
        return max(tried, key=lambda t: (self.short(t) is None, t.net_s), default=None)

    def later_s(self, trial: Trial) -> float:
        """Seconds that all lines together wait less by the end of what the plan looks at."""
        before, then = (
            draft.person_s(self.book, self.look, decision, AHEAD_S)
            for decision in (self._decision, self._with(trial.clerk, trial.mode))
        )
        return float((before - then).sum())

    def short(self, trial: Trial) -> ServiceId | None:
        """A floor that would be missed by more than the plan does, floors taken together."""
        after = shortfalls(self.book, (m for _, m in self._with(trial.clerk, trial.mode).posts.values()))
        before = shortfalls(self.book, (m for _, m in self.posts.values()))
        if sum(after.values()) <= sum(before.values()):
            return None
        return next(s for s in after if after[s] > before.get(s, 0))

    def left(self, trial: Trial, line: ServiceId) -> int:
        """Windows that would still offer the line."""
        return sum(line in mode for _, mode in self._with(trial.clerk, trial.mode).posts.values())

    def _less_s(self, clerk: Clerk, mode: Mode) -> Floats:
        return self._before - draft.person_s(self.book, self.look, self._with(clerk, mode))

    def _with(self, clerk: Clerk, mode: Mode) -> Decision:
        return replace(self._decision, posts={**self.posts, clerk.id: (self.window.id, mode)})

    def _changes(self, clerks: Iterable[Clerk]) -> Iterator[tuple[Clerk, Mode]]:
        """Each clerk's likeliest mode first, then everybody's second."""
        each = [(clerk, list(islice(self._modes(clerk), MOST_MODES))) for clerk in clerks]
        for turn in range(MOST_MODES):
            yield from ((clerk, modes[turn]) for clerk, modes in each if turn < len(modes))

    def _modes(self, clerk: Clerk) -> Iterator[Mode]:
        """The modes that are new here and that the rules allow, those with most work for this clerk first."""
        need = self.look.need(fallback.AHEAD_S)
        reach = self.window.can & clerk.pace.keys()
        is_here = self.posts.get(clerk.id, (None, ()))[0] == self.window.id
        found = {self._offers.widest(clerk, self.window, {s}): None for s in sorted(reach)}
        found |= {
            tuple(sorted(mode)): None for mode in (*_of_families(self.book, reach), *([s] for s in reach))
        }
        for mode in sorted(filter(None, found), key=lambda m: (-sum(need[s] for s in m), len(m), m)):
            if self._offers.may(clerk, self.window, mode) and (not is_here or is_flip(self.window, mode)):
                yield mode


def _of_families(book: Rulebook, reach: Iterable[ServiceId]) -> Iterator[Mode]:
    """All services of each choice of families that a window may have."""
    families = sorted(book.families(reach))
    for count in range(1, book.snapshot.rules.max_families + 1):
        for chosen in combinations(families, count):
            yield tuple(s for s in reach if book.family[s] in chosen)


def answer(book: Rulebook, plan: Plan, window: Window, clerk: Clerk) -> Reason | None:
    """What the best flip of a window where somebody sits would bring; None where none is allowed."""
    weighing = Weighing(book, plan, window)
    best = weighing.best([clerk])
    if best is None:
        return None
    what = _what(window, best.mode)
    told = (f"{named_window(window.id)}号窗口若{what[0]}", f"Window {named_window(window.id)} with {what[1]}")
    return (
        _short(weighing, best, told)
        or _capped(weighing)
        or _judged(weighing, best, told, WEIGHTS.flip, ("不值得再切换一次", "not worth one more flip"))
    )


def moved(book: Rulebook, plan: Plan, window: Window, clerks: Sequence[Clerk]) -> Reason:
    """What the best of these clerks would bring at an empty window, and cost where they sit now."""
    weighing, name = Weighing(book, plan, window), named_window(window.id)
    pinned = {c for c, (place, _) in weighing.posts.items() if place in book.pins}
    best = weighing.best(c for c in clerks if c.id not in pinned)
    if best is None:
        return reason(
            f"能到{name}号窗口的人员现在都不能在那里办理需要的业务。",
            f"Nobody may offer at window {name} what is needed now.",
        )
    is_idle, (zh, en) = best.clerk.id not in weighing.posts, services(best.mode)
    told = (
        f"{'空闲的' if is_idle else ''}{called(best.clerk.id)}到{name}号窗口办理{zh}",
        f"{called(best.clerk.id)}{', who has no window,' if is_idle else ''} at window {name} with {en}",
    )
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
    left, floor, name = weighing.left(trial, line), weighing.book.floors[line], service(line)
    return reason(
        f"{told[0]}，{name}只剩{left}个窗口，低于保底{floor}个。",
        f"{told[1]} would leave {name} with {left} window{'' if left == 1 else 's'}, "
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
    return reason(
        f"{named_window(window.id)}号窗口须留给{service(line)}，否则其平均等候将超过上限{cap}分钟。",
        f"{service(line)} needs window {named_window(window.id)} to itself: "
        f"its mean wait may not pass {minutes(cap)}.",
    )


def _judged(weighing: Weighing, trial: Trial, told: Words, price: float, dear: Words) -> Reason:
    """The change in minutes, and why the plan has not chosen it. `price`: what it must be worth."""
    gain, cost = gain_and_cost_min(trial.less_s)
    if gain == cost == 0 or not gain:
        return reason(
            f"{told[0]}，减少的等候不到1分钟。", f"{told[1]} would save less than a minute of waiting."
        )
    for_zh, for_en = listed(affected(weighing.look, trial.less_s))
    zh = f"{told[0]}，一小时内可为{for_zh}减少等候约{gain}分钟"
    en = f"{told[1]} would save {for_en} about {minutes(gain)} within the hour"
    losers = affected(weighing.look, -trial.less_s)
    if cost and losers:
        from_zh, from_en = listed(losers)
        zh, en = f"{zh}，却使{from_zh}增加约{cost}分钟", f"{en} and cost {from_en} about {minutes(cost)}"
    if gain - cost <= 0:
        return reason(f"{zh}，得不偿失。", f"{en}: more than it saves.")
    if gain - cost <= price:
        return reason(f"{zh}，{dear[0]}。", f"{en}: {dear[1]}.")
    why_zh, why_en = _left_out(weighing, trial, price)
    return reason(f"{zh}；{why_zh}。", f"{en}; {why_en}.")


def _left_out(weighing: Weighing, trial: Trial, price: float) -> Words:
    """Why the plan does without a change that looks right within the hour: what can be shown of it."""
    book, plan = weighing.book, weighing.plan
    if plan.status == "fallback":
        return "本方案来不及作比较", "this plan had no time to compare"
    until = clock_text(min(book.now_s + AHEAD_S, book.snapshot.close_s))
    later = round(weighing.later_s(trial) / MINUTE_S)
    if later < 0:
        return (
            f"但到{until}合计反而增加约{-later}分钟",
            f"by {until} it would cost {minutes(-later)} more than it saves",
        )
    if later <= price:
        return (
            f"但到{until}合计只减少约{later}分钟，不值得调整",
            f"by {until} it would save {minutes(later)} in all, too few for a change",
        )
    if plan.gap and plan.gap >= LOOSE:
        share = round(100 * plan.gap, 1)
        return (
            f"本方案距最优可能还差{share:g}%",
            f"this plan is only known to be within {share:g} % of the best",
        )
    return (
        "方案对超过承诺的等候另行加重计算，因此未作此安排；如认为合适，可锁定该窗口",
        "the plan counts waits beyond the promise more and has chosen otherwise; pin it if you know better",
    )
