"""Whether a plan keeps every rule of contracts/README.md §1. Knows no solver and no goal.

No plan reaches a screen unchecked. An empty list of faults = a valid plan.
"""

from __future__ import annotations

from scheduler.check import commitments, course, floors, posts, rests, shifts, standby, told
from scheduler.check.fault import Fault, Rule
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot

__all__ = ["Fault", "Rule", "faults"]


def faults(snapshot: Snapshot, plan: Plan) -> list[Fault]:
    """Every rule that the plan breaks, with its place; [] = the plan may be shown."""
    book = Rulebook(snapshot)
    found = posts.faults(book, plan)
    if any(fault.rule == "unknown" for fault in found):
        return found  # what follows looks posts up by names that must exist
    found += course.faults(book, plan) + rests.faults(book, plan)
    if found:
        return found
    return [
        *shifts.faults(book, plan),
        *commitments.faults(book, plan),
        *floors.faults(book, plan),
        *standby.faults(book, plan),
        *told.faults(book, plan),
    ]
