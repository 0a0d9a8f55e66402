"""What the worker expects: the forecast of the hall's own history, with the days that are known to differ."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hall.core.calendar import Calendar
from hall.store import history, read
from hall.store.tables import CalendarDay, Hall
from scheduler.worker.demand import Demand
from tests.builders import MONDAY, World, make_hall

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
            session, town.hall, [("social", d, s, USUAL) for d in past if d.weekday() < 5 for s in slots]
        )
    return town


def expected(town: World, day: date) -> float:
    with town.db.look() as session:
        return sum(Demand().on(session, read.hall(session, town.hall), day)["social"])


def test_an_event_of_the_halls_own_calendar_multiplies_its_day(town: World) -> None:
    usual = expected(town, EVENT)
    with town.db.change() as session:
        session.add(CalendarDay(hall_id=town.hall, day=EVENT, kind="event", factor=2.0, source="manager"))
    assert usual > 100
    assert expected(town, EVENT) == pytest.approx(2 * usual, rel=0.01)


def known(town: World) -> Calendar:
    with town.db.look() as session:
        return Demand().calendar(session, read.hall(session, town.hall))


def test_published_holidays_are_known_where_the_zone_is_chinas(town: World) -> None:
    assert known(town).is_shut(LABOUR_DAY)
    with town.db.change() as session:
        session.get_one(Hall, town.hall).zone = "Europe/Warsaw"
    assert not known(town).is_shut(LABOUR_DAY)


def test_the_halls_own_calendar_wins_over_the_published_one(town: World) -> None:
    with town.db.change() as session:
        session.add(
            CalendarDay(hall_id=town.hall, day=LABOUR_DAY, kind="workday", factor=None, source="manager")
        )
    assert known(town).is_called_in(LABOUR_DAY) and not known(town).is_shut(LABOUR_DAY)
