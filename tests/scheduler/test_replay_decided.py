"""What people have decided about windows holds in every replayed day of today: pins and agreed flips."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from scheduler.plan import Plan
from scheduler.replay import today
from scheduler.replay.day import simulate
from scheduler.replay.fixed import Fixed
from scheduler.replay.floor import Floor
from scheduler.replay.layout import layout
from scheduler.replay.lineup import Lineup
from scheduler.replay.longest import Longest
from scheduler.replay.policies import planned
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario
from scheduler.replay.staff import ClerkState
from scheduler.replay.threshold import Threshold
from scheduler.replay.tidal import Tidal
from scheduler.replay.visitors import draw
from scheduler.replay.whatif.questions import one_clerk_fewer
from scheduler.replay.whatif.told import policy
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import OPEN_S, SLOTS, clerk, document, service, waiting, window

NOW_S = OPEN_S + 3600
UNTIL_S = NOW_S + 5400
AT_S = NOW_S + 1500
SETUP_S = 240
DAYS = 3
PIN = {"window": "1", "mode": ["a"], "until_s": UNTIL_S}
FLIP = {"window": "1", "mode": ["b"], "clerk": None, "at_s": AT_S}

Modes = list[tuple[float, frozenset[str]]]


def hall(*crowds: str, **wishes: Any) -> Scenario:
    """Window 1 offers a, 2 and 3 offer b; the clerks of a crowd cannot serve all of it."""
    seen = document(
        [service("a", service_s=300), service("b", service_s=300)],
        [window("1", "a b", "a"), window("2", "a b", "b"), window("3", "a b", "b")],
        [clerk("x", "a b", "1", "a"), clerk("y", "a b", "2", "b"), clerk("z", "a b", "3", "b")],
        NOW_S,
        waiting=[one for s in crowds for one in waiting(s, 30, NOW_S - 900)],
        forecast={s: [9.0 if s in crowds else 0.2] * SLOTS for s in "ab"},
        rules={"max_families": 1},
        **wishes,
    )
    return today.scenario(Snapshot.from_json(seen))


def simple(kind: type[Fixed], day: Scenario) -> Fixed:
    lineup: Lineup = today.posts(day)
    return kind(1, lineup=lineup)


POLICIES = {
    "fixed": lambda day: simple(Fixed, day),
    "threshold": lambda day: simple(Threshold, day),
    "longest": lambda day: simple(Longest, day),
    "page": policy,
    "tidal": lambda _: Tidal(planned),
}


def modes(day: Scenario, name: str, number: int = 0, place: int = 0) -> Modes:
    """What the window is set up for, whenever the policy is asked about anything in that day."""
    found: Modes = []
    chosen = POLICIES[name](day)
    _watch(chosen, found, place)
    simulate(layout(day), draw(day, 1, number), chosen)
    return found


def _watch(chosen: Policy, found: Modes, place: int) -> None:
    def note(floor: Floor) -> None:
        found.append((floor.now, frozenset(floor.layout.names(floor.windows[place].mode))))

    def watched(hook: Any) -> Any:
        def run(floor: Floor, *more: Any) -> None:
            note(floor)
            hook(floor, *more)
            note(floor)

        return run

    for name in ("tick", "idle", "waiting", "changed"):
        setattr(chosen, name, watched(getattr(chosen, name)))


@pytest.mark.parametrize("name", ["threshold", "longest", "page", "tidal"])
def test_a_pinned_window_keeps_its_mode_until_the_time_and_no_longer(name: str) -> None:
    for number in range(DAYS):
        free = modes(hall("b"), name, number)
        assert any(mode == {"b"} for at_s, mode in free if at_s < UNTIL_S), "what a pin has to hold"
        held = modes(hall("b", pins=[PIN]), name, number)
        assert {mode for at_s, mode in held if at_s < UNTIL_S} == {frozenset("a")}
        assert any(mode == {"b"} for at_s, mode in held if at_s >= UNTIL_S)


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_a_window_pinned_shut_stays_empty_until_the_time(name: str) -> None:
    day = hall("b", pins=[PIN | {"mode": []}])
    seats: list[tuple[float, int | None]] = []
    chosen = POLICIES[name](day)
    waiting_hook = chosen.waiting

    def note(floor: Floor, number: int) -> None:
        seats.append((floor.now, floor.windows[0].clerk))
        waiting_hook(floor, number)

    chosen.waiting = note  # type: ignore[method-assign]  # a look at the floor beside what the policy does
    simulate(layout(day), draw(day, 1, 0), chosen)
    assert {clerk for at_s, clerk in seats if at_s < UNTIL_S} == {None}


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_an_agreed_flip_happens_at_its_time(name: str) -> None:
    """The clerk is idle or serves a case of some minutes; no policy would flip by itself."""
    for number in range(DAYS):
        for who in (None, "x"):
            found = modes(hall("a", committed=[FLIP | {"clerk": who}]), name, number)
            assert {mode for at_s, mode in found if at_s < AT_S} == {frozenset("a")}
            first_s = next(at_s for at_s, mode in found if mode == {"b"})
            assert AT_S <= first_s < AT_S + 1800


@pytest.mark.parametrize("name", ["fixed", "threshold", "longest", "page"])
def test_an_agreed_flip_begins_on_time_where_nobody_is_served(name: str) -> None:
    """A planner's line-up at the opening may turn the window to the same mode sooner; these rules may not."""
    found = modes(hall("b", committed=[FLIP]), name)  # nobody has come for a, and it is not lent before
    first_s = next(at_s for at_s, mode in found if mode == {"b"})
    assert AT_S <= first_s < AT_S + SETUP_S


@pytest.mark.parametrize("name", ["fixed", "tidal"])
def test_an_agreed_flip_brings_the_clerk_it_names_to_an_empty_window(name: str) -> None:
    day = hall("a", committed=[FLIP | {"clerk": "y"}])
    day = replace(day, clerks=day.clerks[1:])  # nobody at window 1
    assert any(mode == {"b"} for at_s, mode in modes(day, name) if at_s >= AT_S)


def test_a_flip_agreed_with_a_clerk_who_is_not_there_waits_for_whoever_is() -> None:
    day = one_clerk_fewer("y")(hall("a", committed=[FLIP | {"clerk": "y"}]))
    assert any(mode == {"b"} for at_s, mode in modes(day, "tidal") if at_s >= AT_S)


def test_an_agreed_flip_that_a_rule_forbids_is_dropped() -> None:
    spent = hall("a", committed=[FLIP])
    spent = replace(spent, windows=tuple(replace(w, flips_today=6) for w in spent.windows))
    for name in POLICIES:
        assert {mode for _, mode in modes(spent, name)} == {frozenset("a")}


def test_the_dwell_and_the_flips_of_the_morning_count_on() -> None:
    fresh = document(
        [service("a"), service("b")],
        [window("1", "a b", "a", mode_since_s=NOW_S - 60, flips_today=2), window("2", "b", "b")],
        [clerk("x", "a b", "1", "a")],
        NOW_S,
    )
    found = today.scenario(Snapshot.from_json(fresh)).windows[0]
    assert (found.mode_since_s, found.flips_today) == (NOW_S - 60, 2)


def test_the_planner_sees_pins_until_their_time_and_agreed_flips_until_they_have_happened() -> None:
    seen: list[Snapshot] = []

    def planner(snapshot: Snapshot) -> Plan:
        seen.append(Snapshot.from_json(json.loads(json.dumps(snapshot.to_json()))))  # which also checks them
        return planned(snapshot)

    day = hall("a", pins=[PIN | {"window": "2", "mode": ["b"]}], committed=[FLIP | {"clerk": "x"}])
    simulate(layout(day), draw(day, 1, 0), Tidal(planner))
    for each in seen:
        assert bool(each.pins) == (each.now_s < UNTIL_S)
    flipped_s = next(each.now_s for each in seen if each.windows[0].mode == ("b",))
    assert AT_S <= flipped_s < AT_S + 1800
    assert all([c.at_s for c in each.committed] == [AT_S] for each in seen if each.now_s < flipped_s)
    assert not any(each.committed for each in seen if each.now_s >= flipped_s)


def test_whoever_comes_back_finds_what_was_decided_meanwhile() -> None:
    """At the agreed time the only clerk of the window rests."""
    rest = {"earliest_s": AT_S - 600, "latest_s": AT_S - 600, "length_s": 1800, "start_s": AT_S - 600}
    day = hall("a", committed=[FLIP])
    resting = replace(day.clerks[0], breaks=(today.Break(**rest),))
    found = modes(replace(day, clerks=(resting, *day.clerks[1:])), "fixed")
    assert any(mode == {"b"} for _, mode in found)


def test_a_clerk_of_a_pinned_window_is_asked_about_nothing_else() -> None:
    """Longest lends from elsewhere: window 1 is pinned to a line that nobody stands in."""
    day, lent = hall("b", pins=[PIN]), set[int]()

    class Watched(Longest):
        def idle(self, floor: Floor, clerk: ClerkState) -> None:
            super().idle(floor, clerk)
            if floor.now < UNTIL_S and clerk.target is not None:
                lent.add(clerk.index)

    simulate(layout(day), draw(day, 1, 0), simple(Watched, day))
    assert 0 not in lent
