"""The tidal policy of the bench: the shipped planner, its opening line-ups kept on disk between runs."""

from __future__ import annotations

import json

from scheduler.plan import Plan
from scheduler.replay.tidal import Planner, Tidal
from scheduler.snapshot import Snapshot
from tests.bench.plans.kept import PLANNER, Kept, fingerprint


def tidal() -> Tidal:
    return Tidal(plan)


def planner() -> Planner:
    """The shipped planner. Imported here: OR-Tools takes most of a second, and simple rules need none."""
    from scheduler.model import solve as shipped

    return shipped


def plan(snapshot: Snapshot) -> Plan:
    """A line-up takes seconds and is the same on every day with the same forecast and bookings."""
    if snapshot.now_s > snapshot.open_s:
        return planner()(snapshot)
    document = json.dumps(snapshot.to_json(), sort_keys=True)
    kept = Kept("lineups")
    key = (fingerprint(PLANNER), document)
    found = kept.get(key)
    if found is None:
        found = planner()(snapshot).to_json()
        kept.put(key, found)
    return Plan.from_json(found)
