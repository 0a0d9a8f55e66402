"""“Why not window 7?”: one sentence on why a plan leaves a window as it is."""

from __future__ import annotations

from collections.abc import Iterable

from hall.core.days import clock_text
from hall.core.names import WindowId
from scheduler.check.commitments import settle
from scheduler.check.offers import Offers
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.wording import minutes, services
from scheduler.model import weighed
from scheduler.plan import Flip, Plan, Post, Reason
from scheduler.snapshot import Clerk, Mode, Snapshot, Window

MINUTE_S = 60


def why_not(snapshot: Snapshot, plan: Plan, window_id: WindowId) -> Reason:
    """What holds the window, the first that matters, or what its best flip would gain and cost.

    Raises KeyError for a window that the hall does not have.
    """
    book = Rulebook(snapshot)
    if window_id not in book.windows:
        raise KeyError(f"there is no window {window_id}")
    window = book.windows[window_id]
    flip = next((f for f in plan.flips if f.window == window_id), None)
    if flip is not None:
        return flip.reason if flip.at_s <= book.now_s else _later(flip)
    if held := _held(book, window) or _agreed(book, window) or _settled(book, window):
        return held
    sitting = next((p for p in plan.posts if p.window == window_id and p == plan.now(p.clerk)), None)
    if sitting is None:
        return _nobody(book, plan, window)
    return _manned(book, plan, window, sitting)


def _later(flip: Flip) -> Reason:
    """A flip that is to come: without its time it would read as one of now."""
    at = clock_text(flip.at_s)
    return Reason(f"{at}起：{flip.reason.zh}", f"At {at}: {flip.reason.en}")


def _held(book: Rulebook, window: Window) -> Reason | None:
    """What the window itself, or a manager's pin, leaves no choice about."""
    if not window.open:
        return Reason(f"{window.id}号窗口已关闭或故障。", f"Window {window.id} is shut or out of order.")
    if not window.tidal:
        return Reason(
            f"{window.id}号窗口业务固定，不参与潮汐切换。", f"The mode of window {window.id} is fixed."
        )
    if pin := book.pins.get(window.id):
        return _pinned(book, window, pin.mode)
    return None


def _pinned(book: Rulebook, window: Window, mode: Mode) -> Reason:
    """A pin is no promise: the flips of the day may be used up, or nobody may be able."""
    zh, en = services(mode)
    if is_flip(window, mode) and book.forbidden(window, mode) == "flips_spent":
        return Reason(
            f"管理员已锁定{window.id}号窗口办理{zh}，但该窗口今日切换次数已用完，不能切换。",
            f"A manager has pinned window {window.id} to {en}, but it has used up its flips for today.",
        )
    if not any(set(mode) <= c.pace.keys() for c in book.at_work):
        return Reason(
            f"管理员已锁定{window.id}号窗口办理{zh}，但在岗人员中无人有此授权。",
            f"A manager has pinned window {window.id} to {en}, but nobody at work is authorised for that.",
        )
    return Reason(f"管理员已锁定{window.id}号窗口。", f"A manager has pinned window {window.id}.")


def _agreed(book: Rulebook, window: Window) -> Reason | None:
    """An agreed mode that is no flip, but that a flip before or now would break."""
    agreed = next((a for a in settle(book).kept if a.window == window.id), None)
    if agreed is None:
        return None
    zh, en = services(agreed.mode)
    if agreed.at_s <= book.now_s:
        return Reason(
            f"按已批准的安排，{window.id}号窗口现在办理{zh}。",
            f"Window {window.id} offers {en} now, as agreed.",
        )
    at = clock_text(agreed.at_s)
    return Reason(
        f"按已批准的安排，{window.id}号窗口{at}起办理{zh}，此前不切换。",
        f"Window {window.id} offers {en} from {at} on, as agreed, and does not flip before.",
    )


def _settled(book: Rulebook, window: Window) -> Reason | None:
    """The day's number of flips, or the dwell."""
    rules = book.snapshot.rules
    most = rules.max_flips_per_window
    if window.mode and most == 0:
        return Reason(f"本厅规定{window.id}号窗口不切换。", f"This hall allows window {window.id} no flips.")
    if window.mode and most is not None and window.flips_today >= most:
        return Reason(
            f"{window.id}号窗口今日已切换{window.flips_today}次，达到上限。",
            f"Window {window.id} has had its {window.flips_today} flip{'s' if most > 1 else ''} for today.",
        )
    rest_s = rules.min_dwell_s - (book.now_s - window.mode_since_s)
    if window.mode and rest_s > 0:
        rest = max(1, round(rest_s / MINUTE_S))
        if not window.flips_today:
            since = clock_text(window.mode_since_s)
            return Reason(
                f"{window.id}号窗口{since}才开始办理现有业务，还需稳定{rest}分钟。",
                f"Window {window.id} has its mode only since {since} and stays for another {minutes(rest)}.",
            )
        return Reason(
            f"{window.id}号窗口刚切换过，还需稳定{rest}分钟。",
            f"Window {window.id} changed a short while ago and stays for another {minutes(rest)}.",
        )
    return None


def _nobody(book: Rulebook, plan: Plan, window: Window) -> Reason:
    """Why nobody sits there."""
    seen = book.snapshot
    resting = next((c for c in seen.clerks if c.window == window.id and c.status == "break"), None)
    if resting is not None:
        return _resting(book, window, resting)
    able = [c for c in book.at_work if window.can & c.pace.keys()]
    if not able:
        return Reason(
            f"没有在岗且有授权的人员可以到{window.id}号窗口。",
            f"Nobody at work is authorised for what window {window.id} can do.",
        )
    offers = Offers(book)
    allowed = [c for c in able if offers.widest(c, window)]
    if not allowed:
        return _refused(book, window, able)
    promised = {a.clerk for a in settle(book).kept if a.at_s <= book.now_s}
    free = [c for c in allowed if c.id not in promised]
    if not free:
        return Reason(
            f"能到{window.id}号窗口的人员另有已批准的安排。",
            f"Those who could sit at window {window.id} have agreed posts elsewhere.",
        )
    return weighed.moved(book, plan, window, free)


def _resting(book: Rulebook, window: Window, clerk: Clerk) -> Reason:
    if clerk.until_s is None or clerk.until_s <= book.now_s:
        return Reason(
            f"{window.id}号窗口的{clerk.id}正在休息。", f"{clerk.id} of window {window.id} is on a break."
        )
    until = clock_text(clerk.until_s)
    return Reason(
        f"{window.id}号窗口的{clerk.id}正在休息，到{until}为止。",
        f"{clerk.id} of window {window.id} is on a break until {until}.",
    )


def _manned(book: Rulebook, plan: Plan, window: Window, post: Post) -> Reason:
    """Why whoever sits there offers nothing else."""
    clerk = book.clerks[post.clerk]
    if fixed := _nothing_new(window, clerk, post) or _due_a_break(book, plan, window, clerk):
        return fixed
    return weighed.answer(book, plan, window, clerk) or _refused(book, window, [clerk])


def _nothing_new(window: Window, clerk: Clerk, post: Post) -> Reason | None:
    """A flip takes on a service that the window does not offer; there may be none."""
    shared = window.can & clerk.pace.keys()
    zh, en = services(post.mode)
    if not window.mode:
        return Reason(
            f"{window.id}号窗口今日首次启用，按方案办理{zh}，不算切换。",
            f"Window {window.id} begins with {en}: the first mode of the day is no flip.",
        )
    if shared <= set(post.mode):
        return Reason(
            f"{window.id}号窗口的设备与{clerk.id}的授权没有其他共同业务。",
            f"Window {window.id} and {clerk.id} have no other service in common.",
        )
    if shared <= set(window.mode):
        return Reason(
            f"{window.id}号窗口与{clerk.id}的共同业务都已在办；方案让其只办{zh}。",
            f"Window {window.id} already offers all that {clerk.id} can do there; "
            f"the plan narrows it to {en}.",
        )
    return None


def _due_a_break(book: Rulebook, plan: Plan, window: Window, clerk: Clerk) -> Reason | None:
    """A break that begins before the set-up for another mode would be over."""
    start_s = min((b.start_s for b in plan.breaks if b.clerk == clerk.id), default=None)
    if start_s is None or start_s - book.now_s >= book.snapshot.rules.setup_s:
        return None
    at = clock_text(start_s)
    return Reason(
        f"{clerk.id}将于{at}休息，来不及为{window.id}号窗口切换做准备。",
        f"{clerk.id} has a break at {at}, before window {window.id} could be set up for anything else.",
    )


def _refused(book: Rulebook, window: Window, clerks: Iterable[Clerk]) -> Reason:
    """What a manager refused: flips before narrower modes, then the one that may come again first."""
    reach = {s for c in clerks for s in window.can & c.pace.keys()}
    one = min(
        (
            r
            for r in book.snapshot.refused
            if r.window == window.id
            and r.until_s > book.now_s
            and set() < set(r.mode) <= reach
            and set(r.mode) != set(window.mode)
        ),
        key=lambda r: (not is_flip(window, r.mode), r.until_s),
    )
    (zh, en), until = services(one.mode), clock_text(one.until_s)
    return Reason(
        f"管理员已拒绝{window.id}号窗口办理{zh}，{until}前不再提出。",
        f"A manager has refused window {window.id} with {en} until {until}.",
    )
