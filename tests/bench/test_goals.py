"""The goals of the plan bench: met or missed as they are, each against the rule that was best at it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from rich.console import Console

from scheduler.replay.figures import Daily
from tests.bench.jackknife import Estimate
from tests.bench.plans.days import KINDS, ROBUSTNESS
from tests.bench.plans.goals import SAID, STRESS, Goal, best_simple, gap_closed, goals
from tests.bench.plans.halls import SHAPES
from tests.bench.plans.rules import REFERENCE, SIMPLE
from tests.bench.plans.tables import show_goals

MEASURES = (*SAID, "flips")


def days(level: float, **other: float) -> list[Daily]:
    """Three days, all measures around a level, some at another."""
    return [dict.fromkeys(MEASURES, level * noise) | _times(other, noise) for noise in (0.9, 1.0, 1.1)]


def _times(figures: Mapping[str, float], noise: float) -> Daily:
    return {name: level * noise for name, level in figures.items()}


def lived(tidal: float = 80.0, **rules: list[Daily]) -> dict[str, list[Daily]]:
    """All rules at 100 but those that are given; the reference at 70."""
    names = {"fixed_one": SIMPLE[0], "threshold_one": SIMPLE[1], "longest": SIMPLE[-1]}
    return (
        {name: days(100.0) for name in SIMPLE}
        | {names[name]: found for name, found in rules.items()}
        | {REFERENCE: days(70.0), "tidal": days(tidal)}
    )


def of(found: list[Goal], name: str) -> Goal:
    return next(goal for goal in found if goal.name.startswith(name))


def test_a_goal_is_met_at_its_must_and_missed_beyond_it() -> None:
    at, above, below = Estimate(0.9, 0.1), Estimate(0.901, 0.1), Estimate(0.899, 0.1)
    assert Goal("less", at, 0.9).is_met and Goal("less", below, 0.9).is_met
    assert not Goal("less", above, 0.9).is_met
    assert Goal("more", at, 0.9, at_least=True).is_met and Goal("more", above, 0.9, at_least=True).is_met
    assert not Goal("more", below, 0.9, at_least=True).is_met
    assert not Goal("unknown", Estimate(float("nan"), 0.0), 0.9).is_met
    assert Goal("to know", above).is_met


@pytest.mark.parametrize(
    ("measure", "name"),
    [("mean_s", "surge: mean"), ("p90_s", "surge: P90"), ("p95_s", "surge: P95")],
)
def test_each_measure_has_the_rule_that_was_best_at_it_as_its_rival(measure: str, name: str) -> None:
    best = lived(threshold_one=days(120.0, **{measure: 50.0}), longest=days(90.0))
    assert best_simple(best, measure) == SIMPLE[1]
    found = goals("town", 5, {"surge": best})
    goal = of(found, name)
    assert (goal.rival, goal.reached.value) == (SIMPLE[1], pytest.approx(80 / 50))
    assert {of(found, f"surge: {said}").rival for said in ("mean", "P90", "P95")} == {SIMPLE[1], SIMPLE[-1]}


def test_the_worst_service_is_held_against_the_rule_whose_worst_service_waits_least() -> None:
    rules = lived(longest=days(60.0, worst_service_s=200.0), fixed_one=days(150.0, worst_service_s=90.0))
    goal = of(goals("town", 5, {"normal": rules}), "normal: worst service")
    assert (goal.rival, goal.reached.value) == (SIMPLE[0], pytest.approx(80 / 90))
    assert not goal.is_met


def test_the_mean_of_an_ordinary_day_is_held_against_two_family_rules_alone() -> None:
    rules = lived(threshold_one=days(50.0), longest=days(95.0))
    found = goals("town", 5, {"normal": rules})
    assert of(found, "mean to the best two-family rule").rival == SIMPLE[-1]
    assert of(found, "mean to the tuned one-family threshold").reached.value == pytest.approx(80 / 50)


def test_every_kind_of_day_tells_its_p95_and_no_robustness_kind_has_a_goal() -> None:
    found = goals("town", 5, dict.fromkeys([*KINDS, *ROBUSTNESS], lived()))
    p95 = {goal.name.split(":")[0] for goal in found if ": P95" in goal.name and goal.must is None}
    assert p95 == {*KINDS, *ROBUSTNESS}
    assert not [goal for kind in ROBUSTNESS for goal in found if goal.name.startswith(kind) and goal.must]
    assert len([goal for kind in STRESS for goal in found if goal.name.startswith(kind) and goal.must]) == 10


def test_a_wrong_forecast_is_held_against_the_own_mean_with_the_right_one() -> None:
    found = {"normal": lived(80.0), "forecast -30 %": lived(88.0), "forecast +30 %": lived(80.0)}
    assert not any(goal.name == "the three together" for goal in goals("town", 5, found))
    told = goals("town", 5, found | {"wrong mix": lived(80.0)})
    assert of(told, "forecast -30 %: mean to the own").reached.value == pytest.approx(1.1)
    assert of(told, "the three together").reached.value == pytest.approx(1.1 / 3 + 2 / 3)


def test_flips_are_of_a_clerk_and_a_day() -> None:
    found = goals("town", 5, {"normal": lived(80.0)})
    assert of(found, "flips").reached.value == pytest.approx(80 / SHAPES["town"].clerks)


def test_the_gap_is_closed_wholly_by_free_switching_and_not_at_all_by_fixed_windows() -> None:
    fixed, free = np.array([20.0, 22.0, 19.0]), np.array([8.0, 9.0, 8.5])
    assert gap_closed(free, fixed, free).value == pytest.approx(1)
    assert gap_closed(fixed, fixed, free).value == pytest.approx(0)


def test_the_table_marks_what_is_missed_and_names_the_rival() -> None:
    console = Console(width=190, record=True, quiet=False, file=None)
    with console.capture() as told:
        show_goals({"town:5": goals("town", 5, {"surge": lived(longest=days(70.0))})}, console)
    mean, p95 = (next(r for r in told.get().splitlines() if f"surge: {m}" in r) for m in ("mean", "P95"))
    assert "1.14 ±0.00 missed (longest line, two)" in mean
    assert "missed" not in p95
