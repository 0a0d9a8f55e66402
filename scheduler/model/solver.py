"""The one door to OR-Tools: a program in, values out. One thread, a fixed seed, counted work.

First the relaxation: its value is the bound, and three times in ten it is whole already. Else a dive: what
is whole stays, clerks who are split between options get the larger part, the relaxation is solved again from
where it stood. Nearly always that is within GOOD_ENOUGH of the bound. Where it is not, the whole program is
searched, first over the options that the reduced costs call promising, some ten times fewer, then over all;
the more options there are, the farther from the bound the dive must be for that (WORTHWHILE).
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from math import inf

import numpy as np

from scheduler.draft.outlook import Floats
from scheduler.model.program import Program
from scheduler.model.search import GOOD_ENOUGH, Found, Search, is_near

# Up to so many options, a search is begun if the best found is farther from the bound than this. It takes a
# hundredth of a second with 100, half a second with 700, and finds the less the more there are.
WORTHWHILE = ((300, GOOD_ENOUGH), (1_000, 0.05), (inf, 1.0))

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """`values` of the options; `gap` relative to the bound; `is_proven`: within GOOD_ENOUGH of the bound,

    or within SMALL where hardly anybody waits, and not cut short by the clock.
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
    for kept in (search.promising(relaxed), np.ones(len(chooser_of), dtype=bool)):
        if found and is_near(found.cost, bound, _near(int(kept.sum()))):
            continue
        other, proven = search.whole(kept, bound)
        found = min((each for each in (found, other) if each), key=lambda each: each.cost, default=None)
        bound = max(bound, proven) if kept.all() else bound
    return _answer(found, bound, search.is_cut) if found else None


def _near(options: int) -> float:
    """How near to the bound, relative to it, is near enough to spare a search over so many options."""
    return next(share for most, share in WORTHWHILE if options <= most)


def _answer(found: Found, bound: float, is_cut: bool) -> Answer:
    gap = max(0.0, (found.cost - bound) / max(abs(bound), 1.0))
    return Answer(found.values, gap, is_near(found.cost, bound) and not is_cut)
