"""Whether a plan keeps every rule of contracts/README.md §1. Knows no solver and no goal.

No plan reaches a screen unchecked. An empty list of faults = a valid plan.
"""

from __future__ import annotations

from scheduler.check import commitments, floors, posts, rests, standby, told
from scheduler.check.fault import Fault, Rule
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot

__all__ = ["Fault", "Rule", "faults"]


def faults(snapshot: Snapshot, plan: Plan) -> list[Fault]:
    """Every rule that the plan breaks, with its place; [] = the plan may be shown."""
    book = Rulebook(snapshot)
    found = posts.faults(book, plan) + rests.faults(book, plan)
    if found:
        return found  # the rest looks posts up by names that must exist
    return [
        *commitments.faults(book, plan),
        *floors.faults(book, plan),
        *standby.faults(book, plan),
        *told.faults(book, plan),
    ]
