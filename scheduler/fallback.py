"""The fallback: a valid plan in milliseconds, without a solver.

Everybody stays where they are, floors are met, and the line under most pressure gets help by a threshold
rule, as halls do it by hand. Used when the solver is missing, dead or out of time.
"""

from __future__ import annotations

from collections.abc import Mapping

from hall.core.names import ServiceId
from scheduler import draft
from scheduler.check.muster import Muster
from scheduler.check.rulebook import Rulebook
from scheduler.draft import rests
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.decision import Decision
from scheduler.draft.outlook import Outlook, outlook
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot

AHEAD_S = 900.0  # people expected within this time count as if they waited
THRESHOLD = 2.0  # a line gets help when its pressure is this many times its promise ...
CALM = 0.7  # ... and gets it from a clerk whose lines are below this part of theirs
MOST_FLIPS = 5  # in one plan


def plan(snapshot: Snapshot, solve_ms: float = 0.0) -> Plan:
    """A plan of status “fallback” for any valid snapshot."""
    book, look = Rulebook(snapshot), outlook(snapshot)
    return draft.write(book, look, decide(book, look), "fallback", None, solve_ms)


def decide(book: Rulebook, look: Outlook) -> Decision:
    """Posts that keep all rules, with help for lines over the threshold."""
    muster = Muster(book, look.need(AHEAD_S)).meet_floors()
    help_lines(muster, look)
    breaks = rests.placed(book, muster.settled)
    return Decision(dict(muster.posts), breaks, muster.settled)


def help_lines(muster: Muster, look: Outlook) -> None:
    """Lines under pressure get one window more each, the worst first."""
    need = look.need(AHEAD_S)
    promise = {s.id: max(s.target_wait_s, 60.0) for s in muster.book.snapshot.services}
    kept = windows_to_keep(muster.book, look)
    for _ in range(MOST_FLIPS):
        pressure = {s: need[s] / promise[s] / max(muster.offered[s], 0.5) for s in look.ids}
        tried = sorted((s for s in look.ids if pressure[s] > THRESHOLD), key=lambda s: (-pressure[s], s))
        if not any(_help(muster, s, pressure, kept) for s in tried):
            return


def _help(
    muster: Muster, service: ServiceId, pressure: Mapping[ServiceId, float], kept: Mapping[ServiceId, int]
) -> bool:
    """Let the calmest clerk who is able add the service at the own window; whether somebody could."""
    book = muster.book
    calm, alone = [], windows_kept(book, muster.posts)
    for clerk in book.at_work:
        if clerk.id in muster.bound or clerk.id not in muster.posts or service not in clerk.pace:
            continue
        place, mode = muster.posts[clerk.id]
        load = max((pressure[s] for s in mode), default=0.0)
        is_needed = any(alone[s] <= kept.get(s, 0) for s in mode)
        if service not in mode and load < CALM * pressure[service] and not is_needed:
            calm.append((load, clerk.id, place, mode))
    for _, clerk_id, place, mode in sorted(calm, key=lambda each: each[:2]):
        busiest = max(mode, key=lambda s: (pressure[s], s), default=service)
        keep = {s for s in mode if book.family[s] in (book.family[busiest], book.family[service])}
        clerk, window = book.clerks[clerk_id], book.windows[place]
        for wish in ({*mode, service}, {*keep, service}):
            offer = muster.offers.widest(clerk, window, wish)
            if offer and not muster.lost(clerk_id, offer):
                muster.put(clerk_id, (place, offer))
                return True
    return False
