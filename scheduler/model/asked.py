"""“Why not window 7?”: one sentence on why a plan leaves a window as it is."""

from __future__ import annotations

from hall.core.names import ServiceId, WindowId
from scheduler import draft
from scheduler.check.muster import Muster
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.decision import Decision
from scheduler.draft.outlook import outlook
from scheduler.plan import Flip, Plan, Reason
from scheduler.snapshot import Clerk, Mode, Snapshot, Window

MINUTE_S = 60


def why_not(snapshot: Snapshot, plan: Plan, window_id: WindowId) -> Reason:
    """The rule that holds the window, or what its best flip would gain and cost. Raises KeyError."""
    book = Rulebook(snapshot)
    window = book.windows[window_id]
    flip = next((f for f in plan.flips if f.window == window_id), None)
    if flip is not None:
        return flip.reason
    if held := _held(book, window):
        return held
    sitting = next((p for p in plan.posts if p.window == window_id and p == plan.now(p.clerk)), None)
    if sitting is None:
        return _nobody(book, window)
    best = _best(book, plan, window, book.clerks[sitting.clerk], sitting.mode)
    return _judged(window, best) if best else _alone(window, book.clerks[sitting.clerk])


def _held(book: Rulebook, window: Window) -> Reason | None:
    """What keeps the window from any flip now."""
    rules = book.snapshot.rules
    if not window.open:
        return Reason(f"{window.id}号窗口已关闭或故障。", f"Window {window.id} is shut or out of order.")
    if not window.tidal:
        return Reason(
            f"{window.id}号窗口业务固定,不参与潮汐切换。", f"The mode of window {window.id} is fixed."
        )
    if window.id in book.pins:
        return Reason(f"管理员已锁定{window.id}号窗口。", f"A manager has pinned window {window.id}.")
    most = rules.max_flips_per_window
    if window.mode and most is not None and window.flips_today >= most:
        return Reason(
            f"{window.id}号窗口今日已切换{window.flips_today}次,达到上限。",
            f"Window {window.id} has had its {window.flips_today} flips for today.",
        )
    rest_s = rules.min_dwell_s - (book.now_s - window.mode_since_s)
    if window.mode and rest_s > 0:
        minutes = max(1, round(rest_s / MINUTE_S))
        return Reason(
            f"{window.id}号窗口刚切换过,还需稳定{minutes}分钟。",
            f"Window {window.id} changed a short while ago and stays for {minutes} more minutes.",
        )
    return None


def _nobody(book: Rulebook, window: Window) -> Reason:
    free = [c for c in book.at_work if window.can & c.pace.keys()]
    if not free:
        return Reason(
            f"没有在岗且有授权的人员可以到{window.id}号窗口。",
            f"Nobody at work is authorised for what window {window.id} can do.",
        )
    return Reason(
        f"能到{window.id}号窗口的人员在别处作用更大。",
        f"Those who could sit at window {window.id} do more good where they are.",
    )


def _alone(window: Window, clerk: Clerk) -> Reason:
    return Reason(
        f"{window.id}号窗口的设备与{clerk.id}的授权没有其他共同业务。",
        f"Window {window.id} and {clerk.id} have no other service in common.",
    )


def _best(book: Rulebook, plan: Plan, window: Window, clerk: Clerk, mode: Mode) -> Flip | None:
    """The flip of this window alone that gains most, all other posts as planned."""
    muster = Muster(book)
    look = outlook(book.snapshot)
    now = {p.clerk: p for p in plan.posts if p.from_s <= book.now_s < p.to_s}
    posts = {c: (p.window, p.mode) for c, p in now.items() if p.window is not None}
    breaks = {(b.clerk, b.index): b.start_s for b in plan.breaks}
    tried: list[Flip] = []
    for wish in _wishes(book, window, clerk, mode):
        offer = muster.offers.widest(clerk, window, wish)
        if offer is None or not is_flip(window, offer):
            continue
        decision = Decision({**posts, clerk.id: (window.id, offer)}, breaks, muster.settled)
        flips = draft.write(book, look, decision, "feasible", 0.0, 0.0).flips
        tried += [f for f in flips if f.window == window.id]
    return max(tried, key=lambda f: f.gain_s - f.cost_s, default=None)


def _wishes(book: Rulebook, window: Window, clerk: Clerk, mode: Mode) -> list[set[ServiceId]]:
    """Each other family in reach, by itself."""
    reach = window.can & clerk.pace.keys()
    others = sorted({book.family[s] for s in reach} - book.families(mode))
    return [{s for s in reach if book.family[s] == family} for family in others]


def _judged(window: Window, flip: Flip) -> Reason:
    gain, cost = round(flip.gain_s / MINUTE_S), round(flip.cost_s / MINUTE_S)
    to = "、".join(s for s in flip.to_mode if s not in window.mode)
    if gain <= cost:
        return Reason(
            f"{window.id}号窗口若增办{to},约减少等候{gain}分钟,却增加{cost}分钟,得不偿失。",
            f"Window {window.id} with {to} would save some {gain} minutes and cost others {cost}.",
        )
    return Reason(
        f"{window.id}号窗口若增办{to},只净减少等候约{gain - cost}分钟,不值得再切换一次,或已有更好的窗口。",
        f"Window {window.id} with {to} would save only {gain - cost} minutes more: not worth one more flip, "
        "or another window serves better.",
    )
