"""What the rules of contracts/README.md §1 mean together; one by one they are in test_check_rules.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler import fallback, model
from scheduler.check import faults
from scheduler.plan import PlannedBreak, Post, Unmet
from scheduler.snapshot import Snapshot
from tests.scheduler.checked import FLIP_B_TO_C, NOW_S, committed, hall, plan_of, post, rules
from tests.scheduler.halls import clerk, pause, service, window


def test_the_fallback_of_this_hall_is_valid() -> None:
    assert faults(*plan_of(hall())) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"pins": [{"window": "W2", "mode": [], "until_s": NOW_S + 60}]}, "pinned"),
        (
            {
                "pins": [{"window": "W2", "mode": ["c"], "until_s": NOW_S + 60}],
                "window": {"mode_since_s": NOW_S},
            },
            None,
        ),
        ({"refused": [{"window": "W2", "mode": ["c", "b"], "until_s": NOW_S + 60}]}, None),
    ],
)
def test_a_flip_keeps_pins_and_refusals_of_that_very_mode(changes: dict[str, Any], rule: str | None) -> None:
    told = hall()
    told["windows"][1] |= changes.pop("window", {})
    snapshot, plan = plan_of(told | changes)
    found = rules(snapshot, FLIP_B_TO_C(plan))
    assert found == ({rule} if rule else set())


def test_a_committed_flip_is_kept_or_missed() -> None:
    snapshot, plan = plan_of(committed())
    assert plan.now("c2").mode == ("c",)
    assert rules(snapshot, plan) == set()
    undone = replace(post("c2", mode=("b",))(plan), flips=())
    assert rules(snapshot, undone) == {"committed"}


def test_a_committed_flip_to_come_is_posted_for_its_time() -> None:
    snapshot, plan = plan_of(committed(at_s=NOW_S + 600))
    assert rules(snapshot, plan) == set()
    assert plan.now("c2").mode == ("b",)
    assert [(p.window, p.mode) for p in plan.posts if p.from_s == NOW_S + 600] == [("W2", ("c",))]


def test_flips_agreed_for_one_time_find_a_clerk_each_if_there_are_enough() -> None:
    """c1 alone is able to do b; who sits nearest to the first flip must not take that away."""
    snapshot, plan = plan_of(
        hall(
            services=[service("a"), service("b"), service("c")],
            windows=[window("W1", "a b", "b"), window("W2", "a b", "a")],
            clerks=[clerk("c1", "a b", "W1", "b"), clerk("c2", "a", "W2", "a")],
            committed=[
                {"window": "W1", "mode": ["a"], "clerk": None, "at_s": NOW_S},
                {"window": "W2", "mode": ["b"], "clerk": None, "at_s": NOW_S},
            ],
        )
    )
    assert plan.dropped == ()
    assert (plan.now("c2").window, plan.now("c1").window) == ("W1", "W2")
    assert rules(snapshot, plan) == set()


def test_flips_agreed_for_one_clerk_at_different_times_follow_each_other() -> None:
    agreed = [
        {"window": "W2", "mode": ["c"], "clerk": "c2", "at_s": NOW_S},
        {"window": "W2", "mode": ["b"], "clerk": "c2", "at_s": NOW_S + 3600},
    ]
    snapshot, plan = plan_of(hall(committed=agreed))
    assert plan.dropped == ()
    mine = [(p.mode, p.from_s, p.to_s) for p in plan.posts if p.clerk == "c2"]
    assert mine[0] == (("c",), NOW_S, NOW_S + 3600)
    assert mine[1][:2] == (("b",), NOW_S + 3600)
    assert rules(snapshot, plan) == set()


def test_nobody_narrows_a_window_that_could_not_be_widened_for_what_is_agreed() -> None:
    """To take b up again would be a flip, and the day's flips are spent."""
    agreed = [{"window": "W1", "mode": ["b"], "clerk": "c2", "at_s": NOW_S + 600}]
    told = hall(
        services=[service("a"), service("b"), service("c")],
        windows=[window("W1", "a b", "a b"), window("W2", "a b", "a")],
        clerks=[clerk("c1", "a", "W1", "a"), clerk("c2", "a b", "W2", "a")],
        committed=agreed,
    )
    told["rules"]["max_flips_per_window"] = 0
    snapshot = Snapshot.from_json(told)
    for plan in (fallback.plan(snapshot), model.solve(snapshot)):
        assert plan.dropped == ()
        assert rules(snapshot, plan) == set()


def test_flips_agreed_for_one_clerk_at_the_same_time_cannot_both_be_kept() -> None:
    agreed = [{"window": w, "mode": ["a"], "clerk": "c1", "at_s": NOW_S + 3600} for w in ("W1", "W2")]
    snapshot, plan = plan_of(
        hall(
            services=[service("a"), service("b"), service("c")],
            windows=[window("W1", "a b", "b"), window("W2", "a b", "b")],
            clerks=[clerk("c1", "a b", "W1", "b")],
            committed=agreed,
        )
    )
    assert [d.window for d in plan.dropped] == ["W2"]
    assert "another agreed" in plan.dropped[0].reason.en
    assert rules(snapshot, plan) == set()


def test_an_agreed_post_leaves_room_for_its_clerk_s_break() -> None:
    told = committed(at_s=NOW_S + 600)
    told["clerks"][1]["breaks"] = [pause()]
    snapshot, plan = plan_of(told)
    begins = plan.breaks[0].start_s
    assert not [p for p in plan.posts if p.clerk == "c2" and p.from_s < begins + 3600 and begins < p.to_s]
    assert [p.mode for p in plan.posts if p.clerk == "c2" and p.from_s == begins + 3600] == [("c",)]
    assert rules(snapshot, plan) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"refused": [{"window": "W2", "mode": ["c"], "until_s": NOW_S + 60}]},
        {"pins": [{"window": "W2", "mode": ["b"], "until_s": NOW_S + 60}]},
    ],
)
def test_a_committed_flip_that_a_rule_forbids_is_dropped_with_a_reason(change: dict[str, Any]) -> None:
    snapshot, plan = plan_of(committed() | change)
    assert [d.window for d in plan.dropped] == ["W2"]
    assert plan.dropped[0].reason.zh and plan.dropped[0].reason.en
    assert rules(snapshot, plan) == set()


def test_a_break_whose_limits_have_passed_is_due_now() -> None:
    told = hall()
    told["clerks"][0]["breaks"] = [pause(earliest_s=33_000, latest_s=36_000, start_s=33_000)]
    snapshot, plan = plan_of(told)
    assert plan.breaks == (PlannedBreak("c1", 0, NOW_S),)
    assert rules(snapshot, plan) == set()


def test_nobody_off_or_on_a_break_has_a_post_now() -> None:
    told = hall()
    told["clerks"][1]["status"] = "break"
    snapshot, plan = plan_of(told)
    assert plan.now("c2") is None
    extra = Post("c2", "W2", ("b",), NOW_S, NOW_S + 60)
    assert rules(snapshot, replace(plan, posts=(*plan.posts, extra))) == {"attendance", "not_at_work"}


def test_a_floor_that_nobody_present_can_meet_is_told() -> None:
    told = hall(services=[service("a", floor=1), service("b", floor=3), service("c")])
    snapshot, plan = plan_of(told)
    assert plan.unmet == (Unmet("b", 2),)
    assert rules(snapshot, plan) == set()


def test_a_floor_needs_a_chain_of_changes() -> None:
    """Only c2 knows b; c2 keeps a, which c1 can take over at W1 — by leaving c to nobody's floor."""
    told = hall(
        services=[service("a", floor=1), service("b", floor=1), service("c")],
        windows=[window("W1", "a c", "c"), window("W2", "a b", "a")],
        clerks=[clerk("c1", "a c", "W1", "c"), clerk("c2", "a b", "W2", "a")],
    )
    told["rules"]["max_families"] = 1
    snapshot, plan = plan_of(told)
    assert plan.unmet == ()
    assert rules(snapshot, plan) == set()


def test_a_mode_that_is_pinned_now_may_stay_after_the_pin() -> None:
    told = hall(pins=[{"window": "W2", "mode": ["c"], "until_s": NOW_S + 300}])
    told["windows"][1]["mode_since_s"] = NOW_S - 60
    told["clerks"][1]["breaks"] = [pause(earliest_s=NOW_S, latest_s=NOW_S, length_s=600)]
    snapshot, plan = plan_of(told)
    assert {p.mode for p in plan.posts if p.window == "W2"} == {("c",)}
    assert any(p.from_s > NOW_S for p in plan.posts if p.window == "W2")
    assert faults(snapshot, plan) == []
