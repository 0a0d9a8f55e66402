"""The one door to OR-Tools: a program in, values out. One thread, a fixed seed, counted work.

First the relaxation: its value is the bound, and three times in ten it is whole already. Else a dive: what
is whole stays, clerks who are split between options get the larger part, the relaxation is solved again from
where it stood. Nearly always that is within GOOD_ENOUGH of the bound. Where it is not, the whole program is
searched over the options that the reduced costs call promising, some ten times fewer; over all of them only
if what was found is FAR from the bound still. With MANY options only what is FAR is searched, and never all.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import numpy as np

from scheduler.draft.outlook import Floats
from scheduler.model.program import Program
from scheduler.model.search import GOOD_ENOUGH, Found, Search, is_near

FAR = 0.05  # from the bound: nearer, a search over all options takes long and hardly ever finds better
MANY = 700  # options, as in halls of hundreds of windows: half a second for hardly anything

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """`values` of the options; `gap` relative to the bound; `is_proven`: within GOOD_ENOUGH of the bound,

    or within SMALL where hardly anybody waits.
    """

    values: Floats
    gap: float
    is_proven: bool


def solve(program: Program, chooser_of: list[int], seed: int, limit_s: float) -> Answer | None:
    """The best values found within `limit_s`, or None. `chooser_of`: the clerk of each option."""
    end_s = time.monotonic() + limit_s
    try:
        return _solve(program, chooser_of, abs(seed) % (2**31 - 1), end_s)
    except Exception:  # whatever the solver trips over, the hall gets the plan kept outside
        log.exception("the solver failed")
        return None


def _solve(program: Program, chooser_of: list[int], seed: int, end_s: float) -> Answer | None:
    search = Search(program, np.array(chooser_of), seed, end_s)
    relaxed = search.relax()
    if relaxed is None:
        return None
    bound, found = relaxed.cost, search.dive(relaxed)
    few = search.promising(relaxed)
    if not found or not is_near(found.cost, bound, FAR if few.sum() > MANY else GOOD_ENOUGH):
        found = _better(found, search.whole(few, bound)[0])
    if not found or (len(chooser_of) <= MANY and not is_near(found.cost, bound, FAR)):
        other, proven = search.whole(np.ones(len(chooser_of), dtype=bool), bound)
        found, bound = _better(found, other), max(bound, proven)
    return _answer(found, bound) if found else None


def _better(one: Found | None, other: Found | None) -> Found | None:
    return min((found for found in (one, other) if found), key=lambda found: found.cost, default=None)


def _answer(found: Found, bound: float) -> Answer:
    gap = max(0.0, (found.cost - bound) / max(abs(bound), 1.0))
    return Answer(found.values, gap, is_near(found.cost, bound))
