"""The fallback: valid for every hall, at once, and not idle while a line grows."""

from __future__ import annotations

import time

import pytest

from scheduler import fallback
from scheduler.check import faults
from scheduler.plan import Plan
from tests.scheduler.halls import clerk, service, snapshot, waiting, window
from tests.scheduler.strange import strange


@pytest.mark.parametrize("block", range(10))
def test_every_strange_hall_gets_a_valid_plan(block: int) -> None:
    for seed in range(50 * block, 50 * block + 50):
        hall = strange(seed)
        plan = fallback.plan(hall)
        assert faults(hall, plan) == [], seed
        assert Plan.from_json(plan.to_json()) == plan


def test_a_long_line_gets_help_from_a_clerk_with_nothing_to_do() -> None:
    hall = snapshot(
        [service("a"), service("b")],
        [window("W1", "a b", "a"), window("W2", "a b", "b")],
        [clerk("c1", "a b", "W1", "a"), clerk("c2", "a b", "W2", "b")],
        waiting=waiting("a", 20),
        forecast={"a": [1.0] * 36, "b": [0.0] * 36},
    )
    plan = fallback.plan(hall)
    assert plan.now("c2").mode == ("a", "b")
    assert [f.window for f in plan.flips] == ["W2"]
    assert plan.flips[0].gain_s > plan.flips[0].cost_s


def test_a_calm_hall_stays_as_it_is() -> None:
    hall = snapshot(
        [service("a"), service("b")],
        [window("W1", "a b", "a"), window("W2", "a b", "b")],
        [clerk("c1", "a b", "W1", "a"), clerk("c2", "a b", "W2", "b")],
    )
    assert fallback.plan(hall).flips == ()


def test_a_large_hall_is_planned_in_milliseconds() -> None:
    names = [f"s{i}" for i in range(30)]
    hall = snapshot(
        [service(s, floor=1, family=f"f{i % 10}") for i, s in enumerate(names)],
        [window(f"W{i}", " ".join(names), names[i % 30]) for i in range(60)],
        [clerk(f"c{i}", " ".join(names[i % 10 :: 10] + names[i % 7 :: 7]), f"W{i}") for i in range(40)],
    )
    begun = time.process_time()
    assert faults(hall, fallback.plan(hall)) == []
    assert time.process_time() - begun < 0.5
