"""Standby rules 备勤: what a clerk may take on at the own window when nobody waits in the own mode.

Only where three or more wait (PLANNING.md §4: widening when idle halves flips at the same wait); one
family of the present mode always stays, and no floor is put at risk even if everybody switched at once. A
line with a cap lends only what it need not keep to itself (see caps).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from hall.core.names import ClerkId, ServiceId
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.outlook import Outlook
from scheduler.plan import Standby
from scheduler.snapshot import Clerk, Mode, Window

AT_LEAST = 3  # people waiting; with 2, twice the flips for the same waits (docs/BENCHMARKS.md)
MOST_FAMILIES = 3  # per clerk: beyond these nobody would be able to read the console


def standby(book: Rulebook, posts: Mapping[ClerkId, Posting], look: Outlook) -> tuple[Standby, ...]:
    """Rules for all clerks; for each the line under most pressure (work per window) first."""
    found: list[Standby] = []
    need, kept = look.need(book.snapshot.rules.replan_s), windows_to_keep(book, look)
    sure = Counter(s for _, mode in posts.values() for s in mode)
    alone = windows_kept(book, posts)
    pressure = {s: work_s / (1 + sure[s]) for s, work_s in need.items()}
    agreed = {c.window for c in book.snapshot.committed}
    for clerk in book.at_work:
        if clerk.id not in posts or posts[clerk.id][0] in agreed:
            continue
        window, mode = book.windows[posts[clerk.id][0]], posts[clerk.id][1]
        if not window.tidal or window.id in book.pins:
            continue
        given: set[ServiceId] = set()  # what this clerk's rules give up so far
        lends = False
        for offer in _ways(book, clerk, window, mode, pressure):
            lost = set(mode) - set(offer) - given
            if any(sure[s] <= book.floors.get(s, 0) for s in lost):
                continue
            if not lends:
                if any(alone[s] <= kept.get(s, 0) for s in mode):
                    break
                alone.subtract(mode)
                lends = True
            sure.subtract(lost)
            given |= lost
            new = sorted(set(offer) - set(mode), key=lambda s: (-pressure.get(s, 0.0), s))
            found += [Standby(clerk.id, service, AT_LEAST, offer) for service in new]
    return tuple(found)


def _ways(
    book: Rulebook, clerk: Clerk, window: Window, mode: Mode, pressure: Mapping[ServiceId, float]
) -> Iterator[Mode]:
    """Modes with one family more, or one in place of the own family under least pressure."""
    reach = _reach(book, clerk, window, mode)
    family = book.family
    own = sorted(book.families(mode), key=lambda f: (-_of_family(book, mode, f, pressure), f))
    room = book.snapshot.rules.max_families - len(own)
    if room < 1:
        own = own[:-1]  # the reserve stays with the family under most pressure
    others = {family[s] for s in reach} - book.families(mode)
    if not own or not others:
        return
    by_pressure = sorted(others, key=lambda f: (-_of_family(book, reach, f, pressure), f))
    for other in by_pressure[:MOST_FAMILIES]:
        kept = {s for s in mode if family[s] in own}
        offer = tuple(sorted(kept | {s for s in reach if family[s] == other}))
        if book.refusal(window, clerk, offer) is None:
            yield offer


def _reach(book: Rulebook, clerk: Clerk, window: Window, mode: Mode) -> frozenset[ServiceId]:
    """What may come into the mode before the next plan: only its own while the window has its dwell."""
    reach = window.can & clerk.pace.keys()
    restarts = is_flip(window, mode) or not window.mode
    if restarts:
        return reach & set(mode)
    return reach & set(window.mode) if book.is_settled(window, book.now_s) else reach


def _of_family(
    book: Rulebook, services: frozenset[ServiceId] | Mode, family: str, pressure: Mapping[ServiceId, float]
) -> float:
    return sum(pressure.get(s, 0.0) for s in sorted(services) if book.family[s] == family)
