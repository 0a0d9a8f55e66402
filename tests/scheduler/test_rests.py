"""When breaks are: as planned, unless two things of one clerk would coincide."""

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
    services = [halls.service("a")]
    seen = Snapshot.from_json(halls.document(services, windows, people, NOW_S, **changes))
    plan = fallback.plan(seen)
    assert faults(seen, plan) == []
    return plan, [b.start_s for b in plan.breaks]


def clerks(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [halls.clerk(f"c{i}", "a", f"W{i}", "a", breaks=[halls.pause(**changes)]) for i in range(count)]


def test_a_break_that_harms_nobody_stays_where_it_is() -> None:
    assert breaks_of(clerks(1))[1] == [43_200]


def test_those_whose_limits_leave_no_choice_go_as_planned() -> None:
    assert breaks_of(clerks(2, earliest_s=43_200, latest_s=43_200))[1] == [43_200, 43_200]


def test_two_breaks_of_one_clerk_do_not_overlap() -> None:
    one = halls.clerk("c0", "a", "W0", "a", breaks=[halls.pause(), halls.pause(length_s=900)])
    long, short = breaks_of([one])[1]
    assert short >= long + 3600 or short + 900 <= long


def test_a_break_goes_where_the_others_leave_it_a_gap() -> None:
    """Its only place lies between two that cannot move, on no quarter of an hour."""
    fixed = [
        halls.pause(earliest_s=at, latest_s=at, start_s=at, length_s=length)
        for at, length in ((38_300, 1_000), (39_800, 900))
    ]
    free = halls.pause(earliest_s=38_300, latest_s=39_400, start_s=38_500, length_s=500)
    assert breaks_of([halls.clerk("c0", "a", "W0", "a", breaks=[*fixed, free])])[1] == [
        38_300,
        39_800,
        39_300,
    ]


def test_a_break_is_moved_as_far_as_another_one_needs() -> None:
    """At its planned start the first would leave the second no room on either side."""
    rests = [halls.pause(latest_s=45_000), halls.pause(latest_s=45_100, length_s=5400)]
    assert breaks_of([halls.clerk("c0", "a", "W0", "a", breaks=rests)])[1] == [41_400, 45_000]


def test_a_lunch_stays_where_a_break_and_an_agreed_flip_are_both_due_now() -> None:
    rests = [halls.pause(earliest_s=NOW_S - 900, latest_s=NOW_S - 60, length_s=600), halls.pause()]
    agreed = {"window": "W0", "mode": ["a"], "clerk": "c0", "at_s": NOW_S}
    one = halls.clerk("c0", "a", "W0", "a", breaks=rests)
    assert breaks_of([one], committed=[agreed])[1] == [NOW_S, 43_200]


def test_nobody_is_posted_before_a_break_of_a_broken_second_is_over() -> None:
    plan, _ = breaks_of(clerks(1, length_s=3600.5))
    assert [p.from_s for p in plan.posts] == [NOW_S, 43_200 + 3601]


def test_a_break_does_not_cover_the_time_of_an_agreed_flip() -> None:
    agreed = {"window": "W0", "mode": ["a"], "clerk": "c0", "at_s": 43_500}
    plan, (start_s,) = breaks_of(clerks(1), committed=[agreed])
    assert not start_s <= 43_500 < start_s + 3600
    assert plan.dropped == ()


def test_an_agreed_flip_in_the_midst_of_its_clerks_break_is_dropped_in_words() -> None:
    """Wherever its limits let the break begin, it covers that time; a post of one second keeps nothing."""
    agreed = {"window": "W0", "mode": ["a"], "clerk": "c0", "at_s": 43_500}
    plan, (start_s,) = breaks_of(clerks(1, earliest_s=42_600, latest_s=43_200), committed=[agreed])
    assert start_s == 43_200
    assert [d.reason.en for d in plan.dropped] == ["The clerk is on a break then."]
    assert not any(p.from_s < 43_200 + 3600 and p.to_s > 43_200 for p in plan.posts)


def test_an_agreed_flip_that_names_nobody_goes_to_somebody_who_is_not_at_rest() -> None:
    people = clerks(2)
    people[0]["breaks"] = [halls.pause(earliest_s=42_600, latest_s=43_200)]
    people[1]["window"], people[1]["mode"] = None, []
    agreed = {"window": "W0", "mode": ["a"], "clerk": None, "at_s": 43_500}
    plan, _ = breaks_of(people, committed=[agreed])
    assert plan.dropped == ()
    assert any(p.clerk == "c1" and p.window == "W0" and p.from_s <= 43_500 < p.to_s for p in plan.posts)


def test_an_agreed_flip_does_not_go_to_a_clerk_whose_break_has_begun_and_lasts_longer() -> None:
    people = clerks(2)
    people[0] |= {"status": "break", "until_s": 37_800, "breaks": []}
    agreed = {"window": "W0", "mode": ["a"], "clerk": None, "at_s": 37_200}
    plan, _ = breaks_of(people, committed=[agreed])
    assert plan.dropped == ()
    assert any(p.clerk == "c1" and p.window == "W0" and p.from_s <= 37_200 < p.to_s for p in plan.posts)
