"""The worker looks at the days that can be booked: quotas and waits, an hour's worth at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hall.core.days import DAY_S
from hall.core.errors import SlotClosed
from hall.desk import bookings, calendar
from hall.desk.calendar import Wanted
from hall.store import history, quieter, read, slots
from hall.store.moment import Moment
from hall.store.slots import Ahead
from hall.store.tables import Service
from scheduler.worker.round import HallRound
from scheduler.worker.solver import Solver
from tests.builders import KIOSK, MANAGER, MONDAY, NINE, World, make_hall

DAYS = 8  # today and the seven that can be booked
OPEN_S, CLOSE_S, SLOT_S = 30600, 63000, 900
PEAK = (OPEN_S + 3600, OPEN_S + 3 * 3600)


@pytest.fixture(scope="module")
def solver() -> Iterator[Solver]:
    found = Solver()
    yield found
    found.close()


@pytest.fixture
def town(database_url: str) -> World:
    """Six weeks of mornings with a peak, for three windows."""
    town = make_hall(database_url)
    days = [MONDAY - timedelta(days=n) for n in range(1, 43) if (MONDAY - timedelta(days=n)).weekday() < 5]
    with town.db.change() as session:
        rows = [
            (service, day, second, 3 if PEAK[0] <= second < PEAK[1] else 0)
            for service in ("social", "estate") for day in days for second in range(OPEN_S, CLOSE_S, SLOT_S)
        ]  # fmt: skip
        history.add_generated(session, town.hall, rows)
    return town


def ahead(town: World) -> list[Ahead]:
    with town.db.look() as session:
        return slots.ahead(session, town.hall)


def version(town: World) -> int:
    with town.db.look() as session:
        return read.hall(session, town.hall).version


def test_each_bookable_day_gets_quotas_few_at_the_peak_and_more_when_it_is_quiet(
    town: World, solver: Solver
) -> None:
    one = HallRound(town.db, town.clock, town.hall, solver)
    assert sum(one.look_ahead() for _ in range(DAYS + 2)) == 6, "five days to come and today; not the weekend"
    rows = [row for row in ahead(town) if row.day == MONDAY + timedelta(days=1) and row.service == "social"]
    peak = [row for row in rows if PEAK[0] <= row.slot_s < PEAK[1]]
    quiet = [row for row in rows if row.slot_s >= PEAK[1] + 3600]
    assert max(row.quota for row in peak) <= 1
    assert min(row.quota for row in quiet) >= 2
    assert max(row.wait_s for row in peak) > max(row.wait_s for row in quiet)
    assert all(0 <= row.slot_s < DAY_S and row.wait_s % 60 == 0 for row in rows)


def test_what_the_halls_own_calendar_shuts_is_no_quiet_time(town: World, solver: Solver) -> None:
    """Zero expected there read as the quietest time of all, with every place free."""
    tuesday, wednesday = (MONDAY + timedelta(days=n) for n in (1, 2))
    noon_s = OPEN_S + 2 * 3600
    town.do(lambda c: calendar.add(c, Wanted(tuesday, tuesday, "half", OPEN_S, noon_s)), MANAGER)
    one = HallRound(town.db, town.clock, town.hall, solver)
    for _ in range(DAYS + 2):
        one.look_ahead()
    assert {row.slot_s < noon_s for row in ahead(town) if row.day == tuesday} == {True}
    assert any(row.day == wednesday for row in ahead(town))
    town.do(lambda c: calendar.add(c, Wanted(wednesday, wednesday, "holiday")), MANAGER)
    with town.db.look() as session:
        told = quieter.told(Moment(session, read.hall(session, town.hall), town.clock.real()), "social")
        hall, service = read.hall(session, town.hall), read.service(session, town.hall, "social")
        offered = [slots.on(session, hall, service, day, town.clock.real()) for day in (tuesday, wednesday)]
    assert not [one for one in told["services"][0]["ahead"] if one["at"].startswith(wednesday.isoformat())]
    assert offered[1] == [] and len(offered[0]) == 4


def test_bookings_in_what_is_shut_afterwards_are_not_forgotten(town: World) -> None:
    tuesday = MONDAY + timedelta(days=1)
    at = NINE + timedelta(days=1)
    town.do(lambda c: bookings.book(c, "social", at), KIOSK)
    town.do(lambda c: calendar.add(c, Wanted(tuesday, tuesday, "holiday")), MANAGER)
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        assert slots.stranded(session, hall, MONDAY, MONDAY + timedelta(days=7)) == [(tuesday, 1)]
        assert slots.stranded(session, hall, MONDAY, MONDAY) == []
    with pytest.raises(SlotClosed):
        town.do(lambda c: bookings.book(c, "social", at), KIOSK)


def test_more_bookings_than_a_slot_can_serve_leave_fewer_places_in_the_next(
    town: World, solver: Solver
) -> None:
    """Made while the service's own number held; they come, whatever is expected of the slot since."""
    tuesday, two_s = MONDAY + timedelta(days=1), 14 * 3600
    with town.db.change() as session:
        session.get_one(Service, (town.hall, "social")).quota = 40

    def looked() -> dict[int, int]:
        one = HallRound(town.db, town.clock, town.hall, solver)
        for _ in range(DAYS):
            one.look_ahead()
        return {row.slot_s: row.quota for row in ahead(town) if (row.day, row.service) == (tuesday, "social")}

    before = looked()
    for _ in range(40):
        town.do(lambda c: bookings.book(c, "social", NINE + timedelta(days=1, hours=5)), KIOSK)
    after = looked()
    assert after[two_s + 1800] < before[two_s + 1800]
    assert after[OPEN_S] == before[OPEN_S]


def test_within_the_hour_nothing_is_looked_at_again_and_the_same_is_not_written_twice(
    town: World, solver: Solver
) -> None:
    one = HallRound(town.db, town.clock, town.hall, solver)
    for _ in range(DAYS):
        one.look_ahead()
    before = version(town)
    assert not any(one.look_ahead() for _ in range(3))
    town.clock.forward(hours=1)
    later = [one.look_ahead() for _ in range(DAYS)]
    assert later[1:] == [False] * (DAYS - 1), "days to come are as they were"
    assert version(town) == before + later[0]


def test_before_the_day_has_rolled_over_nothing_is_looked_at(town: World, solver: Solver) -> None:
    town.clock.forward(days=1)
    assert not HallRound(town.db, town.clock, town.hall, solver).look_ahead()
    assert ahead(town) == []
