"""The tidal policy of the bench: the shipped planner, its opening line-ups kept on disk between runs."""

from __future__ import annotations

import json
from dataclasses import replace

from scheduler.plan import Plan
from scheduler.replay.policies import planned
from scheduler.replay.tidal import Tidal
from scheduler.snapshot import Snapshot
from tests.bench.plans.kept import PLANNER, Kept, fingerprint


def tidal() -> Tidal:
    return Tidal(plan)


PATIENCE = 5  # times the deadline: work is counted, so a busy machine must not be what cuts it


def plan(snapshot: Snapshot) -> Plan:
    """A line-up takes seconds and is the same on every day with the same forecast and bookings."""
    snapshot = replace(snapshot, deadline_ms=PATIENCE * snapshot.deadline_ms)
    if snapshot.now_s > snapshot.open_s:
        return planned(snapshot)
    document = json.dumps(snapshot.to_json(), sort_keys=True)
    kept = Kept("lineups")
    key = (fingerprint(PLANNER), document)
    found = kept.get(key)
    if found is None:
        found = planned(snapshot).to_json()
        kept.put(key, found)
    return Plan.from_json(found)
