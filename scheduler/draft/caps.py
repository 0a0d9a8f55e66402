"""Caps: how many windows a line must keep to itself, so that lending does not push its wait above its cap.

A line that lends a window gets slower, so it needs a cap beside its floor (DOMAIN.md §A, the donors pay).
With w windows the last of those who wait now or come within t seconds is called within the cap if
w · (t + cap) seconds are enough for all of them; those who come before the next plan may come at once.
Chance adds the wait of a line in balance. A family counts as one line: its services are offered together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import ceil, floor

import numpy as np

from hall.core.names import ClerkId, ServiceId
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.draft.outlook import Floats, Outlook
from scheduler.draft.waits import steady_s

AHEAD_S = 3600  # by then posts have been planned anew
ROUNDING = 1e-9


def windows_to_keep(book: Rulebook, look: Outlook) -> dict[ServiceId, int]:
    """For each service with a cap; more than offer it now means that it can lend none."""
    return {
        s.id: _needed(book, look, s.family, max(s.cap_wait_s, 1.0))
        for s in book.snapshot.services
        if s.cap_wait_s is not None
    }


def _needed(book: Rulebook, look: Outlook, family: str, cap_s: float) -> int:
    """The fewest windows at which the services of the family, as one line, stay under the cap."""
    rows = [row for service, row in look.row.items() if book.family[service] == family]
    blocks = max(1, AHEAD_S // look.block_s)
    coming = look.arrivals[rows, :blocks]
    coming_s = np.cumsum(look.work_s[rows] @ coming)
    waiting_s = float(look.waiting[rows] @ look.work_s[rows])
    passed_s = look.block_s * np.arange(1, coming_s.size + 1)
    at_once_s = waiting_s + coming_s[0] * min(1.0, book.snapshot.rules.replan_s / look.block_s)
    least = max(at_once_s / cap_s, float(((waiting_s + coming_s) / (passed_s + cap_s)).max()))
    windows: int = max(ceil(least - ROUNDING), 0)
    people = float(coming.sum())
    if people <= 0:
        return windows
    work_s, spread = (float(x[rows] @ coming.sum(axis=1)) / people for x in (look.work_s, _spread(look)))
    busy = float(coming_s[-1] / passed_s[-1])
    windows = max(windows, floor(busy) + 1)
    while float(steady_s(work_s, spread, windows, busy / windows)) > cap_s:
        windows += 1
    return windows


def _spread(look: Outlook) -> Floats:
    return (look.dispersion + look.scv) / 2


def windows_kept(book: Rulebook, posts: Mapping[ClerkId, Posting]) -> Counter[ServiceId]:
    """For each service, the windows that offer it and take on nothing new beside it."""
    return Counter(
        service
        for window, mode in posts.values()
        if not is_flip(book.windows[window], mode)
        for service in mode
    )
