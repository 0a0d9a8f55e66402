"""Each rule of contracts/README.md §1 with a plan that just keeps it and one that just breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from scheduler.check import Rule
from scheduler.plan import Dropped, Plan, PlannedBreak, Reason, Standby, Unmet
from tests.scheduler.checked import (
    B_TO_C,
    FLIP_B_TO_C,
    NOW_S,
    Case,
    Change,
    at_w2,
    c2,
    committed,
    hall,
    plan_of,
    post,
    resting,
    rules,
    then,
    with_flip,
    with_post,
    with_rests,
)
from tests.scheduler.halls import CLOSE_S, pause, service, window


def as_planned(plan: Plan) -> Plan:
    return plan


def pause_at(*starts_s: int, clerk: str = "c1") -> Change:
    return lambda plan: replace(plan, breaks=tuple(PlannedBreak(clerk, 0, s) for s in starts_s))


def lending(clerk: str, service: str, mode: str) -> Change:
    return lambda plan: replace(plan, standby=(Standby(clerk, service, 2, tuple(mode.split())),))


def pinned(until_s: int) -> dict[str, Any]:
    return hall(pins=[{"window": "W2", "mode": ["b"], "until_s": until_s}])


def refused(until_s: int) -> dict[str, Any]:
    return hall(refused=[{"window": "W2", "mode": ["c"], "until_s": until_s}])


def families(most: int) -> dict[str, Any]:
    told = at_w2(mode=["a", "b", "c"])
    told["rules"]["max_families"] = most
    return told


def wide_w1() -> dict[str, Any]:
    told = hall()
    told["windows"][0] |= window("W1", "a b c", "a b")
    return told


def on_a_break() -> dict[str, Any]:
    told = hall()
    told["clerks"][1]["status"] = "break"
    return told


def floor_of_b(least: int) -> dict[str, Any]:
    return hall(services=[service("a", floor=1), service("b", floor=least), service("c")])


C1_NOWHERE = post("c1", window=None, mode=())
C2_FOR_TEN_MINUTES = post("c2", to_s=NOW_S + 600)

# rule -> what keeps it, what breaks it
CASES: dict[Rule, tuple[Case, Case]] = {
    "unknown": ((hall(), post("c1", window="W3")), (hall(), post("c1", window="W9"))),
    "interval": (
        (hall(), then(C2_FOR_TEN_MINUTES, with_post("c2", "W2", "b", NOW_S + 600))),
        (hall(), then(C2_FOR_TEN_MINUTES, with_post("c2", "W2", "b", NOW_S + 600, length_s=0))),
    ),
    "no_window": (
        (hall(), post("c2", window=None, mode=())),
        (hall(), post("c2", window=None, mode=("b",))),
    ),
    "empty_mode": ((hall(), post("c1", mode=("a",))), (hall(), post("c1", mode=()))),
    "service_twice": ((hall(), c2(("b", NOW_S))), (hall(), c2(("b b", NOW_S)))),
    "not_authorised": ((wide_w1(), post("c1", mode=("a",))), (wide_w1(), post("c1", mode=("a", "b")))),
    "attendance": ((hall(), post("c1", from_s=NOW_S)), (hall(), post("c1", from_s=NOW_S + 1))),
    "clerk_twice": (
        (hall(), then(C2_FOR_TEN_MINUTES, with_post("c2", "W2", "b", NOW_S + 600))),
        (hall(), then(C2_FOR_TEN_MINUTES, with_post("c2", "W3", "a", NOW_S + 599))),
    ),
    "window_twice": (
        (hall(), post("c2", window="W3", mode=("a",))),
        (hall(), post("c2", window="W1", mode=("a",))),
    ),
    "not_at_work": ((on_a_break(), as_planned), (on_a_break(), with_post("c2", "W2", "b", NOW_S))),
    "window_shut": ((at_w2(open=True), FLIP_B_TO_C), (at_w2(open=False), FLIP_B_TO_C)),
    "window_cannot": ((at_w2(can=["b", "c"]), FLIP_B_TO_C), (at_w2(can=["a", "b"]), FLIP_B_TO_C)),
    "too_many_families": (
        (families(3), post("c2", mode=("a", "b", "c"))),
        (families(2), post("c2", mode=("a", "b", "c"))),
    ),
    "fixed_window": (
        (hall(), post("c2", window="W3", mode=("a",))),
        (hall(), post("c2", window="W3", mode=("b",))),
    ),
    "pinned": ((pinned(NOW_S), FLIP_B_TO_C), (pinned(NOW_S + 1), FLIP_B_TO_C)),
    "flips_spent": ((at_w2(flips_today=5), FLIP_B_TO_C), (at_w2(flips_today=6), FLIP_B_TO_C)),
    "dwell": (
        (at_w2(mode_since_s=NOW_S - 1200), FLIP_B_TO_C),
        (at_w2(mode_since_s=NOW_S - 1199), FLIP_B_TO_C),
    ),
    "refused": ((refused(NOW_S), FLIP_B_TO_C), (refused(NOW_S + 1), FLIP_B_TO_C)),
    "break_unknown": ((hall(), pause_at(43_200)), (hall(), pause_at(43_200, 43_200))),
    "break_limits": (
        (hall(), then(post("c1", to_s=41_399), pause_at(41_400))),
        (hall(), then(post("c1", to_s=41_399), pause_at(41_399))),
    ),
    "break_missing": ((hall(), pause_at(43_200)), (hall(), pause_at())),
    "break_twice": (
        (with_rests(pause(), pause(length_s=900)), resting(43_200, 42_300)),
        (with_rests(pause(), pause(length_s=900)), resting(43_200, 42_301)),
    ),
    "shift": ((hall(), post("c2", to_s=CLOSE_S)), (hall(), post("c2", to_s=CLOSE_S + 1))),
    "on_break": ((hall(), post("c1", to_s=43_200)), (hall(), post("c1", to_s=43_201))),
    "committed": (
        (committed(), as_planned),
        (committed(), lambda p: replace(post("c2", mode=("b",))(p), flips=())),
    ),
    "dropped_needlessly": (
        (committed(clerk="c1"), as_planned),
        (hall(), lambda p: replace(p, dropped=(Dropped("W1", Reason("a", "b")),))),
    ),
    "floors": (
        (hall(), then(C1_NOWHERE, post("c2", window="W3", mode=("a",)))),
        (hall(), then(C1_NOWHERE, lambda p: replace(p, unmet=(Unmet("a", 1),)))),
    ),
    "unmet": ((floor_of_b(3), as_planned), (floor_of_b(3), lambda p: replace(p, unmet=()))),
    "standby_post": ((hall(), lending("c2", "c", "b c")), (hall(), lending("c9", "c", "b c"))),
    "standby_service": ((hall(), lending("c2", "c", "b c")), (hall(), lending("c2", "c", "b"))),
    "standby_floor": ((floor_of_b(1), lending("c2", "c", "b c")), (floor_of_b(1), lending("c2", "c", "c"))),
    "header": ((hall(), as_planned), (hall(), lambda p: replace(p, hall="other"))),
    "gap": (
        (hall(), lambda p: replace(p, status="feasible", gap=0.0)),
        (hall(), lambda p: replace(p, gap=0.0)),
    ),
    "expected": ((hall(), as_planned), (hall(), lambda p: replace(p, expected={}))),
    "flip_untold": ((hall(), FLIP_B_TO_C), (hall(), B_TO_C)),
    "flip_none": ((hall(), FLIP_B_TO_C), (at_w2(mode=[], mode_since_s=NOW_S), FLIP_B_TO_C)),
    "flip_post": ((hall(), FLIP_B_TO_C), (hall(), with_flip(as_planned, "b", "c"))),
    "flip_reason": (
        (hall(), with_flip(B_TO_C, "b", "c", gain_s=0)),
        (hall(), with_flip(B_TO_C, "b", "c", reason=Reason("换", ""))),
    ),
}

ALSO = {"not_at_work": {"attendance"}}  # whoever is away has no post now, good or bad


def test_every_rule_has_its_two_plans() -> None:
    assert set(CASES) == set(get_args(Rule))


@pytest.mark.parametrize(("rule", "case"), [(rule, kept) for rule, (kept, _) in CASES.items()])
def test_a_plan_that_just_keeps_the_rule_has_no_fault(rule: Rule, case: Case) -> None:
    told, change = case
    snapshot, plan = plan_of(told)
    assert rules(snapshot, change(plan)) == set()


@pytest.mark.parametrize(("rule", "case"), [(rule, broken) for rule, (_, broken) in CASES.items()])
def test_a_plan_that_just_breaks_the_rule_is_found(rule: Rule, case: Case) -> None:
    told, change = case
    snapshot, plan = plan_of(told)
    assert rules(snapshot, change(plan)) == {rule} | ALSO.get(rule, set())


@pytest.mark.parametrize(
    "told", [{"reason": Reason("", "change")}, {"reason": Reason("换", "")}, {"gain_s": -1}, {"cost_s": -1}]
)
def test_a_flip_says_why_in_both_languages_and_what_it_gains_and_costs(told: dict[str, Any]) -> None:
    snapshot, plan = plan_of(hall())
    assert rules(snapshot, with_flip(B_TO_C, "b", "c", **told)(plan)) == {"flip_reason"}
