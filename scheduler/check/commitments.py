"""Committed flips: which of them the rules still allow, and whether a plan keeps those."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hall.core.names import ClerkId, WindowId
from scheduler.check.fault import Fault
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.plan import Plan
from scheduler.snapshot import Clerk, Committed, Mode, Window


@dataclass(frozen=True, slots=True)
class Agreed:
    """A commitment that the rules allow: this clerk, there, from `at_s` on (now, if it is due)."""

    clerk: ClerkId
    window: WindowId
    mode: Mode
    at_s: int


@dataclass(frozen=True)
class Settled:
    """What is kept, earliest first, and the code of the rule against each that is not."""

    kept: tuple[Agreed, ...]
    dropped: tuple[tuple[WindowId, str], ...]


def settle(book: Rulebook) -> Settled:
    """Go through the commitments by time: keep what no rule forbids and no earlier one rules out."""
    kept: list[Agreed] = []
    dropped: list[tuple[WindowId, str]] = []
    windows = dict(book.windows)
    for one in sorted(book.snapshot.committed, key=lambda c: (c.at_s, c.clerk is None)):
        at_s = max(one.at_s, book.now_s)
        window = windows[one.window]
        found = _first_able(book, kept, window, one, at_s)
        if isinstance(found, str):
            dropped.append((one.window, found))
            continue
        kept.append(Agreed(found.id, one.window, one.mode, at_s))
        flips = int(is_flip(window, one.mode))
        since_s = at_s if flips or not window.mode else window.mode_since_s
        windows[one.window] = replace(
            window, mode=one.mode, mode_since_s=since_s, flips_today=window.flips_today + flips
        )
    return Settled(tuple(kept), tuple(dropped))


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    dropped = {d.window for d in plan.dropped}
    forbidden = {window for window, _ in settle(book).dropped}
    found = [
        Fault("dropped_needlessly", f"/dropped/{i}", f"no rule forbids what was agreed for {d.window}")
        for i, d in enumerate(plan.dropped)
        if d.window not in forbidden
    ]
    for one in book.snapshot.committed:
        if one.window not in dropped and not _is_kept(book, plan, one):
            found.append(Fault("committed", "/dropped", f"{one.window} is neither kept nor dropped"))
    return found


def _first_able(book: Rulebook, kept: list[Agreed], window: Window, one: Committed, at_s: int) -> Clerk | str:
    """The clerk for a commitment, or the code of the rule against it."""
    if why := book.forbidden(window, one.mode, at_s):
        return why
    if any(k.window == one.window and k.at_s == at_s for k in kept):
        return "superseded"
    by_nearness = sorted(book.snapshot.clerks, key=lambda c: _nearness(window, c))
    named = [book.clerks[one.clerk]] if one.clerk else by_nearness
    why = "nobody_able"
    for clerk in named:
        if not (why_not := _unfit(book, kept, clerk, one, at_s)):
            return clerk
        why = why_not if one.clerk else why
    return why


def _nearness(window: Window, clerk: Clerk) -> int:
    """Whoever sits there comes first, then whoever sits nowhere, then the rest in their order."""
    if clerk.window is None:
        return 1
    return 0 if clerk.window == window.id else 2


def _unfit(book: Rulebook, kept: list[Agreed], clerk: Clerk, one: Committed, at_s: int) -> str | None:
    if not one.mode:
        return "empty_mode"
    if not set(one.mode) <= clerk.pace.keys():
        return "not_authorised"
    is_there = clerk.is_at_work if at_s <= book.now_s else clerk.start_s <= at_s < clerk.end_s
    if not is_there:
        return "not_at_work"
    return "clerk_elsewhere" if any(k.clerk == clerk.id for k in kept) else None


def _is_kept(book: Rulebook, plan: Plan, one: Committed) -> bool:
    """Whether a post at the window offers the mode from the agreed time (now, if that has passed)."""
    at_s = max(one.at_s, book.now_s)
    return any(
        p.window == one.window
        and p.from_s <= at_s < p.to_s
        and set(p.mode) == set(one.mode)
        and one.clerk in (None, p.clerk)
        for p in plan.posts
    )
