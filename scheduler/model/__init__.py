"""The optimiser: the plan of a snapshot. OR-Tools is imported only here (0.6 s and 80 MB).

Work limits are counted, so the same snapshot and seed give the same plan; `deadline_ms` is a safety net.
The muster's plan is kept outside the solver: when there is no better answer in time, it is the plan.
"""

from __future__ import annotations

import time
from dataclasses import replace

from scheduler import draft, fallback
from scheduler.check import faults
from scheduler.check.muster import Muster
from scheduler.check.rulebook import Rulebook
from scheduler.draft import rests
from scheduler.draft.decision import BreakStarts, Decision
from scheduler.draft.outlook import Outlook, outlook
from scheduler.draft.review import review
from scheduler.model import optimum
from scheduler.model.asked import why_not
from scheduler.model.lineup import AGAIN, BRIEF, OPENING, SHORT, Effort, lineup
from scheduler.model.weights import WEIGHTS, Weights
from scheduler.plan import Plan, Status
from scheduler.snapshot import Snapshot

__all__ = ["WEIGHTS", "Weights", "solve", "to_rehearse", "why_not"]

SHARE = 0.8  # of the deadline for the solver; the rest writes and checks the plan
LINEUP_S = 5.0  # a limit with more time than this asks for the day's line-up ...
LATEST_S = 1800  # ... until so long after opening: clerks come when the doors open, some a little later
BRIEF_S = 0.5  # a limit with less time than this has none for a rehearsal
MOST_BRIEF = 1_500  # people still to come; more cannot be rehearsed often enough within a second
UNBOUNDED = 1.0  # the gap of a line-up: rehearsals give no bound


def solve(snapshot: Snapshot, weights: Weights = WEIGHTS) -> Plan:
    """The best plan found within the deadline; always one that keeps the rules."""
    begun = time.monotonic()
    book, look = Rulebook(snapshot), outlook(snapshot)
    muster = Muster(book, look.need(fallback.AHEAD_S)).meet_floors()
    breaks = rests.placed(book, muster.settled)
    limit_s = snapshot.deadline_ms / 1000 * SHARE - (time.monotonic() - begun)
    if rehearse := to_rehearse(book, look, breaks, limit_s):
        chosen = lineup(book, rehearse[0], muster, breaks, limit_s, rehearse[1])
        decision = Decision(chosen.posts, chosen.breaks, muster.settled)
        plan = draft.write(book, look, decision, "feasible", UNBOUNDED, _since_ms(begun))
        if chosen.trials and not faults(snapshot, plan):
            return plan
        muster = Muster(book, look.need(fallback.AHEAD_S)).meet_floors()  # the search has changed it
    found = optimum.best(book, look, muster, breaks, limit_s, weights) if limit_s > 0 else None
    if found is not None:
        decision = Decision(found.posts, breaks, muster.settled)
        status: Status = "optimal" if found.is_proven else "feasible"
        plan = draft.write(book, look, decision, status, round(found.gap, 5), _since_ms(begun))
        if not faults(snapshot, plan):
            return plan
    return fallback.plan(snapshot, _since_ms(begun))


def to_rehearse(
    book: Rulebook, look: Outlook, breaks: BreakStarts, limit_s: float
) -> tuple[Outlook, Effort] | None:
    """What to rehearse the day's line-up for in so many seconds, and how much; None where it stays as it is.

    At opening, or soon after for clerks who come then; and again when a review says so. Where there is no
    more than a plan's second, a brief one at opening brings more than half of what a whole one does.
    """
    has_time, snapshot = limit_s > LINEUP_S, book.snapshot
    if has_time and snapshot.now_s <= snapshot.open_s + LATEST_S:
        return look, OPENING
    if not has_time and (limit_s < BRIEF_S or look.arrivals.sum() + look.waiting.sum() > MOST_BRIEF):
        return None
    if snapshot.now_s <= snapshot.open_s:
        return look, SHORT
    found = review(book, look, breaks)
    if found is None:
        return None
    effort = AGAIN if has_time else BRIEF
    return found.look, replace(effort, least_load=0.0) if found.is_quiet else effort


def _since_ms(begun: float) -> float:
    return round((time.monotonic() - begun) * 1000, 1)
