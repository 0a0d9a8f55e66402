"""The tidal policy of the bench: the shipped planner, its opening line-ups kept on disk between runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from scheduler.plan import Plan
from scheduler.replay.figures import Daily
from scheduler.replay.policies import planned
from scheduler.replay.tidal import Tidal
from scheduler.snapshot import Snapshot
from tests.bench.plans.kept import PATIENT_PLANNER, Kept, fingerprint

PATIENCE = 5  # times the deadline: work is counted, so a busy machine must not be what cuts it
TOOK = ("plans", "plans_cut", "plans_late")  # all; cut by the clock; past the shipped deadline's solving time


class Patient(Tidal):
    """Plans with PATIENCE, and counts what the clock did all the same: `took`, by TOOK."""

    def __init__(self) -> None:
        super().__init__(self.ask)
        self.took: Daily = dict.fromkeys(TOOK, 0.0)

    def ask(self, snapshot: Snapshot) -> Plan:
        allowed = patient(snapshot)
        found = plan(allowed)
        self.took["plans"] += 1
        self.took["plans_cut"] += is_cut(found, allowed.deadline_ms)
        self.took["plans_late"] += is_cut(found, snapshot.deadline_ms)
        return found


def patient(snapshot: Snapshot) -> Snapshot:
    """The same moment with more time, but no more work: a plan stays a plan, a line-up a line-up."""
    from scheduler.model import LINEUP_S, SHARE  # OR-Tools: not for those who run simple rules alone

    more = replace(snapshot, deadline_ms=PATIENCE * snapshot.deadline_ms)
    asks = [each.deadline_ms / 1000 * SHARE > LINEUP_S for each in (snapshot, more)]
    if asks[0] != asks[1]:
        raise ValueError(f"PATIENCE {PATIENCE} makes a line-up of a plan with {snapshot.deadline_ms} ms")
    return more


def plan(snapshot: Snapshot) -> Plan:
    """A line-up takes seconds and is the same on every day with the same forecast and bookings."""
    if snapshot.now_s > snapshot.open_s:
        return planned(snapshot)
    document = json.dumps(snapshot.to_json(), sort_keys=True)
    kept = Kept("lineups")
    key = (fingerprint(PATIENT_PLANNER), document)
    found = kept.get(key)
    if found is None:
        found = planned(snapshot).to_json()
        kept.put(key, found)
    return Plan.from_json(found)


def is_cut(found: Plan, deadline_ms: float) -> bool:
    """Whether solving took all the time there was: what ends by itself ends before."""
    from scheduler.model import SHARE

    return found.solve_ms >= SHARE * deadline_ms


def said(days: Iterable[Daily]) -> str:
    """How many plans of these days the clock cut; one would do to doubt the figures."""
    days = list(days)
    plans, cut, late = (sum(day[name] for day in days) for name in TOOK)
    return (
        f"{plans:.0f} plans of the tidal policy: {cut:.0f} cut by the clock; {late:.0f} took longer than the "
        f"shipped deadline lets them, here where they are given {PATIENCE} times as long"
    )
