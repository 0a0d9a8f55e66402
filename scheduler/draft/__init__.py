"""Draft: a decision written out as a plan, with everything that people are told. Decides nothing itself."""

from __future__ import annotations

import numpy as np

from hall.core.names import ClerkId, ServiceId
from scheduler.check.floors import shortfalls
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft import day, lending, reasons
from scheduler.draft.decision import Decision
from scheduler.draft.dropped import why_dropped
from scheduler.draft.outlook import Outlook, after, presence
from scheduler.draft.waits import Waits, waits
from scheduler.draft.worth import Hands, rates_of
from scheduler.plan import Dropped, Expected, Plan, PlannedBreak, Status, Unmet


def write(
    book: Rulebook, look: Outlook, decision: Decision, status: Status, gap: float | None, solve_ms: float
) -> Plan:
    """The plan of a decision."""
    seen = book.snapshot
    posts = day.posts(book, decision)
    staff = hands(book, look, decision)
    modes = {clerk: mode for clerk, (_, mode) in decision.posts.items()}
    expected = waits(look, rates_of(look, staff.staff, modes), after(staff.there, staff.lost_s, look))
    return Plan(
        hall=seen.hall,
        day=seen.day.isoformat(),
        now_s=seen.now_s,
        status=status,
        gap=gap,
        solve_ms=solve_ms,
        posts=posts,
        breaks=tuple(PlannedBreak(clerk, i, start_s) for (clerk, i), start_s in decision.breaks.items()),
        standby=lending.standby(book, decision.posts, look),
        flips=reasons.flips(book, posts, look, staff, is_weighed=status != "fallback"),
        expected=_expected(book, look, expected),
        unmet=tuple(Unmet(s, short) for s, short in shortfalls(book, modes.values()).items()),
        dropped=tuple(Dropped(w, why_dropped(code)) for w, code in decision.settled.dropped),
    )


def hands(book: Rulebook, look: Outlook, decision: Decision) -> Hands:
    """Everybody who is or will be at work, with what the decision costs each at its beginning."""
    seen = book.snapshot
    staff = tuple(c for c in seen.clerks if c.status != "off" or c.end_s > seen.now_s)
    there = presence(seen, staff, look, decision.breaks)
    return Hands(staff, there, np.array([lost_s(book, c.id, decision.posts.get(c.id)) for c in staff]))


def lost_s(book: Rulebook, clerk: ClerkId, posting: Posting | None) -> float:
    """Seconds until the clerk can call in this post: the larger of set-up and walk."""
    if posting is None:
        return 0.0
    rules, (place, mode) = book.snapshot.rules, posting
    window, sits_at = book.windows[place], book.clerks[clerk].window
    is_first = not window.mode and book.now_s > book.snapshot.open_s
    setup_s = rules.setup_s if is_first or is_flip(window, mode) else 0.0
    return max(setup_s, rules.move_s if sits_at not in (None, place) else 0.0)


def _expected(book: Rulebook, look: Outlook, found: Waits) -> dict[ServiceId, Expected]:
    return {
        s: Expected(book.now_s, look.block_s, tuple(round(w) for w in found.wait_s[i].tolist()))
        for i, s in enumerate(look.ids)
    }
