"""Floors 保底: the windows that offer a service now, and how many more the clerks present could give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from hall.core.names import ServiceId
from scheduler.check.fault import Fault
from scheduler.check.muster import Muster
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan
from scheduler.snapshot import Mode


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    short = shortfalls(book, (p.mode for p in plan.posts if p.from_s <= book.now_s < p.to_s))
    found = []
    if {u.service: u.short for u in plan.unmet} != short or len(plan.unmet) != len(short):
        found.append(Fault("unmet", "/unmet", f"the posts leave short: {dict(short)}"))
    total = sum(short.values())
    if total and (reachable := sum(shortfalls(book, Muster(book).meet_floors().modes()).values())) < total:
        found.append(Fault("floors", "/posts", f"{total} short, {reachable} would be possible"))
    return found


def shortfalls(book: Rulebook, modes: Iterable[Mode]) -> Mapping[ServiceId, int]:
    """By how many windows each floor is missed; services whose floor is met are left out."""
    offered = Counter(s for mode in modes for s in mode)
    return {s: floor - offered[s] for s, floor in book.floors.items() if offered[s] < floor}
