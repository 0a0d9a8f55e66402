"""Clerks at windows: who may sit where, in which mode, and what a break does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hall.core.errors import (
    Forbidden,
    Invalid,
    NotAble,
    NotYourWindow,
    SignedInElsewhere,
    StillServing,
    Unknown,
    WindowClosed,
    WindowTaken,
)
from hall.core.people import WORKER
from hall.desk import calls, plans, posts
from hall.store import read
from hall.store.tables import Skill, Window
from tests.builders import KIOSK, MANAGER, World, clerk_actor, make_hall
from tests.plans import plan_with_flip

THREE = {"social": "social", "estate": "estate", "fund": "fund"}


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url, services=THREE)


def window(town: World, name: str = "W01") -> Window:
    with town.db.look() as session:
        return read.window(session, town.hall, name)


def without_skill(town: World, clerk: str, service: str) -> None:
    with town.db.change() as session:
        session.delete(session.get_one(Skill, (town.hall, clerk, service)))


def test_a_first_mode_keeps_to_the_number_of_families(town: World) -> None:
    assert town.sign_in().mode == ["estate", "social"], "two families, in the order of the services"


def test_a_first_mode_follows_the_plan(town: World) -> None:
    plan = plan_with_flip("W01", ["fund"], ["fund"], at_s=9 * 3600 + 600)
    town.do(lambda c: plans.propose(c, plan), WORKER)
    assert town.sign_in().mode == ["fund"]


def test_a_window_keeps_its_mode_and_is_narrowed_to_who_sits_down(town: World) -> None:
    town.sign_in("c1")
    town.do(lambda c: posts.sign_out(c, "W01"), clerk_actor("c1"))
    without_skill(town, "c2", "estate")
    signed_in = town.sign_in("c2", "W01")
    assert (signed_in.mode, signed_in.flips_today, signed_in.state) == (["social"], 0, "open")


def test_nobody_sits_where_they_may_serve_nothing(town: World) -> None:
    for service in THREE:
        without_skill(town, "c1", service)
    with pytest.raises(NotAble):
        town.sign_in()
    assert window(town).state == "closed"


def test_one_clerk_one_window(town: World) -> None:
    town.sign_in("c1", "W01")
    with pytest.raises(SignedInElsewhere):
        town.sign_in("c1", "W02")
    with pytest.raises(WindowTaken):
        town.sign_in("c2", "W01")


def test_a_window_pinned_shut_opens_for_nobody(town: World) -> None:
    town.do(lambda c: plans.pin(c, "W01", [], c.now + timedelta(hours=1)), MANAGER)
    with pytest.raises(WindowClosed):
        town.sign_in()


def test_only_clerks_sign_in(town: World) -> None:
    with pytest.raises(Forbidden):
        town.do(lambda c: posts.sign_in(c, "W01"), KIOSK)


def test_an_unknown_window_is_unknown(town: World) -> None:
    with pytest.raises(Unknown):
        town.sign_in("c1", "W99")


def test_a_pause_needs_a_reason_the_hall_knows(town: World) -> None:
    town.sign_in()
    with pytest.raises(Invalid) as refusal:
        town.do(lambda c: posts.pause(c, "W01", "bored"), clerk_actor("c1"))
    assert refusal.value.path == "/reason"
    assert window(town).state == "open"


def test_a_paused_window_calls_nobody(town: World) -> None:
    town.issue()
    town.sign_in()
    town.do(lambda c: posts.pause(c, "W01", "papers"), clerk_actor("c1"))
    with pytest.raises(WindowClosed):
        town.call()


def test_nobody_leaves_with_a_visitor_at_the_window(town: World) -> None:
    town.issue()
    town.sign_in()
    town.call()
    for leave in (posts.sign_out, lambda c, w: posts.pause(c, w, "break")):
        with pytest.raises(StillServing):
            town.do(lambda c, verb=leave: verb(c, "W01"), clerk_actor("c1"))


def test_a_manager_may_close_a_forgotten_window(town: World) -> None:
    town.sign_in()
    with pytest.raises(NotYourWindow):
        town.do(lambda c: posts.sign_out(c, "W01"), clerk_actor("c2"))
    assert town.do(lambda c: posts.sign_out(c, "W01"), MANAGER).state == "closed"


def test_who_was_sent_to_a_window_that_closes_is_called_elsewhere(town: World) -> None:
    sent = town.issue("social").id
    town.sign_in("c1", "W01")
    town.sign_in("c2", "W02")
    town.call()
    town.do(lambda c: calls.transfer(c, sent, to_window="W02"), clerk_actor("c1"))
    assert town.call("c1", "W01") is None, "meant for window 2"
    town.do(lambda c: posts.sign_out(c, "W02"), clerk_actor("c2"))
    again = town.call("c1", "W01")
    assert again is not None and again.ticket == sent


def test_absence_is_said_and_taken_back(town: World) -> None:
    for absent in (True, False):
        row = town.do(lambda c, a=absent: posts.mark_absent(c, "c3", a), MANAGER)
        assert row.absent is absent
