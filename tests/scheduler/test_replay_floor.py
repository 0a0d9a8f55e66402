"""The simulated hall keeps the hall's rules, whatever a policy asks for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.replay.bounds import Free
from scheduler.replay.day import simulate
from scheduler.replay.fixed import Fixed
from scheduler.replay.floor import Floor, RuleBroken
from scheduler.replay.layout import layout
from scheduler.replay.longest import Longest
from scheduler.replay.policy import Passive, Policy
from scheduler.replay.scenario import Break, Clerk, Demand, Rules, Scenario, Service, Visit, Window
from scheduler.replay.staff import ClerkState
from scheduler.replay.study import study
from scheduler.replay.threshold import Threshold
from scheduler.replay.visitors import draw
from tests.bench.plans.days import day
from tests.bench.plans.halls import hall


def _two_lines(**changes: object) -> Scenario:
    """One clerk who may serve a and b, two windows; people as given."""
    fields: dict[str, object] = {
        "hall": "two",
        "day": "2026-11-23",
        "open_s": 0,
        "close_s": 4 * 3600,
        "slot_s": 900,
        "services": (Service("a", "a", 600, floor=0), Service("b", "b", 600, floor=0)),
        "windows": (Window("1", ("a", "b")), Window("2", ("a", "b"))),
        "clerks": (Clerk("c", {"a": 1.0, "b": 1.0}, 0, 4 * 3600),),
        "demand": Demand(rate={}),
        "rules": Rules(setup_s=240, move_s=180, changeover_s=30, min_dwell_s=1200, max_families=1),
        "visits": (),
    }
    return Scenario(**{**fields, **changes})  # type: ignore[arg-type]  # test data


class _Posts(Passive):
    """Gives the only clerk mode a at window 1, then what the test says at the tick."""

    name = "test"

    def __init__(self, window: int, service: int, every_s: float = 600) -> None:
        self.every_s, self.then = every_s, (window, frozenset({service}))
        self.refused = 0

    def changed(self, floor: Floor, clerk: ClerkState) -> None:
        floor.post(clerk, 0, frozenset({0}))

    def tick(self, floor: Floor) -> None:
        try:
            floor.post(floor.clerks[0], *self.then)
        except RuleBroken:
            self.refused += 1


def _called(scenario: Scenario, policy: Policy) -> list[float]:
    people = draw(scenario, 1, 0)
    outcome = simulate(layout(scenario), people, policy)
    return [s + w for s, w in zip(people.since_s, outcome.wait_s.tolist(), strict=True)]


def test_a_flip_waits_for_the_dwell_then_costs_the_set_up() -> None:
    scenario = _two_lines(visits=(Visit("b", 10, work_s=60),))
    policy = _Posts(0, 1)
    # Ticks at 600 and 1200; the window's mode began at 0, so the dwell of 1200 allows the second.
    assert _called(scenario, policy) == [1200 + 240]
    assert policy.refused == 1


def test_a_flip_waits_for_the_case_in_hand() -> None:
    scenario = _two_lines(visits=(Visit("a", 0, work_s=1500), Visit("b", 10, work_s=60)))
    assert _called(scenario, _Posts(0, 1)) == [0, 1500 + 240]


def test_a_walk_to_a_fresh_window_costs_the_larger_of_walk_and_set_up() -> None:
    scenario = _two_lines(visits=(Visit("b", 10, work_s=60),))
    assert _called(scenario, _Posts(1, 1)) == [600 + 240]


def test_another_family_costs_the_changeover() -> None:
    rules = Rules(changeover_s=30)
    visits = (Visit("a", 0, work_s=100), Visit("b", 1, work_s=100), Visit("b", 2, work_s=100))
    assert _called(_two_lines(visits=visits, rules=rules), Fixed(2)) == [0, 100, 230]


def test_a_break_is_taken_after_the_case_in_hand() -> None:
    clerk = Clerk("c", {"a": 1.0, "b": 1.0}, 0, 4 * 3600, (Break(600, 900, 1800, 600),))
    visits = (Visit("a", 500, work_s=300), Visit("a", 501, work_s=100))
    assert _called(_two_lines(visits=visits, clerks=(clerk,)), Fixed(1)) == [500, 800 + 1800]


def test_nobody_is_served_while_the_clerk_is_absent() -> None:
    clerk = Clerk("c", {"a": 1.0, "b": 1.0}, 0, 4 * 3600, absent=((0, 3000),))
    scenario = _two_lines(visits=(Visit("a", 500, work_s=300),), clerks=(clerk,))
    assert _called(scenario, Fixed(1)) == [3000 + 240]  # the first mode after opening is set up


def _mean_s(scenario: Scenario, policy: Policy) -> float:
    return float(np.mean(simulate(layout(scenario), draw(scenario, 1, 0), policy).wait_s))


HOURLY = tuple(Visit("a", 600.0 * i, work_s=300) for i in range(24))


def test_a_window_shut_for_a_while_keeps_its_clerk_for_later() -> None:
    """Until then whoever sat there had no window for the rest of the day."""
    for span in ((3600.0, 4500.0), (0.0, 900.0)):
        one = (Window("1", ("a", "b"), shut=(span,)),)
        assert _mean_s(_two_lines(visits=HOURLY, windows=one), Fixed(1)) < 600
        spare = (*one, Window("2", ("a", "b")))
        assert _mean_s(_two_lines(visits=HOURLY, windows=spare), Fixed(1)) < 60


def test_a_newcomer_leaves_a_window_to_its_own_clerk() -> None:
    """Who sat there during lunch kept it all day, and its clerk had none."""
    lunch = Break(3600, 3600, 3600, 3600)
    clerks = (
        Clerk("c", {"a": 1.0, "b": 1.0}, 0, 4 * 3600, breaks=(lunch,), window="1"),
        Clerk("new", {"a": 1.0}, 0, 4 * 3600),
    )
    visits = (*HOURLY, *(Visit("b", 8000.0 + 600 * i, work_s=60) for i in range(8)))
    one = _two_lines(visits=visits, clerks=clerks, windows=(Window("1", ("a", "b")),),
                     rules=Rules(max_families=2, setup_s=0, move_s=0, min_dwell_s=0))  # fmt: skip
    rule = Longest(2, lineup={0: (0, frozenset({0, 1}))})
    outcome = simulate(layout(one), draw(one, 1, 0), rule)
    assert not outcome.unserved.any()
    assert outcome.wait_s.max() < 3600


def test_the_window_of_a_clerk_with_a_case_in_hand_is_kept() -> None:
    clerks = (
        Clerk("c", {"b": 1.0}, 0, 4 * 3600, window="1", busy_until_s=600.0),
        Clerk("new", {"a": 1.0}, 0, 4 * 3600),
    )
    one = _two_lines(visits=(Visit("a", 10, work_s=60), Visit("b", 700, work_s=60)), clerks=clerks,
                     windows=(Window("1", ("a", "b")),))  # fmt: skip
    floor = Floor(layout(one), draw(one, 1, 0), Fixed(1))
    assert floor.free_windows() == []
    assert floor.refusal(floor.clerks[1], floor.windows[0], frozenset({0})) == "another clerk has the window"


def test_simple_rules_know_who_is_away_when_the_hall_opens() -> None:
    clerks = (
        Clerk("ill", {"a": 1.0}, 0, 4 * 3600, absent=((0.0, 4 * 3600.0),)),
        Clerk("here", {"a": 1.0}, 0, 4 * 3600),
    )
    one = _two_lines(visits=HOURLY, clerks=clerks, windows=(Window("1", ("a",)),))
    assert _mean_s(one, Fixed(1)) < 60


def test_recorded_people_come_besides_those_who_are_here() -> None:
    here = (Visit("a", -600.0), Visit("b", -300.0))
    people = draw(_two_lines(visits=(Visit("a", 60.0),), here=here), 1, 0)
    assert (people.arrived_s, people.since_s) == ([0, 0, 60], [-600, -300, 60])
    assert len(draw(_two_lines(visits=(), services=(), windows=(), clerks=()), 1, 0)) == 0


def test_each_batch_has_policies_of_its_own() -> None:
    """They remember their day: threads that shared one would mix two days up."""
    rule = Fixed(2)
    found = study(hall("town", 3), {"fixed": rule}, 2, 1, jobs=1)["fixed"]
    assert len(found) == 2 and rule.lineup == {}


def test_a_break_inside_an_absence_is_taken_with_it() -> None:
    lunch = Break(3000, 3000, 1800, 3000)
    visits = (Visit("a", 3000, work_s=100), Visit("a", 9000, work_s=100))

    def called(*absent: tuple[float, float]) -> list[float]:
        clerk = Clerk("c", {"a": 1.0, "b": 1.0}, 0, 4 * 3600, (lunch,), absent=absent)
        return _called(_two_lines(visits=visits, clerks=(clerk,)), Fixed(1))

    assert called() == called((3000, 4800)) == called((2400, 4800)) == [4800, 9000]
    assert called((2400, 4000)) == [4000 + 1800, 9000]  # not the whole of it


def test_clerks_are_idle_until_their_shifts_end_though_the_last_visitor_has_left() -> None:
    def idle(*at_s: float, **changes: object) -> float:
        scenario = _two_lines(visits=tuple(Visit("a", at, work_s=600) for at in at_s), **changes)
        return simulate(layout(scenario), draw(scenario, 1, 0), Fixed(1)).idle_share

    assert idle(0) == idle(4 * 3600 - 600) == pytest.approx(1 - 600 / (4 * 3600))
    lunch = (Clerk("c", {"a": 1.0, "b": 1.0}, 0, 4 * 3600, (Break(7200, 7200, 3600, 7200),)),)
    assert idle(0, clerks=lunch) == pytest.approx(1 - 600 / (3 * 3600))
    assert idle() == 1
    assert np.isnan(idle(0, clerks=()))


def test_recorded_people_find_those_who_wait_at_opening() -> None:
    scenario = _two_lines(visits=(Visit("a", 0, work_s=600),), here=(Visit("a", -300, work_s=60),))
    people = draw(scenario, 1, 0)
    assert people.since_s == [-300, 0]
    assert people.work_s == [60, 600]
    outcome = simulate(layout(scenario), people, Fixed(1))
    assert outcome.wait_s.tolist() == [300, 60]


def test_those_in_the_hall_at_closing_are_still_served() -> None:
    visits = tuple(Visit("a", 4 * 3600 - 10 + i, work_s=600) for i in range(5))
    assert _called(_two_lines(visits=visits), Fixed(1))[-1] == 4 * 3600 - 10 + 4 * 600


def test_a_booked_visitor_stands_from_the_booked_time() -> None:
    visits = (
        Visit("a", 0, work_s=1000),
        Visit("a", 10, booked_s=900, work_s=10),
        Visit("a", 20, work_s=10),
        Visit("a", 950, work_s=10),
    )
    people = draw(_two_lines(visits=visits), 1, 0)
    outcome = simulate(layout(_two_lines(visits=visits)), people, Fixed(1))
    assert outcome.wait_s.tolist() == [0, 110, 980, 70]  # called at 1010, 1000 and 1020


def test_whoever_is_never_served_counts_with_a_wait() -> None:
    nobody = _two_lines(visits=(Visit("a", 100),), clerks=())
    outcome = simulate(layout(nobody), draw(nobody, 1, 0), Fixed(1))
    assert outcome.unserved.all()
    assert outcome.wait_s[0] > 4 * 3600


@pytest.mark.parametrize("policy", [Fixed(1), Fixed(2), Threshold(2, 4, 3), Longest(1), Longest(2), Free()])
@pytest.mark.parametrize("shape", ["town", "county"])
def test_nobody_is_lost_and_everybody_is_served_once(policy: Policy, shape: str) -> None:
    scenario = hall(shape, 3)
    for number in range(3):
        people = draw(scenario, 5, number)
        outcome = simulate(layout(scenario), people, policy)
        assert len(outcome.wait_s) == len(people)
        assert not outcome.unserved.any()
        assert not (outcome.walked_away & (outcome.wait_s < 0)).any()
        assert 0 <= outcome.idle_share <= 1


def test_policies_meet_the_same_people_whatever_ran_before() -> None:
    scenario = hall("town", 3)
    first, again = draw(scenario, 5, 1), draw(scenario, 5, 1)
    assert first == again
    more = replace(
        scenario.demand, rate={s: tuple(1.2 * x for x in r) for s, r in scenario.demand.rate.items()}
    )
    surge = draw(replace(scenario, demand=more), 5, 1)
    assert len(surge) > len(first)
    assert np.isclose(np.mean(surge.work_s), np.mean(first.work_s), rtol=0.15)


class _Watched(Longest):
    """Longest line first, looked at every minute."""

    every_s = 60.0

    def tick(self, floor: Floor) -> None:
        sitting = [c for c in floor.clerks if c.seated]
        assert len({c.window for c in sitting}) == len(sitting)
        for clerk in sitting:
            assert clerk.window is not None
            assert floor.windows[clerk.window].clerk == clerk.index
            assert floor.windows[clerk.window].mode == clerk.mode
            assert floor.layout.refusal(clerk.mode, clerk.window, clerk.index) is None
        for index in floor.idle:
            assert not any(floor.lines.length(s) for s in floor.clerks[index].mode)
        assert floor.in_hand == sum(c.serving is not None for c in floor.clerks)
        offered = [sum(s in c.mode for c in sitting) for s in range(len(floor.layout.services))]
        assert floor.coverage.offered == offered


@pytest.mark.parametrize("kind", ["normal", "surge", "absence"])
def test_at_any_moment_everybody_sits_where_the_rules_allow(kind: str) -> None:
    scenario = day(hall("county", 8), kind, 2)
    people = draw(scenario, 2, 0)
    outcome = simulate(layout(scenario), people, _Watched(2))
    served = len(people) - int(outcome.walked_away.sum()) - int(outcome.unserved.sum())
    assert served > 0.8 * len(people)
