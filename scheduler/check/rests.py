"""Breaks: each one not taken is placed once, inside its limits, or now where they have passed, and none
during another of the same clerk's, unless the limits leave no other choice.
"""

from __future__ import annotations

from itertools import pairwise

from hall.core.names import ClerkId
from scheduler.check import apart
from scheduler.check.fault import Fault
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan

Span = tuple[int, float]  # [begin, end)


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    due = {(c.id, i): b for c in book.snapshot.clerks for i, b in enumerate(c.breaks) if not b.taken}
    found, seen = [], set()
    for i, planned in enumerate(plan.breaks):
        path, key = f"/breaks/{i}", (planned.clerk, planned.index)
        if key not in due or key in seen:
            found.append(Fault("break_unknown", path, f"{planned.clerk} has no such break to plan"))
            continue
        seen.add(key)
        earliest_s, latest_s, _ = apart.limits(book, due[key])
        if not earliest_s <= planned.start_s <= latest_s:
            text = f"{planned.clerk}: {planned.start_s} is not in [{earliest_s}, {latest_s}]"
            found.append(Fault("break_limits", path, text))
    for clerk, index in sorted(due.keys() - seen):
        found.append(Fault("break_missing", "/breaks", f"{clerk}: break {index} has no start"))
    return found or _twice(book, plan)


def spans(book: Rulebook, plan: Plan) -> dict[ClerkId, list[Span]]:
    """When each clerk is on a break, in order of time. The breaks are those that the snapshot names."""
    found: dict[ClerkId, list[Span]] = {}
    for planned in plan.breaks:
        length_s = book.clerks[planned.clerk].breaks[planned.index].length_s
        if length_s:
            found.setdefault(planned.clerk, []).append((planned.start_s, planned.start_s + length_s))
    for mine in found.values():
        mine.sort()
    return found


def _twice(book: Rulebook, plan: Plan) -> list[Fault]:
    """Of several breaks that meet, those that follow each other do."""
    return [
        Fault("break_twice", "/breaks", f"{clerk} has two breaks at {after[0]}")
        for clerk, mine in spans(book, plan).items()
        for before, after in pairwise(mine)
        if after[0] < before[1] and apart.starts(book, book.clerks[clerk]) is not None
    ]
