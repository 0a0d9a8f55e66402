"""When breaks are: as planned, unless a line would be left with nobody or two things would coincide."""

from __future__ import annotations

from typing import Any

from scheduler import fallback
from scheduler.check import faults
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot
from tests.scheduler import halls

NOW_S = 36_300


def breaks_of(people: list[dict[str, Any]], **changes: Any) -> tuple[Plan, list[int]]:
    """The plan of a hall with one service and a window for each clerk; the starts in the clerks' order."""
    windows = [halls.window(f"W{i}", "a", "a") for i in range(len(people))]
    services = [halls.service("a", floor=changes.pop("floor", 0))]
    seen = Snapshot.from_json(halls.document(services, windows, people, NOW_S, **changes))
    plan = fallback.plan(seen)
    assert faults(seen, plan) == []
    return plan, [b.start_s for b in plan.breaks]


def clerks(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [halls.clerk(f"c{i}", "a", f"W{i}", "a", breaks=[halls.pause(**changes)]) for i in range(count)]


def test_a_break_that_harms_nobody_stays_where_it_is() -> None:
    assert breaks_of(clerks(1))[1] == [43_200]


def test_two_who_hold_one_line_do_not_go_at_once() -> None:
    first, second = breaks_of(clerks(2))[1]
    assert abs(first - second) >= 3600


def test_a_floor_keeps_its_clerks_while_others_are_on_a_break() -> None:
    _, starts = breaks_of(clerks(3, length_s=1800), floor=2)
    assert all(abs(a - b) >= 1800 for i, a in enumerate(starts) for b in starts[:i])


def test_those_whose_limits_leave_no_choice_go_as_planned() -> None:
    assert breaks_of(clerks(2, earliest_s=43_200, latest_s=43_200))[1] == [43_200, 43_200]


def test_the_starts_of_one_plan_are_those_of_the_next() -> None:
    people = clerks(4)
    _, starts = breaks_of(people)
    for clerk, start_s in zip(people, starts, strict=True):
        clerk["breaks"][0]["start_s"] = start_s
    assert breaks_of(people)[1] == starts


def test_two_breaks_of_one_clerk_do_not_overlap() -> None:
    one = halls.clerk("c0", "a", "W0", "a", breaks=[halls.pause(), halls.pause(length_s=900)])
    long, short = breaks_of([one])[1]
    assert short >= long + 3600 or short + 900 <= long


def test_a_break_does_not_cover_the_time_of_an_agreed_flip() -> None:
    agreed = {"window": "W0", "mode": ["a"], "clerk": "c0", "at_s": 43_500}
    plan, (start_s,) = breaks_of(clerks(1), committed=[agreed])
    assert not start_s <= 43_500 < start_s + 3600
    assert plan.dropped == ()
