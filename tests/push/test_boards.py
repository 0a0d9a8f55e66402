"""What a board shows, and that its version is the hall's version at which it last changed."""

from __future__ import annotations

import pytest

from hall.core.errors import Unknown
from hall.core.people import WORKER
from hall.desk import calls, plans, posts, visits
from hall.push import boards
from hall.push.boards import Board
from hall.store import read
from tests.builders import MANAGER, World, clerk_actor, make_hall
from tests.plans import plan_with_flip

PLAN = plan_with_flip("W01", ["social"], ["estate"], at_s=36000)


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url)


def board(town: World, name: str = "hall") -> Board:
    with town.db.look() as session:
        return boards.build(session, read.hall(session, town.hall), name)


def hall_version(town: World) -> int:
    with town.db.look() as session:
        return read.hall(session, town.hall).version


def test_an_empty_hall_shows_its_lines_and_windows(town: World) -> None:
    shown = board(town)
    assert shown["version"] == 0
    assert shown["board"]["calls"] == []
    assert [line["service"] for line in shown["board"]["lines"]] == ["social", "estate"]
    assert [window["state"] for window in shown["board"]["windows"]] == ["closed"] * 3


def test_a_call_is_shown_with_its_id_on_the_hall_board_and_at_the_window(town: World) -> None:
    town.issue()
    town.sign_in()
    called = town.call()
    assert called is not None
    (call,) = board(town)["board"]["calls"]
    assert (call["id"], call["number"], call["window"], call["label"]) == (called.id, "A001", "W01", "1")
    assert call["at"] == "2026-03-02T09:00:00+08:00"
    at_window = board(town, "window:W01")["board"]
    assert (at_window["call"]["id"], at_window["state"]) == (called.id, "open")


def test_a_recall_is_a_new_call_of_the_same_number_shown_once(town: World) -> None:
    ticket = town.issue()
    town.sign_in()
    first = town.call()
    assert first is not None
    town.clock.forward(seconds=20)
    town.do(lambda c: calls.recall(c, ticket.id), clerk_actor("c1"))
    (call,) = board(town)["board"]["calls"]
    assert call["id"] != first.id
    assert board(town, "window:W01")["board"]["call"]["id"] == call["id"]


def test_a_finished_visitor_leaves_the_window_but_stays_among_the_last_calls(town: World) -> None:
    ticket = town.issue()
    town.sign_in()
    town.call()
    town.finish(ticket.id)
    assert board(town, "window:W01")["board"]["call"] is None
    assert len(board(town)["board"]["calls"]) == 1


def test_only_the_last_calls_are_shown_and_none_of_yesterday(town: World) -> None:
    town.sign_in()
    for _ in range(boards.LAST_CALLS + 2):
        town.issue()
        town.clock.forward(seconds=30)
        town.call(finish=True)
    newest = boards.LAST_CALLS + 2
    numbers = [call["number"] for call in board(town)["board"]["calls"]]
    assert numbers[:2] == [f"A{newest:03d}", f"A{newest - 1:03d}"]
    assert len(board(town)["board"]["calls"]) == boards.LAST_CALLS
    town.clock.forward(days=1)
    town.issue()
    assert board(town)["board"]["calls"] == []


def test_a_window_board_keeps_its_version_while_other_windows_work(town: World) -> None:
    town.sign_in("c1", "W01")
    before = board(town, "window:W01")
    town.sign_in("c2", "W02")
    town.issue()
    town.call("c2", "W02")
    assert board(town, "window:W01") == before
    assert board(town)["version"] == hall_version(town)


def test_what_the_public_does_not_see_leaves_the_hall_board_at_its_version(town: World) -> None:
    town.issue()
    before = board(town)
    town.do(lambda c: posts.mark_absent(c, "c3"), MANAGER)
    assert board(town) == before
    assert hall_version(town) == before["version"] + 1


def test_an_approved_flip_is_on_the_sign_and_a_pin_takes_it_off(town: World) -> None:
    town.do(lambda c: plans.pin(c, "W01", ["social"], town.clock.at.replace(hour=9)), MANAGER)
    town.do(lambda c: plans.unpin(c, "W01"), MANAGER)
    town.sign_in()
    plan = town.do(lambda c: plans.propose(c, PLAN), WORKER)
    assert board(town, "window:W01")["board"]["next"] is None
    town.do(lambda c: plans.approve(c, plan.id), MANAGER)
    sign = board(town, "window:W01")
    assert sign["board"]["next"] == {"mode": ["estate"], "at": "2026-03-02T10:00:00+08:00"}
    assert board(town)["board"]["windows"][0]["next"] == sign["board"]["next"]
    town.do(lambda c: plans.pin(c, "W01", ["social"], town.clock.at.replace(hour=9)), MANAGER)
    after = board(town, "window:W01")
    assert after["board"]["next"] is None
    assert after["version"] > sign["version"]
    assert board(town)["board"]["windows"][0]["next"] is None


def test_waiting_people_and_their_range_are_on_the_board(town: World) -> None:
    for _ in range(3):
        town.issue("social")
    line = board(town)["board"]["lines"][0]
    assert line["waiting"] == 3
    assert 0 < line["low_s"] < line["high_s"]


def test_a_cancelled_call_leaves_its_window(town: World) -> None:
    ticket = town.issue()
    town.sign_in()
    town.call()
    town.do(lambda c: visits.cancel(c, ticket.id), MANAGER)
    assert board(town, "window:W01")["board"]["call"] is None


@pytest.mark.parametrize("name", ["window:W99", "window", "staff", "", "window:", "hall:W01"])
def test_there_is_no_other_board(town: World, name: str) -> None:
    with pytest.raises(Unknown):
        board(town, name)
