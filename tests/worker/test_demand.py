"""What the worker expects: the forecast of the hall's own history, with the days that are known to differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from hall.core.calendar import Calendar
from hall.core.names import ServiceId
from hall.desk import calendar
from hall.desk.calendar import Wanted
from hall.store import history, read
from hall.store.db import Session
from hall.store.tables import Hall
from scheduler import forecast
from scheduler.draft.evidence import evidence
from scheduler.draft.outlook import outlook
from scheduler.snapshot import Snapshot
from scheduler.worker.demand import Demand, known
from tests.builders import MANAGER, MONDAY, NINE, World, make_hall

USUAL = 4  # walk-ins in each slot of every weekday
EVENT = MONDAY + timedelta(days=2)
LABOUR_DAY = date(2026, 5, 1)  # a Friday


@pytest.fixture
def town(database_url: str) -> World:
    town = make_hall(database_url)
    with town.db.change() as session:
        slots = range(8 * 3600 + 1800, 17 * 3600 + 1800, 900)
        past = [MONDAY - timedelta(days=n) for n in range(1, 57)]
        history.add_generated(
            session,
            town.hall,
            [(n, d, s, USUAL) for d in past if d.weekday() < 5 for s in slots for n in ("social", "estate")],
        )
    return town


def expected(town: World, day: date, service: str = "social") -> float:
    return sum(slots(town, day, service))


def slots(town: World, day: date, service: str = "social") -> Sequence[float]:
    with town.db.look() as session:
        return Demand().on(session, read.hall(session, town.hall), day)[service]


def today(worker: Demand, session: Session, hall: Hall, now: datetime) -> float:
    """Whom the planner is told to expect for one service from opening to closing."""
    seen = worker.snapshot(session, hall, now, 1000)
    assert seen is not None
    return sum(seen["forecast"]["social"])


def say(town: World, wanted: Wanted) -> None:
    town.do(lambda c: calendar.add(c, wanted), MANAGER)


def test_last_years_season_reaches_the_forecast_of_a_hall_with_two_years_behind_it(database_url: str) -> None:
    """Two weeks of three times as many begin on Tuesday, as they did a year ago and the year before."""
    town = make_hall(database_url)
    past = [MONDAY - timedelta(days=n) for n in range(1, 780)]
    rush = {MONDAY - timedelta(weeks=52 * year) + timedelta(days=n) for year in (1, 2) for n in range(1, 15)}
    with town.db.change() as session:
        rows = [
            ("social", day, slot, 3 * USUAL if day in rush else USUAL)
            for day in past if day.weekday() < 5 for slot in range(30600, 63000, 1800)
        ]  # fmt: skip
        history.add_generated(session, town.hall, rows)
    usual = 18 * USUAL
    with town.db.look() as session:
        hall, worker = read.hall(session, town.hall), Demand()
        found = [sum(worker.on(session, hall, MONDAY + timedelta(days=n))["social"]) for n in (1, 7)]
        short = forecast.fit(history.counts(session, town.hall, MONDAY, 400), Calendar())
    assert len({day for day in past if day.weekday() < 5}) > 500
    late = sum(short.day(MONDAY + timedelta(days=7), range(30600, 63000, 1800)).mean("social"))
    assert late < 1.1 * usual, "four hundred days are too few to believe last year"
    assert found[1] > 1.3 * usual


def test_an_event_of_the_halls_own_calendar_multiplies_each_of_its_days(town: World) -> None:
    last = EVENT + timedelta(days=1)
    usual = [expected(town, day) for day in (EVENT, last)]
    say(town, Wanted(EVENT, last, "event", factor=2.0))
    assert min(usual) > 100
    assert [expected(town, day) for day in (EVENT, last)] == pytest.approx([2 * n for n in usual], rel=0.01)


def test_an_event_of_one_service_leaves_the_others_and_other_days_as_they_were(town: World) -> None:
    before = {
        (day, s): expected(town, day, s)
        for day in (EVENT, EVENT + timedelta(days=7))
        for s in ("social", "estate")
    }
    say(town, Wanted(EVENT, EVENT, "event", factor=3.0, services=["estate"]))
    after = {key: expected(town, *key) for key in before}
    assert after.pop((EVENT, "estate")) == pytest.approx(3 * before.pop((EVENT, "estate")), rel=0.01)
    assert after == pytest.approx(before)


def test_a_past_event_is_taken_out_of_what_is_usual(town: World) -> None:
    past = MONDAY - timedelta(days=5)
    usual = expected(town, EVENT)
    say(town, Wanted(past, past, "event", factor=0.5))
    assert expected(town, EVENT) > usual


def test_nobody_is_expected_outside_the_hours_of_a_half_day(town: World) -> None:
    usual = slots(town, EVENT)
    say(town, Wanted(EVENT, EVENT, "half", open_s=10 * 3600, close_s=12 * 3600))
    starts = range(8 * 3600 + 1800, 17 * 3600 + 1800, 900)
    open_ = [10 * 3600 <= start < 12 * 3600 for start in starts]
    assert slots(town, EVENT) == [n if is_open else 0 for n, is_open in zip(usual, open_, strict=True)]


def test_the_morning_of_an_afternoon_alone_tells_nothing_of_it(town: World) -> None:
    say(town, Wanted(MONDAY, MONDAY, "half", open_s=13 * 3600, close_s=17 * 3600))
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        morning = today(Demand(), session, hall, NINE)
        noon = today(Demand(), session, hall, NINE + timedelta(hours=3))
    assert morning == pytest.approx(noon) and morning > 50


def test_a_quiet_morning_is_counted_once(town: World) -> None:
    """Nobody came by noon: the forecast says so, and the planner's own correction must find nothing left."""
    noon = NINE + timedelta(hours=3)
    with town.db.look() as session:
        seen = Demand().snapshot(session, read.hall(session, town.hall), noon, 1000)
    assert seen is not None
    snapshot, rest = Snapshot.from_json(seen), (noon - NINE).seconds // 900 + 2
    expected = sum(seen["forecast"]["social"][rest:])
    look = outlook(snapshot)
    assert expected > 10
    assert look.arrivals[look.row["social"]].sum() == pytest.approx(expected, rel=0.02)


def test_another_mix_shows_although_the_forecast_follows_it(town: World) -> None:
    """Everybody comes for one service, nobody for the other: the snapshot still says what was due."""
    for _ in range(2 * USUAL * 12):
        town.issue("social")
    with town.db.look() as session:
        seen = Demand().snapshot(session, read.hall(session, town.hall), NINE + timedelta(hours=3), 1000)
    assert seen is not None
    snapshot = Snapshot.from_json(seen)
    found, total = evidence(snapshot), sum(snapshot.as_foretold(ServiceId("social")))
    assert found.is_strong
    assert found.factor["social"] > 1.3 and found.factor["estate"] < 0.5
    assert total == pytest.approx(sum(slots(town, MONDAY)), rel=0.001)
    assert sum(snapshot.forecast[ServiceId("social")]) > 1.1 * total


def test_nobody_is_expected_on_a_day_that_the_hall_itself_calls_free(town: World) -> None:
    say(town, Wanted(EVENT, EVENT, "restday"))
    assert expected(town, EVENT) == 0


def test_a_published_day_off_alone_leaves_it_to_the_halls_hours(town: World) -> None:
    with town.db.change() as session:
        session.get_one(Hall, town.hall).day = LABOUR_DAY
    assert expected(town, LABOUR_DAY) > 100


def test_a_worker_at_work_learns_of_a_change_at_its_next_forecast(town: World) -> None:
    worker = Demand()
    with town.db.look() as session:
        usual = today(worker, session, read.hall(session, town.hall), NINE)
    say(town, Wanted(MONDAY, MONDAY, "event", factor=2.0))
    with town.db.look() as session:
        now = today(worker, session, read.hall(session, town.hall), NINE)
    assert now > 1.5 * usual


def calendar_of(town: World) -> Calendar:
    with town.db.look() as session:
        return known(session, read.hall(session, town.hall), MONDAY)[0]


def test_published_holidays_are_known_where_the_zone_is_chinas(town: World) -> None:
    assert calendar_of(town).is_shut(LABOUR_DAY)
    with town.db.change() as session:
        session.get_one(Hall, town.hall).zone = "Europe/Warsaw"
    assert not calendar_of(town).is_shut(LABOUR_DAY)


def test_the_halls_own_calendar_wins_over_the_published_one(town: World) -> None:
    say(town, Wanted(LABOUR_DAY, LABOUR_DAY, "workday"))
    assert calendar_of(town).is_called_in(LABOUR_DAY) and not calendar_of(town).is_shut(LABOUR_DAY)


def test_the_planner_is_told_how_sure_the_forecast_is(database_url: str) -> None:
    town = make_hall(database_url)
    slots = range(8 * 3600 + 1800, 17 * 3600 + 1800, 900)
    past = [MONDAY - timedelta(days=n) for n in range(1, 57)]
    days = [day for day in past if day.weekday() < 5]
    rows = [("social", day, slot, 12 * ((slot // 900 + day.day) % 3 == 0)) for day in days for slot in slots]
    rows += [("estate", day, slot, 4) for day in days for slot in slots]
    with town.db.change() as session:
        history.add_generated(session, town.hall, rows)
    with town.db.look() as session:
        seen = Demand().snapshot(session, read.hall(session, town.hall), NINE, 1000)
    assert seen is not None
    assert seen["dispersion"]["social"] > 3 > 1.1 >= seen["dispersion"]["estate"]
    assert Snapshot.from_json(seen).dispersion == seen["dispersion"]
