from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.replay import today, whatif
from scheduler.replay.day import simulate
from scheduler.replay.fixed import Fixed
from scheduler.replay.floor import Floor
from scheduler.replay.layout import layout
from scheduler.replay.policy import Passive
from scheduler.replay.seen import snapshot
from scheduler.replay.visitors import draw
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import OPEN_S, SLOTS, clerk, document, pause, service, waiting, window

NOW_S = OPEN_S + 5 * 900 + 300


def _snapshot(**changes: object) -> Snapshot:
    fields = {
        "waiting": waiting("a", 4, NOW_S - 600),
        "forecast": {"a": [3.0] * SLOTS, "b": [1.0] * SLOTS},
        "booked": [{"service": "b", "at_s": NOW_S + 1000}],
    }
    return Snapshot.from_json(
        document(
            [service("a"), service("b")],
            [window("1", "a b", "a"), window("2", "a b", "b")],
            [
                clerk("x", "a b", "1", "a", breaks=[pause()]),
                clerk("y", "a b", "2", "b", status="serving", serving="b", serving_for_s=100),
                clerk("z", "a", status="off", start_s=OPEN_S),
            ],
            NOW_S,
            **{**fields, **changes},
        )
    )


def test_the_rest_of_the_day_holds_what_the_snapshot_knows() -> None:
    found = today.scenario(_snapshot())
    assert (found.open_s, len(found.here)) == (NOW_S, 4)
    assert [c.id for c in found.clerks] == ["x", "y"]  # z is not at work, though the shift has begun
    assert found.clerks[1].busy_until_s == NOW_S + 500  # the case in hand: 600 s, 100 of them gone
    left_s = found.close_s - NOW_S
    assert sum(found.demand.rate["a"]) == pytest.approx(3 * left_s / 900, rel=0.02)
    assert found.demand.booked["b"][1] == 1


def test_people_in_the_hall_keep_their_place_and_their_wait_counts() -> None:
    found = today.scenario(_snapshot(), patience=None)
    people = draw(found, 1, 0)
    assert sorted(people.since_s)[:4] == [NOW_S - 600 + 20 * i for i in range(4)]
    assert min(people.arrived_s) == NOW_S


def test_a_manager_asks_what_an_absence_now_would_bring() -> None:
    found = today.scenario(_snapshot())
    as_is = Fixed(lineup=today.posts(found))
    answer = whatif.ask(found, whatif.clerk_absent("y", NOW_S, NOW_S + 7200), as_is, replications=10)
    assert answer.difference.services["b"]["mean_s"].low > 0
    assert answer.difference.services["a"]["mean_s"].value == 0


@pytest.mark.parametrize(("bound", "first"), [(0, "normal"), (1, "priority")])
def test_the_line_keeps_the_halls_own_bound_on_overtaking(bound: int, first: str) -> None:
    """One is called at once; of the two who are left the ordinary ticket stands first."""
    classes = ("normal", "normal", "priority")
    three = [line | {"class": c} for line, c in zip(waiting("a", 3), classes, strict=True)]
    nobody = {"forecast": {}, "booked": [], "waiting": three}
    found = today.scenario(_snapshot(rules={"overtake_bound": bound}, **nobody), patience=None)
    found = replace(found, clerks=found.clerks[:1])
    day = simulate(layout(found), draw(found, 1, 0), Fixed(lineup=today.posts(found)))
    *_, ordinary_s, priority_s = draw(found, 1, 0).since_s + day.wait_s
    assert ("normal" if ordinary_s < priority_s else "priority") == first


def test_the_planner_of_a_replayed_day_is_shown_the_same_bound() -> None:
    found = today.scenario(_snapshot(rules={"overtake_bound": 7}))
    seen = snapshot(Floor(layout(found), draw(found, 1, 0), Passive()), 1_000)
    assert seen.rules.overtake_bound == 7


def test_after_closing_there_is_nothing_left_to_ask() -> None:
    seen = _snapshot()
    with pytest.raises(ValueError, match="over"):
        today.scenario(replace(seen, now_s=seen.close_s))
