"""Plans in a hall: proposed, decided, promised on the sign, applied after the case in hand, undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hall.core.errors import AdviceOnly, FlipNotAllowed, FlipsSpent, Invalid, PlanStale, PlanState, Unknown
from hall.core.events import FlipDropped
from hall.core.hall import PlanMode, Settings
from hall.core.people import WORKER
from hall.desk import plans, posts, visits
from hall.store import journal, read, snapshot
from hall.store.tables import Flip, Pin, Plan, Window
from tests.builders import MANAGER, World, clerk_actor, make_hall, with_line_rules
from tests.plans import plan_with_flip

NINE_S = 9 * 3600
SOON_S = NINE_S + 600


@pytest.fixture
def town(database_url: str) -> World:
    """One clerk at W01, pinned to social for a minute so that there is something to flip."""
    town = make_hall(database_url)
    town.do(lambda c: plans.pin(c, "W01", ["social"], c.now + timedelta(minutes=1)), MANAGER)
    town.sign_in()
    return town


def propose(town: World, at_s: int = SOON_S, to: str = "estate") -> Plan:
    plan = plan_with_flip("W01", ["social"], [to], at_s=at_s)
    return town.do(lambda c: plans.propose(c, plan), WORKER)


def decide(town: World, verb: Any, *asked: Any) -> Any:
    return town.do(lambda c: verb(c, *asked), MANAGER)


def window(town: World, name: str = "W01") -> Window:
    with town.db.look() as session:
        return read.window(session, town.hall, name)


def flip_states(town: World) -> list[str]:
    with town.db.look() as session:
        return list(
            session.scalars(select(Flip.state).where(Flip.hall_id == town.hall).order_by(Flip.version))
        )


def plan_state(town: World, plan: Plan) -> str:
    with town.db.look() as session:
        return read.plan(session, town.hall, plan.id).state


def with_mode(town: World, mode: str) -> None:
    town.do(lambda c: plans.set_plan_mode(c, mode), MANAGER)


def ready(town: World) -> None:
    town.do(lambda c: posts.resume(c, "W01"), clerk_actor("c1"))


def test_of_two_flips_of_one_window_the_first_is_asked_about(town: World) -> None:
    """A plan tells a second agreed flip of a window as well; the hall knows one at a time."""
    plan, later = (
        plan_with_flip("W01", before, to, at_s=at_s)
        for before, to, at_s in (
            (["social"], ["estate"], SOON_S),
            (["estate"], ["social"], SOON_S + 3600),
        )
    )
    plan["flips"] += later["flips"]
    town.do(lambda c: plans.propose(c, plan), WORKER)
    with town.db.look() as session:
        (flip,) = session.scalars(select(Flip).where(Flip.hall_id == town.hall, Flip.state == "proposed"))
    assert flip.mode == ["estate"]


def test_a_proposal_changes_nothing_until_somebody_says_yes(town: World) -> None:
    propose(town)
    town.clock.forward(minutes=15)
    assert town.call() is None
    assert window(town).mode == ["social"]


def test_an_approved_flip_happens_at_its_time_by_the_next_verb(town: World) -> None:
    plan = propose(town)
    decide(town, plans.approve, plan.id)
    assert window(town).mode == ["social"], "not before its time"
    town.clock.forward(minutes=10)
    assert town.call() is None
    assert (window(town).mode, window(town).state) == (["estate"], "setup")
    ready(town)
    estate = town.issue("estate")
    assert town.call().ticket == estate.id  # type: ignore[union-attr]  # somebody waits


def test_a_flip_waits_for_the_case_in_hand(town: World) -> None:
    first, second = town.issue("social"), town.issue("social")
    town.call()
    decide(town, plans.approve, propose(town).id)
    town.clock.forward(minutes=20)
    assert window(town).mode == ["social"]
    assert town.call(finish=True) is None, "the flip begins instead of the next call"
    assert window(town).mode == ["estate"]
    with town.db.look() as session:
        assert read.ticket(session, town.hall, first.id).state == "done"
        waiting = read.ticket(session, town.hall, second.id)
    assert (waiting.state, waiting.number) == ("waiting", "A002"), "who waits keeps number and place"


def test_a_new_plan_replaces_the_proposal_but_never_a_commitment(town: World) -> None:
    old = propose(town)
    decide(town, plans.approve, old.id)
    new = propose(town, at_s=SOON_S + 900)
    assert flip_states(town) == ["approved"], "no second flip for a window that has one promised"
    town.clock.forward(minutes=10)
    town.call()
    assert window(town).mode == ["estate"]
    assert plan_state(town, new) == "in_force"


def test_an_unanswered_proposal_gives_way_to_the_next(town: World) -> None:
    old, new = propose(town), propose(town, at_s=SOON_S + 300)
    assert (plan_state(town, old), plan_state(town, new)) == ("superseded", "proposed")
    with pytest.raises(PlanState):
        decide(town, plans.approve, old.id)


def test_a_dropped_commitment_leaves_the_sign_with_its_reason(town: World) -> None:
    decide(town, plans.approve, propose(town).id)
    plan = plan_with_flip("W01", ["social"], ["social"], at_s=SOON_S) | {
        "dropped": [{"window": "W01", "reason": {"zh": "终端故障", "en": "the terminal is broken"}}]
    }
    town.do(lambda c: plans.propose(c, plan), WORKER)
    assert flip_states(town) == ["dropped"]
    with town.db.look() as session:
        told = [e for _, e in journal.since(session, town.hall, 0, 1000) if isinstance(e, FlipDropped)]
    assert [e.reason for e in told] == [{"zh": "终端故障", "en": "the terminal is broken"}]
    town.clock.forward(minutes=20)
    town.call()
    assert window(town).mode == ["social"]


def test_a_refused_flip_is_told_to_the_scheduler_until_its_time_is_over(town: World) -> None:
    decide(town, plans.refuse, propose(town).id, "we are short of forms")
    assert refused_windows(town) == ["W01"]
    town.clock.forward(seconds=Settings().plan.refused_for_s + 1)
    assert refused_windows(town) == []


def refused_windows(town: World) -> list[str]:
    return [refused["window"] for refused in seen(town)["refused"]]


def seen(town: World) -> dict[str, Any]:
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        forecast = {"social": [1.0] * 36, "estate": [1.0] * 36}
        found = snapshot.build(session, hall, town.clock.at, forecast, 1000)
    assert found is not None
    return found


def test_the_scheduler_is_told_the_lines_bound_on_overtaking(database_url: str) -> None:
    town = make_hall(database_url, settings=with_line_rules(overtake_bound=1))
    assert seen(town)["rules"]["overtake_bound"] == 1


def test_undo_before_the_time_takes_the_promise_back(town: World) -> None:
    plan = propose(town)
    decide(town, plans.approve, plan.id)
    decide(town, plans.undo, plan.id)
    town.clock.forward(minutes=20)
    town.call()
    assert (window(town).mode, plan_state(town, plan)) == (["social"], "undone")


def test_undo_after_it_turns_the_window_back_when_it_is_free(town: World) -> None:
    town.clock.forward(minutes=2)
    plan = propose(town, at_s=NINE_S)
    decide(town, plans.approve, plan.id)
    assert window(town).mode == ["estate"]
    ready(town)
    town.issue("estate")
    town.call()
    decide(town, plans.undo, plan.id)
    assert window(town).mode == ["estate"], "a visitor is there"
    town.call(finish=True)
    assert window(town).mode == ["social"]


def test_undo_of_nothing_is_refused(town: World) -> None:
    with pytest.raises(PlanState):
        decide(town, plans.undo, propose(town).id)


def test_some_of_the_flips(town: World) -> None:
    plan = propose(town)
    with pytest.raises(Unknown):
        decide(town, plans.approve, plan.id, ["W02"])
    decide(town, plans.approve, plan.id, ["W01"])
    assert flip_states(town) == ["approved"]


def test_advice_is_only_shown(town: World) -> None:
    with_mode(town, "advise")
    plan = propose(town)
    with pytest.raises(AdviceOnly):
        decide(town, plans.approve, plan.id)
    assert plan_state(town, plan) == "proposed"


def test_auto_approves_by_itself(town: World) -> None:
    town.clock.forward(minutes=2)
    with_mode(town, "auto")
    propose(town, at_s=NINE_S)
    assert window(town).mode == ["estate"]


def test_auto_leaves_a_window_that_a_manager_just_pinned(town: World) -> None:
    with_mode(town, "auto")
    propose(town, at_s=NINE_S)
    assert (window(town).mode, flip_states(town)) == (["social"], ["proposed"])


@pytest.mark.parametrize(("mode", "state"), [(PlanMode.APPROVE, "in_force"), (PlanMode.ADVISE, "proposed")])
def test_a_plan_without_flips_needs_no_click_but_where_plans_are_advice(
    database_url: str, mode: PlanMode, state: str
) -> None:
    town = make_hall(database_url, settings=replace(Settings(), plan_mode=mode))
    plan = plan_with_flip("W01", ["social"], ["social"], at_s=SOON_S)
    assert town.do(lambda c: plans.propose(c, plan), WORKER).state == state


def test_an_unknown_mode_names_the_field(town: World) -> None:
    with pytest.raises(Invalid) as refusal:
        with_mode(town, "later")
    assert refusal.value.path == "/mode"


def test_a_flip_that_the_clerk_may_not_serve_is_not_approved(town: World) -> None:
    plan = propose(town, to="estate")
    town.clock.forward(seconds=1)
    with town.db.change() as session:
        row = session.get_one(Window, (town.hall, "W01"))
        row.can = ["social"]
    with pytest.raises(FlipNotAllowed):
        decide(town, plans.approve, plan.id)
    assert flip_states(town) == ["proposed"], "none is approved"


def test_a_flip_inside_the_dwell_is_not_approved(database_url: str) -> None:
    """The window flipped after the plan was made: by standby, or by another plan approved just before."""
    rules = replace(Settings().plan, min_dwell_s=1200)
    town = make_hall(database_url, settings=replace(Settings(), plan=rules))
    town.do(lambda c: plans.pin(c, "W01", ["social"], c.now + timedelta(minutes=1)), MANAGER)
    town.sign_in()
    early = propose(town, at_s=NINE_S + 1199)
    with pytest.raises(PlanStale, match="not kept its present mode long enough"):
        decide(town, plans.approve, early.id)
    assert flip_states(town) == ["proposed"]
    decide(town, plans.approve, propose(town, at_s=NINE_S + 1200).id)
    assert flip_states(town) == ["superseded", "approved"]


def test_a_flip_beyond_the_days_number_is_not_approved(database_url: str) -> None:
    rules = replace(Settings().plan, min_dwell_s=0, max_flips_per_window=1)
    town = make_hall(database_url, settings=replace(Settings(), plan=rules))
    town.do(lambda c: plans.pin(c, "W01", ["social"], c.now + timedelta(minutes=1)), MANAGER)
    town.sign_in()
    town.clock.forward(minutes=2)
    decide(town, plans.approve, propose(town, at_s=NINE_S).id)
    assert window(town).mode == ["estate"]
    back = town.do(
        lambda c: plans.propose(c, plan_with_flip("W01", ["estate"], ["social"], at_s=NINE_S)), WORKER
    )
    with pytest.raises(PlanStale, match="as often today as the hall allows"):
        decide(town, plans.approve, back.id)


def test_a_pin_for_which_the_window_has_no_flip_left_today_is_refused(database_url: str) -> None:
    """The planner would never keep it; only “why not this window?” told so."""
    rules = replace(Settings().plan, min_dwell_s=0, max_flips_per_window=1)
    town = make_hall(database_url, settings=replace(Settings(), plan=rules))
    until = town.clock.at + timedelta(hours=1)
    decide(town, plans.pin, "W01", ["social"], until)
    town.sign_in()
    decide(town, plans.pin, "W01", ["estate"], until)
    assert (window(town).mode, window(town).flips_today) == (["estate"], 1)
    with pytest.raises(FlipsSpent, match="changed 1 times today") as refusal:
        decide(town, plans.pin, "W01", ["social"], until)
    assert (refusal.value.path, refusal.value.code) == ("/mode", "flip_not_allowed")
    with town.db.look() as session:
        assert session.get_one(Pin, (town.hall, "W01")).mode == ["estate"], "the pin before stands"
    for mode in (["estate"], []):
        decide(town, plans.pin, "W01", mode, until)
    unused = decide(town, plans.pin, "W02", ["social"], until)
    assert unused.mode == ["social"], "the first mode of a day is no flip"


def test_a_pin_changes_the_mode_at_once_and_holds(town: World) -> None:
    until = town.clock.at + timedelta(hours=1)
    decide(town, plans.pin, "W01", ["estate"], until)
    assert (window(town).mode, window(town).state) == (["estate"], "setup")
    with town.db.look() as session:
        assert session.get_one(Pin, (town.hall, "W01")).mode == ["estate"]
    decide(town, plans.unpin, "W01")
    with pytest.raises(Unknown):
        decide(town, plans.unpin, "W01")


def test_a_pin_ends_what_was_proposed_or_promised(town: World) -> None:
    decide(town, plans.approve, propose(town).id)
    decide(town, plans.pin, "W01", ["social"], town.clock.at + timedelta(hours=1))
    town.clock.forward(minutes=20)
    town.call()
    assert window(town).mode == ["social"]


@pytest.mark.parametrize(
    ("mode", "minutes", "path"), [(["passport"], 60, "/mode/0"), (["estate"], -1, "/until")]
)
def test_a_pin_that_cannot_be_names_the_field(town: World, mode: list[str], minutes: int, path: str) -> None:
    with pytest.raises((Unknown, Invalid)) as refusal:
        decide(town, plans.pin, "W01", mode, town.clock.at + timedelta(minutes=minutes))
    assert refusal.value.path == path
    with town.db.look() as session:
        assert journal.verify(session, town.hall) is None


def test_a_flip_that_has_come_begins_when_the_clerk_pauses(town: World) -> None:
    decide(town, plans.approve, propose(town).id)
    town.clock.forward(minutes=10)
    town.do(lambda c: posts.pause(c, "W01", "papers"), clerk_actor("c1"))
    assert (window(town).mode, window(town).state) == (["estate"], "paused")
    ready(town)
    assert window(town).state == "open"


def test_a_flip_that_has_come_begins_when_the_visitor_gives_up(town: World) -> None:
    ticket = town.issue("social")
    town.call()
    decide(town, plans.approve, propose(town).id)
    town.clock.forward(minutes=10)
    assert window(town).mode == ["social"]
    town.do(lambda c: visits.cancel(c, ticket.id), MANAGER)
    assert (window(town).mode, window(town).state) == (["estate"], "setup")
