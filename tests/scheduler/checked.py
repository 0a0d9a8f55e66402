"""A hall of two clerks whose plan is checked, and the ways in which a test changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scheduler import fallback
from scheduler.check import faults
from scheduler.plan import Flip, Plan, PlannedBreak, Post, Reason
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import CLOSE_S, clerk, document, pause, service, window

NOW_S = 36_300

Change = Callable[[Plan], Plan]
Case = tuple[dict[str, Any], Change]


def hall(**changes: Any) -> dict[str, Any]:
    """Two clerks at two windows of three; c2 knows b and c as well."""
    told = document(
        [service("a", floor=1), service("b"), service("c")],
        [
            window("W1", "a b c", "a"),
            window("W2", "a b c", "b"),
            window("W3", "a b", "a", tidal=False, fixed_mode=["a"]),
        ],
        [clerk("c1", "a", "W1", "a", breaks=[pause()]), clerk("c2", "a b c", "W2", "b")],
    )
    return told | changes


def at_w2(**changes: Any) -> dict[str, Any]:
    """The same hall with another window of c2's."""
    told = hall()
    told["windows"][1] |= changes
    return told


def committed(**changes: Any) -> dict[str, Any]:
    return hall(
        committed=[{"window": "W2", "mode": ["c"], "clerk": "c2", "at_s": NOW_S - 60} | changes],
    )


def with_rests(*rests: dict[str, Any], **clerk: Any) -> dict[str, Any]:
    """The hall with these breaks of c2's."""
    told = hall()
    told["clerks"][1] |= {"breaks": list(rests)} | clerk
    return told


def plan_of(told: dict[str, Any]) -> tuple[Snapshot, Plan]:
    snapshot = Snapshot.from_json(told)
    return snapshot, fallback.plan(snapshot)


def rules(snapshot: Snapshot, plan: Plan) -> set[str]:
    return {fault.rule for fault in faults(snapshot, plan)}


def post(clerk_id: str, **changes: Any) -> Change:
    """The present post of a clerk changed; standby rules were made for the old one."""

    def change(plan: Plan) -> Plan:
        own = plan.now(clerk_id)
        assert own is not None
        later = [p for p in plan.posts if p is not own]
        return replace(plan, posts=(*later, replace(own, **changes)), standby=())

    return change


def then(*changes: Change) -> Change:
    def change(plan: Plan) -> Plan:
        for each in changes:
            plan = each(plan)
        return plan

    return change


def with_post(clerk_id: str, place: str | None, mode: str, from_s: int, length_s: int = 1) -> Change:
    """One post more."""
    later = Post(clerk_id, place, tuple(mode.split()), from_s, from_s + length_s)
    return lambda plan: replace(plan, posts=(*plan.posts, later))


def c2(*turns: tuple[str, int], until_s: int = CLOSE_S) -> Change:
    """c2 at W2 in these modes, one after the other from these times on; the first is the present post."""
    ends = [from_s for _, from_s in turns[1:]] + [until_s]
    mine = [
        Post("c2", "W2", tuple(mode.split()), from_s, to_s)
        for (mode, from_s), to_s in zip(turns, ends, strict=True)
    ]
    return lambda plan: replace(plan, posts=(*(p for p in plan.posts if p.clerk != "c2"), *mine), standby=())


def resting(*starts_s: int) -> Change:
    """c2's breaks at these times; c2's posts end before the first."""

    def change(plan: Plan) -> Plan:
        others = tuple(b for b in plan.breaks if b.clerk != "c2")
        mine = tuple(PlannedBreak("c2", i, start_s) for i, start_s in enumerate(starts_s))
        return replace(c2(("b", NOW_S), until_s=min(starts_s))(plan), breaks=(*others, *mine))

    return change


def with_flip(change: Change, old: str, new: str, **told: Any) -> Change:
    """The same change, told as a flip of W2 by c2."""
    reason = Reason("换", "change")
    flip = Flip("W2", NOW_S, tuple(old.split()), tuple(new.split()), "c2", 60, 0, (), reason)
    return lambda plan: replace(change(plan), flips=(replace(flip, **told),))


B_TO_C = post("c2", window="W2", mode=("c",))
FLIP_B_TO_C = with_flip(B_TO_C, "b", "c")
