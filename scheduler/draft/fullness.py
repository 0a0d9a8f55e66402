"""How full a day is rehearsed: as the forecast says, but neither too empty nor too full to learn from.

On a day that is expected to be nearly empty, posts and breaks hardly matter and the rehearsal places them
by chance; if more people come after all, that chance is paid for. On a day that is expected to be beyond
what the clerks can do, the rehearsal gives up lines that a day a little less full would have served. Both
were measured (docs/BENCHMARKS.md): with days kept inside these limits a forecast that is wrong by 30 % costs
hardly anything, and a Monday that is as full as expected goes as well as before. They are of whole days, with
their quiet ends: what is left at half past ten may well be fuller, and is then rehearsed as it is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scheduler.check.rulebook import Rulebook
from scheduler.draft.decision import BreakStarts
from scheduler.draft.outlook import Outlook, presence
from scheduler.snapshot import Clerk, Snapshot

LEAST_LOAD, MOST_LOAD = 0.75, 0.82  # work of the day over the time of the clerks who are there
QUIET_LOAD = 0.65  # below this a day is quiet beyond doubt, and not one whose morning merely brought more
LEAST_SHARE = 0.1  # of those expected, however many wait already


def rehearsed(snapshot: Snapshot) -> tuple[Clerk, ...]:
    """Who takes part: clerks at work, and those on a break with what they come back to."""
    return tuple(c for c in snapshot.clerks if c.is_at_work or c.status == "break")


def tempered(
    book: Rulebook,
    look: Outlook,
    breaks: BreakStarts,
    least_load: float = LEAST_LOAD,
    most_load: float = MOST_LOAD,
) -> Outlook:
    """The outlook with its arrivals scaled so that the load of the day is inside the limits."""
    time_s, here_s, coming_s = _work(book, look, breaks)
    if coming_s <= 0 or time_s <= 0:
        return look
    wanted_s = min(max(coming_s + here_s, least_load * time_s), most_load * time_s)
    return replace(look, arrivals=look.arrivals * max((wanted_s - here_s) / coming_s, LEAST_SHARE))


def is_quiet(book: Rulebook, look: Outlook, breaks: BreakStarts) -> bool:
    """Whether the rest of the day is expected to be much emptier than the days that are rehearsed for it."""
    time_s, here_s, coming_s = _work(book, look, breaks)
    return coming_s + here_s < QUIET_LOAD * time_s


def _work(book: Rulebook, look: Outlook, breaks: BreakStarts) -> tuple[float, float, float]:
    """Clerks' time to the end of the day, and the time that those waiting and those coming will take."""
    staff = rehearsed(book.snapshot)
    time_s = float(presence(book.snapshot, staff, look, breaks).sum()) * look.block_s
    paces = [float(np.mean(list(c.pace.values()))) for c in staff if c.pace]
    pace = float(np.mean(paces)) if paces else 1.0
    able = {service for c in staff for service in c.pace}
    work_s = look.work_s * [service in able for service in look.ids]  # what nobody can do fills nobody's day
    coming_s = float(look.arrivals.sum(axis=1) @ work_s) / pace
    return time_s, float(look.waiting @ work_s) / pace, coming_s
