"""What staff pages read: lines and windows at a glance, the clerk's table, the manager's decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from hall.desk import calls, plans, posts
from hall.store import decisions, overview, read, worktable
from hall.store.moment import Moment
from hall.store.tables import JournalRow, Lease
from tests.builders import MANAGER, World, clerk_actor, make_hall
from tests.plans import plan_with_flip

MOST_QUERIES = 8  # of any one reading, however large the hall


@pytest.fixture
def town(database_url: str) -> Iterator[World]:
    world = make_hall(database_url)
    yield world
    world.db.close()


def moment_of(town: World, session: object) -> Moment:
    hall = read.hall(session, town.hall)  # type: ignore[arg-type]  # a session of look()
    return Moment(session, hall, hall.pace.at(town.clock.real()))  # type: ignore[arg-type]  # the same


def at_a_glance(town: World) -> tuple[list[overview.Row], list[overview.Row]]:
    with town.db.look() as session:
        moment = moment_of(town, session)
        return overview.lines(moment, overview.services(moment)), overview.windows(moment)


def test_a_line_tells_its_length_and_its_longest_wait(town: World) -> None:
    town.issue("social")
    town.clock.forward(minutes=7)
    town.issue("social", priority=True)
    town.sign_in()
    social, estate = at_a_glance(town)[0]
    assert (social["waiting"], social["priority"], social["oldest_s"], social["offered"]) == (2, 1, 420, 1)
    assert social["low_s"] < social["high_s"]
    assert (estate["waiting"], estate["oldest_s"]) == (0, None)


def test_a_window_tells_its_clerk_and_the_ticket_in_hand(town: World) -> None:
    town.issue("social")
    town.sign_in()
    town.call()
    town.clock.forward(seconds=90)
    first, second, _ = at_a_glance(town)[1]
    assert (first["clerk_name"], first["state"], first["ticket"]["number"]) == ("c1", "open", "A001")
    assert first["ticket"]["since_s"] == 90
    assert (second["clerk"], second["ticket"], second["pin"], second["next"]) == (None, None, None, None)


def test_the_hall_in_one_line_names_the_line_that_is_worst_against_its_promise(town: World) -> None:
    town.issue("estate")
    town.clock.forward(minutes=20)
    town.issue("social")
    found = overview.how_it_is(*at_a_glance(town))
    assert (found["waiting"], found["worst"]["id"], [line["id"] for line in found["late"]]) == (
        2,
        "estate",
        ["estate"],
    )


def test_an_empty_hall_has_no_worst_line(town: World) -> None:
    found = overview.how_it_is(*at_a_glance(town))
    assert (found["waiting"], found["worst"], found["open"]) == (0, None, 0)


def test_the_clerks_table_shows_why_and_who_was_set_aside(town: World) -> None:
    held, called = town.issue("social"), town.issue("social", priority=True)
    town.sign_in()
    town.call()
    town.do(lambda c: calls.pass_over(c, called.id), clerk_actor("c1"))
    town.call()
    town.do(lambda c: calls.hold(c, held.id, "papers"), clerk_actor("c1"))
    town.issue("estate", priority=True)
    town.call()
    with town.db.look() as session:
        moment = moment_of(town, session)
        found = worktable.at(moment, "W01", "c1", overview.services(moment))
    assert (found["ticket"]["number"], found["ticket"]["why"]) == ("B001", "priority")
    assert [(row["number"], row["state"], row["reason"]) for row in found["aside"]] == [
        ("A001", "held", "papers"),
        ("A002", "passed", None),
    ]
    assert [line["id"] for line in found["lines"]] == ["social", "estate"]
    assert found["break"] == {"start_s": 41400, "length_s": 3600}


def test_windows_to_choose_from_say_where_plan_and_roster_want_the_clerk(town: World) -> None:
    town.sign_in("c2", "W02")
    town.do(lambda c: plans.pin(c, "W03", [], town.clock.real() + timedelta(hours=1)), MANAGER)
    with town.db.look() as session:
        places = worktable.places_for(moment_of(town, session), "c1")
        assert worktable.window_of(moment_of(town, session), "c2") == "W02"
    assert [(p["id"], p["free"], p["wish"]) for p in places] == [
        ("W01", True, "home"),
        ("W02", False, None),
        ("W03", False, None),
    ]


def test_a_proposed_flip_carries_the_plans_own_words(town: World) -> None:
    with town.db.look() as session:
        assert decisions.proposed(moment_of(town, session)) is None
    town.do(lambda c: plans.propose(c, plan_with_flip("W02", ["estate"], ["social"], at_s=37800)))
    with town.db.look() as session:
        found = decisions.proposed(moment_of(town, session))
    assert found is not None
    flip = found["flips"][0]
    assert (flip["window"], flip["gain_s"], flip["givers"]) == ("W02", 5400, ["estate"])
    assert set(flip["reason"]) == {"zh", "en"}


def test_what_was_approved_can_be_taken_back_and_is_remembered(town: World) -> None:
    row = town.do(lambda c: plans.propose(c, plan_with_flip("W02", ["estate"], ["social"], at_s=37800)))
    town.do(lambda c: plans.approve(c, row.id), MANAGER)
    with town.db.look() as session:
        moment = moment_of(town, session)
        assert [(f["plan"], f["window"], f["state"]) for f in decisions.standing(moment)] == [
            (row.id, "W02", "approved")
        ]
        assert overview.windows(moment)[1]["next"]["mode"] == ["social"]
        assert [(d["kind"], d["who"]) for d in decisions.recent(moment)] == [("plan.decided", "manager-1")]
    town.do(lambda c: plans.undo(c, row.id), MANAGER)
    with town.db.look() as session:
        assert decisions.standing(moment_of(town, session)) == []


def test_why_a_plan_was_refused_is_remembered_on_its_flip_and_not_in_the_journal(town: World) -> None:
    row = town.do(lambda c: plans.propose(c, plan_with_flip("W02", ["estate"], ["social"], at_s=37800)))
    town.do(lambda c: plans.refuse(c, row.id, "Li Na is in training"), MANAGER)
    with town.db.look() as session:
        assert decisions.recent(moment_of(town, session))[0]["reason"] == "Li Na is in training"
        assert not any("Li Na" in str(payload) for payload in session.scalars(select(JournalRow.payload)))


def test_an_absent_clerk_and_one_at_a_window_are_told_apart(town: World) -> None:
    town.sign_in("c1", "W02")
    town.do(lambda c: posts.mark_absent(c, "c3"), MANAGER)
    with town.db.look() as session:
        rows = overview.clerks(moment_of(town, session))
    assert [(r["id"], r["window"], r["absent"]) for r in rows] == [
        ("c2", None, False),
        ("c3", None, True),
        ("c1", "2", False),
    ]


def test_a_silent_worker_is_told_with_its_seconds(town: World) -> None:
    real = datetime(2026, 3, 2, 4, tzinfo=UTC)
    with town.db.look() as session:
        assert overview.worker(moment_of(town, session), real)["silent_s"] is None
    with town.db.change() as session:
        session.add(
            Lease(hall_id=town.hall, role="worker", holder="w", until=real, state={"status": "optimal"})
        )
    with town.db.look() as session:
        moment = moment_of(town, session)
        assert overview.worker(moment, real - timedelta(seconds=5))["alive"] is True
        assert overview.worker(moment, real + timedelta(seconds=180)) == {
            "alive": False,
            "silent_s": 180,
            "state": {"status": "optimal"},
        }


def test_no_reading_grows_its_queries_with_the_hall(database_url: str) -> None:
    town = make_hall(database_url, windows=12)
    for index in range(6):
        town.issue("social")
        town.sign_in(f"c{index + 1}", f"W{index + 1:02d}")
        town.call(f"c{index + 1}", f"W{index + 1:02d}")
    with town.db.look() as session:
        asked: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))
        moment = moment_of(town, session)
        known = overview.services(moment)
        asked.clear()
        overview.windows(moment)
        overview.lines(moment, known)
        assert len(asked) <= MOST_QUERIES
    town.db.close()
