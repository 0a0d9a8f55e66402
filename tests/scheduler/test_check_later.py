"""Posts to come, breaks and shifts: what binds them from one to the next, each with a plan that just keeps
the rule and one that just breaks it.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from tests.scheduler.checked import (
    NOW_S,
    Case,
    at_w2,
    c2,
    hall,
    plan_of,
    post,
    resting,
    rules,
    then,
    with_post,
    with_rests,
)
from tests.scheduler.halls import CLOSE_S, pause
from tests.scheduler.second_look import wrongs

LUNCH_S = 43_200
REPLAN_S = 300


def rules_of(told: dict[str, Any], **rules: Any) -> dict[str, Any]:
    told["rules"] |= rules
    return told


def overtime() -> dict[str, Any]:
    return with_rests(end_s=NOW_S - 600)


def pinned(until_s: int) -> dict[str, Any]:
    return hall(pins=[{"window": "W2", "mode": ["b"], "until_s": until_s}])


def refused(until_s: int) -> dict[str, Any]:
    return hall(refused=[{"window": "W2", "mode": ["c"], "until_s": until_s}])


THEN_S = NOW_S + 1200  # past the dwell
LONG = pause(earliest_s=LUNCH_S, latest_s=LUNCH_S + 3600)
FIXED_LUNCH = pause(earliest_s=LUNCH_S, latest_s=LUNCH_S)
DUE = pause(earliest_s=NOW_S - 3600, latest_s=NOW_S - 60)
LATER = with_rests(status="off", window=None, mode=[], start_s=THEN_S)
AGREED = {"committed": [{"window": "W2", "mode": ["b"], "clerk": "c2", "at_s": LUNCH_S + 60}]}
FLIP_IN_LUNCH = with_rests(FIXED_LUNCH) | AGREED

CASES: dict[str, tuple[str, Case, Case]] = {
    "a window to flip again has had its dwell since the flip planned before": (
        "dwell",
        (hall(), c2(("b", NOW_S), ("c", THEN_S), ("b", THEN_S + 1200))),
        (hall(), c2(("b", NOW_S), ("c", THEN_S), ("b", THEN_S + 1199))),
    ),
    "a first mode to come begins a dwell": (
        "dwell",
        (
            at_w2(mode=[], mode_since_s=NOW_S),
            c2(("b", NOW_S), ("c", NOW_S + 1200)),
        ),
        (
            at_w2(mode=[], mode_since_s=NOW_S - 3600),
            c2(("b", NOW_S), ("c", NOW_S + 1199)),
        ),
    ),
    "what a planned post narrows is a flip to widen again, from the old mode's dwell on": (
        "dwell",
        (
            at_w2(mode=["b", "c"], mode_since_s=NOW_S - 1140),
            c2(("b", NOW_S), ("b c", NOW_S + 60)),
        ),
        (
            at_w2(mode=["b", "c"], mode_since_s=NOW_S - 1140),
            c2(("b", NOW_S), ("b c", NOW_S + 59)),
        ),
    ),
    "planned flips count among the day's": (
        "flips_spent",
        (at_w2(flips_today=4), c2(("b", NOW_S), ("c", THEN_S), ("b", THEN_S + 1200))),
        (at_w2(flips_today=5), c2(("b", NOW_S), ("c", THEN_S), ("b", THEN_S + 1200))),
    ),
    "a pin holds for posts to come until its time": (
        "pinned",
        (pinned(THEN_S), c2(("b", NOW_S), ("c", THEN_S))),
        (pinned(THEN_S + 1), c2(("b", NOW_S), ("c", THEN_S))),
    ),
    "a refused mode is not planned for before its time": (
        "refused",
        (refused(THEN_S), c2(("b", NOW_S), ("c", THEN_S))),
        (refused(THEN_S + 1), c2(("b", NOW_S), ("c", THEN_S))),
    ),
    "a post to come has no more families than a mode may": (
        "too_many_families",
        (rules_of(hall(), max_families=3), c2(("b", NOW_S), ("a b c", THEN_S))),
        (hall(), c2(("b", NOW_S), ("a b c", THEN_S))),
    ),
    "a post to come is one the window can": (
        "window_cannot",
        (hall(), c2(("b", NOW_S), ("c", THEN_S))),
        (at_w2(can=["b"]), c2(("b", NOW_S), ("c", THEN_S))),
    ),
    "a post that is over is none": (
        "interval",
        (hall(), c2(("b", NOW_S - 60))),
        (hall(), c2(("b", NOW_S - 60), ("b", NOW_S))),
    ),
    "a post to come ends with the shift": (
        "shift",
        (hall(), c2(("b", NOW_S), ("c", THEN_S), until_s=CLOSE_S)),
        (hall(), c2(("b", NOW_S), ("c", THEN_S), until_s=CLOSE_S + 1)),
    ),
    "a post to come begins in the shift of whoever is not at work yet": (
        "shift",
        (LATER, with_post("c2", "W2", "b", THEN_S)),
        (LATER, with_post("c2", "W2", "b", THEN_S - 1)),
    ),
    "whoever is at work before the shift has begun it": (
        "shift",
        (with_rests(start_s=THEN_S + 60), c2(("b", NOW_S), ("b", THEN_S))),
        (with_rests(start_s=THEN_S + 60), c2(("b", NOW_S), ("b", THEN_S), until_s=CLOSE_S + 1)),
    ),
    "overtime lasts until the next plan": (
        "shift",
        (overtime(), c2(("b", NOW_S), until_s=NOW_S + REPLAN_S + 1)),
        (overtime(), c2(("b", NOW_S), until_s=NOW_S + REPLAN_S + 2)),
    ),
    "a post without a window is no break either": (
        "on_break",
        (hall(), then(post("c1", to_s=LUNCH_S - 1), with_post("c1", None, "", LUNCH_S - 1))),
        (hall(), then(post("c1", to_s=LUNCH_S - 1), with_post("c1", None, "", LUNCH_S))),
    ),
    "a break that is due now leaves the post its first second": (
        "on_break",
        (with_rests(DUE), c2(("b", NOW_S), until_s=NOW_S + 1)),
        (with_rests(DUE), c2(("b", NOW_S), until_s=NOW_S + 2)),
    ),
    "an agreed flip in the only time of its clerk's break is dropped, not kept for a second": (
        "on_break",
        (FLIP_IN_LUNCH, c2(("b", NOW_S), until_s=LUNCH_S)),
        (
            FLIP_IN_LUNCH,
            then(c2(("b", NOW_S), until_s=LUNCH_S), with_post("c2", "W2", "b", LUNCH_S + 60, length_s=1)),
        ),
    ),
    "two breaks that must meet may": (
        "break_twice",
        (with_rests(FIXED_LUNCH, FIXED_LUNCH), resting(LUNCH_S, LUNCH_S)),
        (with_rests(LONG, FIXED_LUNCH), resting(LUNCH_S, LUNCH_S)),
    ),
    "a gap is not negative": (
        "gap",
        (hall(), lambda p: replace(p, status="feasible", gap=0.0)),
        (hall(), lambda p: replace(p, status="feasible", gap=-0.001)),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_plan_that_just_keeps_the_rule_has_no_fault(name: str) -> None:
    _, (told, change), _ = CASES[name]
    snapshot, plan = plan_of(told)
    assert rules(snapshot, change(plan)) == set()
    assert wrongs(snapshot.to_json(), change(plan).to_json()) == []


@pytest.mark.parametrize("name", CASES)
def test_a_plan_that_just_breaks_the_rule_is_found(name: str) -> None:
    rule, _, (told, change) = CASES[name]
    snapshot, plan = plan_of(told)
    assert rules(snapshot, change(plan)) == {rule}
    assert wrongs(snapshot.to_json(), change(plan).to_json()) != []


@pytest.mark.parametrize("gap", [-5.0, nan, inf, -inf])
def test_a_gap_is_a_number_from_zero_on(gap: float) -> None:
    snapshot, plan = plan_of(hall())
    assert rules(snapshot, replace(plan, status="feasible", gap=gap)) == {"gap"}


def test_a_window_does_not_change_every_minute() -> None:
    turns = [(mode, NOW_S + 60 * i) for i, mode in enumerate("bcabc")]
    snapshot, plan = plan_of(hall())
    assert rules(snapshot, c2(*turns)(plan)) == {"dwell"}


def test_a_break_does_not_cover_an_agreed_flip_that_it_can_miss() -> None:
    told = with_rests(pause(earliest_s=LUNCH_S, latest_s=LUNCH_S + 61)) | AGREED
    snapshot, plan = plan_of(told)
    assert rules(snapshot, plan) == set()
    moved = tuple(replace(b, start_s=LUNCH_S) if b.clerk == "c2" else b for b in plan.breaks)
    assert rules(snapshot, replace(plan, breaks=moved)) == {"on_break"}
