"""A worker's round over a hall: plans when due, flips that come where nobody presses, days counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hall.core.days import wall_s
from hall.core.people import WORKER
from hall.desk import plans
from hall.store import history, leases, read
from hall.store.tables import Lease, Plan, Shift
from scheduler import fallback
from scheduler.snapshot import Snapshot
from scheduler.worker.round import LINE_UP_DEADLINE_MS, ROLE, HallRound
from scheduler.worker.solver import Solved, Solver
from tests.builders import MANAGER, ZONE, World, make_hall
from tests.plans import plan_with_flip


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    found = Solver()
    yield found
    found.close()


@pytest.fixture
def town(database_url: str) -> World:
    town = make_hall(database_url)
    with town.db.change() as session:
        leases.claim(session, town.hall, ROLE, "test", town.clock.real())
    return town


def round_of(town: World, solver: Solver) -> HallRound:
    return HallRound(town.db, town.clock, town.hall, solver)


def planned(town: World) -> list[Plan]:
    with town.db.look() as session:
        return list(session.scalars(select(Plan).where(Plan.hall_id == town.hall).order_by(Plan.version)))


def told(town: World) -> dict[str, Any]:
    with town.db.look() as session:
        lease = leases.held(session, town.hall, ROLE, town.clock.real())
    assert lease is not None
    return lease.state


def test_a_hall_at_work_gets_its_first_plan_and_the_dashboard_hears(town: World, solver: Solver) -> None:
    town.sign_in()
    assert round_of(town, solver).plan_if_due() == "start"
    (plan,) = planned(town)
    assert plan.plan["status"] in ("optimal", "feasible")
    assert told(town) | {"plan": plan.id, "why": "start", "trouble": None, "mix": {}} == told(town)


def test_the_worker_says_why_each_other_window_stays(town: World, solver: Solver) -> None:
    town.sign_in()
    round_of(town, solver).plan_if_due()
    (plan,) = planned(town)
    flipping = {flip["window"] for flip in plan.plan["flips"]}
    stays = told(town)["stays"]
    assert {"W01", "W02", "W03"} - flipping <= stays.keys()
    assert not flipping & stays.keys()
    assert all(reason["zh"] and reason["en"] for reason in stays.values())


def test_a_quiet_hall_is_planned_again_when_the_interval_is_over(town: World, solver: Solver) -> None:
    town.sign_in()
    one = round_of(town, solver)
    one.plan_if_due()
    assert one.plan_if_due() is None
    town.clock.forward(minutes=5)
    assert one.plan_if_due() == "interval"


class Patient(Solver):
    """Remembers how long each plan was allowed to take, and plans at once."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed_ms: list[int] = []

    def plan(self, snapshot: dict[str, Any], *, with_stays: bool = False) -> Solved:
        self.allowed_ms.append(snapshot["deadline_ms"])
        return Solved(fallback.plan(Snapshot.from_json(snapshot)).to_json(), {}, None)


def test_who_begins_soon_after_opening_gets_a_line_up_and_nobody_later(town: World) -> None:
    patient = Patient()
    one = HallRound(town.db, town.clock, town.hall, patient)
    begin_shift(town, "c3", opening_s(town) + 600)
    town.clock.forward(seconds=opening_s(town) + 300 - wall_s(town.clock.real(), ZONE))
    for minutes in (0, 3, 6, 6, 20):  # 5, 8, 14, 20 and 40 after opening
        town.clock.forward(minutes=minutes)
        one.watch.wanted = "test"
        one.plan_if_due()
    short = town_deadline_ms(town)
    assert patient.allowed_ms == [LINE_UP_DEADLINE_MS, short, LINE_UP_DEADLINE_MS, short, short]
    assert short < LINE_UP_DEADLINE_MS


def test_a_day_with_another_mix_gets_the_time_of_a_line_up_when_it_is_reviewed(town: World) -> None:
    """By ten everybody has come for one service, where half had been foretold for the other."""
    with town.db.change() as session:
        slots = range(opening_s(town), opening_s(town) + 9 * 3600, 900)
        past = [town.clock.real().date() - timedelta(days=n) for n in range(1, 57)]
        rows = [(n, d, s, 6) for d in past if d.weekday() < 5 for s in slots for n in ("social", "estate")]
        history.add_generated(session, town.hall, rows)
    patient = Patient()
    one = HallRound(town.db, town.clock, town.hall, patient)
    town.sign_in()
    town.clock.forward(seconds=opening_s(town) + 2700 - wall_s(town.clock.real(), ZONE))
    for _ in range(80):
        town.issue("social")
    for minutes in (0, 40, 5, 5):  # 45, 85, 90 and 95 after opening
        town.clock.forward(minutes=minutes)
        one.watch.wanted = "test"
        one.plan_if_due()
    short = town_deadline_ms(town)
    assert patient.allowed_ms == [short, short, LINE_UP_DEADLINE_MS, short]
    with town.db.look() as session:
        mix = session.get_one(Lease, (town.hall, ROLE)).state["mix"]
    assert mix["social"] > 1.3 and mix["estate"] < 0.7


def begin_shift(town: World, clerk: str, start_s: int) -> None:
    with town.db.change() as session:
        for shift in session.scalars(select(Shift).where(Shift.hall_id == town.hall)):
            if shift.clerk_id == clerk:
                shift.start_s = start_s


def opening_s(town: World) -> int:
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        return hall.settings.hours_on(hall.day)[0][0]


def town_deadline_ms(town: World) -> int:
    with town.db.look() as session:
        return read.hall(session, town.hall).settings.plan.deadline_ms


def test_a_sign_out_wants_a_plan_at_once(town: World, solver: Solver) -> None:
    town.sign_in()
    one = round_of(town, solver)
    one.plan_if_due()
    town.do(lambda c: plans.pin(c, "W02", [], c.now + timedelta(hours=1)), MANAGER)
    town.clock.forward(seconds=40)
    assert one.plan_if_due() == "pin.changed"


def test_at_night_nobody_plans(town: World, solver: Solver) -> None:
    town.clock.forward(hours=12)
    assert round_of(town, solver).plan_if_due() is None
    assert planned(town) == []


def test_a_flip_comes_at_an_idle_window_where_nobody_presses(town: World, solver: Solver) -> None:
    town.do(lambda c: plans.pin(c, "W01", ["social"], c.now + timedelta(minutes=1)), MANAGER)
    town.sign_in()
    plan = town.do(
        lambda c: plans.propose(c, plan_with_flip("W01", ["social"], ["estate"], at_s=9 * 3600 + 600)), WORKER
    )
    town.do(lambda c: plans.approve(c, plan.id), MANAGER)
    town.clock.forward(minutes=11)
    round_of(town, solver).keep_time()
    with town.db.look() as session:
        assert read.window(session, town.hall, "W01").mode == ["estate"]


def test_an_idle_beat_takes_no_version(town: World, solver: Solver) -> None:
    with town.db.look() as session:
        before = read.hall(session, town.hall).version
    round_of(town, solver).keep_time()
    with town.db.look() as session:
        assert read.hall(session, town.hall).version == before


def test_a_finished_day_is_counted_once(town: World, solver: Solver) -> None:
    for _ in range(3):
        town.issue()
    town.clock.forward(days=1)
    one = round_of(town, solver)
    one.keep_time()
    for _ in range(2):
        one.roll_up()
    with town.db.look() as session:
        counts = history.counts(session, town.hall, read.hall(session, town.hall).day)
    assert sum(count for _, _, _, count in counts) == 3
    assert len(counts) == 2 * 36, "zeros are counted too"
