"""The tidal policy asks its planner as a hall does, and does what the plan says. Planners here are plain."""

from __future__ import annotations

import json

import pytest

from scheduler.plan import Plan, PlannedBreak, Post, Standby
from scheduler.replay.day import simulate
from scheduler.replay.floor import RuleBroken
from scheduler.replay.layout import layout
from scheduler.replay.outcome import Outcome
from scheduler.replay.scenario import Break, Clerk, Demand, Rules, Scenario, Service, Visit, Window
from scheduler.replay.tidal import Tidal
from scheduler.replay.visitors import draw
from scheduler.snapshot import Snapshot
from tests.bench.plans.halls import hall

HOUR_S = 3600


def _scenario(*visits: Visit, breaks: tuple[Break, ...] = ()) -> Scenario:
    both = {"a": 1.0, "b": 1.0}
    return Scenario(
        "two",
        "2026-11-23",
        0,
        4 * HOUR_S,
        900,
        (Service("a", "a", 600, floor=0), Service("b", "b", 600, floor=0)),
        (Window("1", ("a", "b")), Window("2", ("a", "b"))),
        (Clerk("x", both, 0, 4 * HOUR_S, breaks), Clerk("y", both, 0, 4 * HOUR_S)),
        Demand(rate={}),
        Rules(max_families=1, max_flips_per_window=None),
        visits=visits,
    )


def _plan(seen: Snapshot, *posts: tuple[str, str | None, str], **more: object) -> Plan:
    """Posts as (clerk, window, services), from now until closing."""
    at_work = {c.id for c in seen.clerks if c.is_at_work}
    return Plan(
        seen.hall,
        seen.day.isoformat(),
        seen.now_s,
        "feasible",
        None,
        0.0,
        tuple(Post(c, w, tuple(m), seen.now_s, 86_400) for c, w, m in posts if c in at_work),
        **{"breaks": (), "standby": (), "flips": (), "expected": {}, **more},
    )


def _run(scenario: Scenario, policy: Tidal) -> Outcome:
    return simulate(layout(scenario), draw(scenario, 1, 0), policy)


def test_the_planner_sees_snapshots_that_the_format_allows() -> None:
    seen: list[Snapshot] = []

    def planner(snapshot: Snapshot) -> Plan:
        seen.append(Snapshot.from_json(json.loads(json.dumps(snapshot.to_json()))))
        windows = [w.id for w in snapshot.windows if w.can]
        posts = [
            (c.id, w.id, tuple(s for s in c.pace if s in w.can)[:1])
            for c, w in zip(snapshot.clerks, snapshot.windows, strict=False)
        ]
        assert windows
        return _plan(snapshot, *[p for p in posts if p[2]])

    scenario = hall("town", 2)
    _run(scenario, Tidal(_keeping(planner)))
    assert len(seen) >= (scenario.close_s - scenario.open_s) // 300
    assert seen[0].now_s == scenario.open_s
    assert all(c.status == "idle" for c in seen[0].clerks)
    assert {c.status for s in seen for c in s.clerks} >= {"idle", "serving", "break"}
    last = [s for s in seen if s.now_s < scenario.close_s][-1]
    assert sum(sum(counts) for counts in last.arrived.values()) > 0
    assert sum(h.count for h in last.handled.values()) > 0
    assert any(s.waiting for s in seen)
    assert len(seen[0].booked) > len(last.booked)


def _keeping(planner):  # a test's decorator
    """Plan once; afterwards everybody keeps what they have."""

    def keep(snapshot: Snapshot) -> Plan:
        first = planner(snapshot)
        if snapshot.now_s == snapshot.open_s:
            return first
        own = [(c.id, c.window, c.mode) for c in snapshot.clerks if c.window]
        return _plan(snapshot, *own)

    return keep


def test_two_clerks_change_places_after_their_cases() -> None:
    def planner(seen: Snapshot) -> Plan:
        if seen.now_s < 1500:
            return _plan(seen, ("x", "1", "a"), ("y", "2", "b"))
        return _plan(seen, ("x", "2", "b"), ("y", "1", "a"))

    people = (Visit("a", 10, work_s=2000), Visit("b", 20, work_s=100), Visit("b", 1600, work_s=100))
    outcome = _run(_scenario(*people), Tidal(planner))
    # y leaves window 2 at 1500 and waits at window 1; x comes at 2010 and has a walk of 180 s.
    assert outcome.wait_s.tolist() == [0, 0, 2010 + 180 - 1600]
    assert (outcome.flips, outcome.walks) == (0, 2)


def test_a_standby_rule_is_followed_when_enough_people_wait() -> None:
    def planner(seen: Snapshot) -> Plan:
        rules = (Standby("x", "b", 2, ("b",)),)
        return _plan(seen, ("x", "1", "b" if seen.now_s > 1300 else "a"), ("y", None, ""), standby=rules)

    people = (Visit("b", 1300, work_s=100), Visit("b", 1310, work_s=100))
    outcome = _run(_scenario(*people), Tidal(planner))
    assert outcome.wait_s.tolist() == [1310 + 240 - 1300, 1310 + 240 + 100 - 1310]
    assert outcome.flips == 1


def test_a_break_is_taken_when_the_plan_says() -> None:
    def planner(seen: Snapshot) -> Plan:
        breaks = () if seen.clerks[0].breaks[0].taken else (PlannedBreak("x", 0, 3000),)
        return _plan(seen, ("x", "1", "a"), ("y", "2", "b"), breaks=breaks)

    pause = Break(1800, 3600, 1800, 1800)
    outcome = _run(
        _scenario(Visit("a", 2500, work_s=60), Visit("a", 3100, work_s=60), breaks=(pause,)), Tidal(planner)
    )
    assert outcome.wait_s.tolist() == [0, 3000 + 1800 - 3100]


def test_a_plan_that_breaks_a_rule_does_not_go_unnoticed() -> None:
    def planner(seen: Snapshot) -> Plan:
        return _plan(seen, ("x", "1", "a"), ("y", "1", "b") if seen.now_s else ("y", "2", "b"))

    with pytest.raises(RuleBroken):
        _run(_scenario(Visit("a", 5000)), Tidal(planner))
