"""From the kiosk's press to the window: issuing, calling and what follows a call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hall.core.errors import HallClosed, NotAble, NotYourWindow, StillServing, WindowClosed
from hall.core.people import Actor
from hall.desk import calls, plans, posts, visits
from hall.store import journal, read
from tests.builders import KIOSK, MANAGER, World, clerk_actor, make_hall


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url)


def state(town: World, ticket: str) -> str:
    with town.db.look() as session:
        return read.ticket(session, town.hall, ticket).state


def test_numbers_count_up_per_prefix(town: World) -> None:
    assert [town.issue("social").number for _ in range(2)] == ["A001", "A002"]
    assert town.issue("estate").number == "B001"


def test_next_gives_the_longest_waiting(town: World) -> None:
    first = town.issue("social")
    town.issue("estate")
    town.sign_in()
    called = town.call()
    assert called is not None
    assert (called.ticket, called.why) == (first.id, "order")


def test_next_with_a_case_in_hand_is_refused_unless_it_is_finished(town: World) -> None:
    first, second = town.issue(), town.issue()
    town.sign_in()
    town.call()
    with pytest.raises(StillServing):
        town.call()
    called = town.call(finish=True)
    assert called is not None
    assert called.ticket == second.id
    assert state(town, first.id) == "done"


def test_next_on_an_empty_line_changes_nothing(town: World) -> None:
    town.sign_in()
    with town.db.look() as session:
        before = read.hall(session, town.hall).version
    assert town.call() is None
    with town.db.look() as session:
        assert read.hall(session, town.hall).version == before


def test_passed_ticket_returns_once(town: World) -> None:
    ticket = town.issue()
    town.sign_in()
    clerk = clerk_actor("c1")
    town.call()
    town.do(lambda c: calls.pass_over(c, ticket.id), clerk)
    town.do(lambda c: visits.reactivate(c, ticket.id), KIOSK)
    town.call()
    town.do(lambda c: calls.pass_over(c, ticket.id), clerk)
    assert state(town, ticket.id) == "no_show"


def test_passed_ticket_stands_behind_three(town: World) -> None:
    ticket = town.issue()
    town.sign_in()
    town.call()
    town.do(lambda c: calls.pass_over(c, ticket.id), clerk_actor("c1"))
    others = []
    for _ in range(4):
        town.clock.forward(minutes=1)
        others.append(town.issue().id)
    town.do(lambda c: visits.reactivate(c, ticket.id), KIOSK)
    order = []
    for _ in range(5):
        town.clock.forward(minutes=1)
        order.append(town.call(finish=True).ticket)  # type: ignore[union-attr]  # five wait
    assert order == [*others[:3], ticket.id, others[3]]


def test_return_from_hold_is_ahead_of_new_arrivals(town: World) -> None:
    ticket = town.issue()
    town.sign_in()
    town.call()
    town.do(lambda c: calls.hold(c, ticket.id, "papers"), clerk_actor("c1"))
    town.clock.forward(minutes=5)
    town.issue()
    town.do(lambda c: calls.return_(c, ticket.id), clerk_actor("c1"))
    called = town.call()
    assert called is not None
    assert (called.ticket, called.why) == (ticket.id, "returned")


@pytest.mark.parametrize(("keep", "first"), [(True, "moved"), (False, "waiting")])
def test_transfer_keeps_the_place_or_goes_to_the_tail(town: World, keep: bool, first: str) -> None:
    moved = town.issue("social")
    town.sign_in()
    town.call()
    town.clock.forward(minutes=5)
    waiting = town.issue("estate")
    town.clock.forward(minutes=1)
    town.do(lambda c: calls.transfer(c, moved.id, to_service="estate", keep=keep), clerk_actor("c1"))
    called = town.call()
    assert called is not None
    assert called.ticket == {"moved": moved.id, "waiting": waiting.id}[first]
    assert called.number == {"moved": "A001", "waiting": "B001"}[first]


@pytest.mark.parametrize("narrow", [False, True])
def test_nobody_is_sent_to_a_window_that_would_not_call_them(town: World, narrow: bool) -> None:
    ticket = town.issue("social")
    if narrow:
        town.do(lambda c: plans.pin(c, "W02", ["estate"], c.now + timedelta(hours=1)), MANAGER)
        town.sign_in("c2", "W02")
    town.sign_in()
    town.call()
    with pytest.raises(NotAble, match="not in its mode" if narrow else "nobody sits there"):
        town.do(lambda c: calls.transfer(c, ticket.id, to_window="W02"), clerk_actor("c1"))
    assert state(town, ticket.id) == "called", "the visitor is still at the window"


def test_a_ticket_at_another_window_is_not_a_clerks_to_cancel(town: World) -> None:
    ticket = town.issue()
    town.sign_in()
    town.sign_in("c2", "W02")
    town.call()
    with pytest.raises(NotYourWindow):
        town.do(lambda c: visits.cancel(c, ticket.id), clerk_actor("c2"))
    assert state(town, ticket.id) == "called"
    town.do(lambda c: visits.cancel(c, ticket.id), clerk_actor("c1"))
    assert state(town, ticket.id) == "cancelled"


def test_another_clerks_window_is_refused(town: World) -> None:
    town.sign_in("c1", "W01")
    with pytest.raises(NotYourWindow):
        town.call("c2", "W01")


def test_a_closed_window_calls_nobody(town: World) -> None:
    town.issue()
    with pytest.raises(WindowClosed):
        town.call()


def test_after_closing_no_tickets_but_those_inside_are_served(town: World) -> None:
    town.issue()
    town.sign_in()
    town.clock.forward(hours=9)
    with pytest.raises(HallClosed):
        town.issue()
    assert town.call() is not None


def test_a_new_day_expires_what_was_left_and_starts_at_one(town: World) -> None:
    left = town.issue()
    town.sign_in()
    town.clock.forward(days=1)
    assert town.issue().number == "A001"
    with town.db.look() as session:
        row = read.ticket(session, town.hall, left.id)
        assert (row.state, row.reason) == ("expired", "waiting")
        assert read.window(session, town.hall, "W01").state == "closed"
        assert journal.verify(session, town.hall) is None


def test_no_ordinary_ticket_is_overtaken_beyond_the_bound(town: World) -> None:
    ordinary = town.issue()
    for _ in range(6):
        town.clock.forward(seconds=1)
        town.issue(priority=True)
    town.sign_in()
    order = [town.call(finish=True).ticket for _ in range(7)]  # type: ignore[union-attr]  # seven wait
    assert order.index(ordinary.id) == 3


def test_same_request_twice_gives_the_same_answer(town: World) -> None:
    def issue(change: journal.Change) -> dict[str, str]:
        return {"number": visits.issue(change, "social").number}

    first = town.told(issue, KIOSK, "press-1", "social")
    second = town.told(issue, KIOSK, "press-1", "social")
    assert (first.answer, first.again, second.answer, second.again) == (
        first.answer,
        False,
        first.answer,
        True,
    )
    with town.db.look() as session:
        assert journal.verify(session, town.hall) is None


def test_pause_for_a_break_ends_when_the_roster_says(town: World) -> None:
    town.sign_in()
    actor: Actor = clerk_actor("c1")
    window = town.do(lambda c: posts.pause(c, "W01", "break"), actor)
    assert (window.state_until - town.clock.at).total_seconds() == 3600
    assert town.do(lambda c: posts.resume(c, "W01"), actor).state == "open"
