"""Bookings: a place in a slot, the ticket at check-in, the line at the booked time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hall.core.errors import BookingOtherDay, BookingState, SlotClosed, SlotFull, SlotShut
from hall.desk import bookings, calendar
from hall.desk.calendar import Wanted
from hall.store import read, slots
from hall.store.tables import Hall
from tests.builders import AT_ONCE, KIOSK, MANAGER, MONDAY, NINE, World, make_hall

TEN = NINE + timedelta(hours=1)


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url, quota=2)


def book(town: World, minutes: int = 60, service: str = "social") -> bookings.Booked:
    return town.do(lambda c: bookings.book(c, service, NINE + timedelta(minutes=minutes)), KIOSK)


def check_in(town: World, booking: bookings.Booked) -> str:
    return town.do(lambda c: bookings.check_in(c, booking.id), KIOSK).id


def free_at_ten(town: World) -> int:
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        service = read.service(session, town.hall, "social")
        found = slots.on(session, hall, service, hall.day, town.clock.at)
    return next(slot.free for slot in found if slot.at == TEN)


def called(town: World) -> tuple[str, str]:
    found = town.call(finish=True)
    assert found is not None
    return found.ticket, found.why


def test_a_booking_takes_a_place_and_says_when_in_the_halls_time(town: World) -> None:
    booked = book(town)
    assert (booked.at, booked.state) == ("2026-03-02T10:00:00+08:00", "booked")
    assert booked.code.isdigit()
    assert free_at_ten(town) == 1


def test_a_full_slot_takes_nobody_and_a_cancelled_place_is_free_again(town: World) -> None:
    first = book(town)
    book(town)
    with pytest.raises(SlotFull):
        book(town)
    town.do(lambda c: bookings.cancel(c, first.id), KIOSK)
    assert book(town).state == "booked"


@pytest.mark.parametrize("minutes", [-30, 45, 60 * 24 * 30, 60 * 12])
def test_a_time_that_is_no_slot_is_refused(town: World, minutes: int) -> None:
    with pytest.raises(SlotClosed) as refusal:
        book(town, minutes)
    assert refusal.value.path == "/at"


TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
HALF = Wanted(TUESDAY, TUESDAY, "half", open_s=10 * 3600, close_s=12 * 3600 + 900)


def say(town: World, wanted: Wanted) -> None:
    town.do(lambda c: calendar.add(c, wanted), MANAGER)


def offered(town: World, day: date) -> list[str]:
    with town.db.look() as session:
        hall, service = read.hall(session, town.hall), read.service(session, town.hall, "social")
        found = slots.on(session, hall, service, day, town.clock.at)
        return [f"{slots.local(slot.at, hall.zone):%H:%M}" for slot in found]


@pytest.mark.parametrize("kind", ["restday", "holiday"])
def test_a_day_that_the_halls_own_calendar_shuts_offers_nothing_and_takes_no_booking(
    town: World, kind: str
) -> None:
    assert len(offered(town, TUESDAY)) == 18
    say(town, Wanted(TUESDAY, TUESDAY, kind))
    assert offered(town, TUESDAY) == []
    with pytest.raises(SlotShut) as refusal:
        book(town, 60 * 24 + 60)
    assert refusal.value.path == "/at"
    assert len(offered(town, TUESDAY + timedelta(days=1))) == 18


def test_a_half_day_offers_whole_slots_within_its_hours_alone(town: World) -> None:
    say(town, HALF)
    assert offered(town, TUESDAY) == ["10:00", "10:30", "11:00", "11:30"]
    assert book(town, 60 * 24 + 60).at == "2026-03-03T10:00:00+08:00"
    with pytest.raises(SlotShut):
        book(town, 60 * 24 + 180)
    kept = book(town)
    with pytest.raises(SlotShut):
        town.do(lambda c: bookings.move(c, kept.id, NINE + timedelta(days=1, hours=4)), KIOSK)


def test_the_newest_word_opens_the_day_again_and_other_kinds_shut_nothing(town: World) -> None:
    say(town, Wanted(TUESDAY, TUESDAY, "holiday"))
    say(town, Wanted(TUESDAY, TUESDAY, "workday"))
    say(town, Wanted(TUESDAY, TUESDAY, "event", factor=3.0))
    assert len(offered(town, TUESDAY)) == 18


def test_a_workday_has_the_hours_that_the_hall_has_for_it(town: World) -> None:
    say(town, Wanted(SATURDAY, SATURDAY, "workday"))
    assert offered(town, SATURDAY) == []
    with town.db.change() as session:
        extra = {SATURDAY.isoformat(): ((9 * 3600, 11 * 3600),)}
        session.get_one(Hall, town.hall).settings = replace(AT_ONCE, extra=extra)
    assert offered(town, SATURDAY) == ["09:00", "09:30", "10:00", "10:30"]


def test_bookings_made_before_the_time_was_shut_stay_and_are_named(town: World) -> None:
    early, late = book(town, 60 * 24 + 60), book(town, 60 * 24 + 180)
    gone = book(town, 60 * 24 + 240)
    town.do(lambda c: bookings.cancel(c, gone.id), KIOSK)
    say(town, HALF)
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        assert slots.stranded(session, hall, MONDAY, SATURDAY) == [(TUESDAY, 1)]
    assert town.do(lambda c: bookings.move(c, late.id, NINE + timedelta(days=1, hours=3)), KIOSK), "as it is"
    town.clock.forward(days=1)
    assert check_in(town, early) and check_in(town, late)


def test_who_comes_early_is_called_at_the_booked_time_before_those_who_came_since(town: World) -> None:
    booked = check_in(town, book(town))
    town.clock.forward(minutes=30)
    walk_in = town.issue().id
    town.sign_in()
    assert called(town)[0] == walk_in, "half an hour before the slot a walk-in goes first"
    for _ in range(2):
        town.issue()
    town.clock.forward(minutes=31)
    later = town.issue().id
    assert called(town)[1] == "order", "who came before the booked time keeps going first"
    called(town)
    assert called(town) == (booked, "booked")
    assert called(town)[0] == later


def test_who_is_late_goes_to_the_tail(town: World) -> None:
    booking = book(town)
    town.clock.forward(minutes=70)
    walk_in = town.issue().id
    town.clock.forward(minutes=10)
    late = check_in(town, booking)
    town.sign_in()
    assert [called(town)[0], called(town)[0]] == [walk_in, late]


def test_inside_the_grace_the_booked_place_is_kept(town: World) -> None:
    booking = book(town)
    town.clock.forward(minutes=65)
    walk_in = town.issue().id
    town.clock.forward(minutes=5)
    booked = check_in(town, booking)
    town.sign_in()
    assert [called(town)[0], called(town)[0]] == [booked, walk_in]


def test_a_second_check_in_is_refused(town: World) -> None:
    booking = book(town)
    check_in(town, booking)
    with pytest.raises(BookingState):
        check_in(town, booking)


def test_a_booking_of_another_day_says_which(town: World) -> None:
    booking = book(town, 60 * 24 + 60)
    with pytest.raises(BookingOtherDay) as refusal:
        check_in(town, booking)
    assert refusal.value.details["day"] == "2026-03-03"


def test_moving_keeps_the_code_and_frees_the_old_place(town: World) -> None:
    booking = book(town)
    moved = town.do(lambda c: bookings.move(c, booking.id, TEN + timedelta(hours=1)), KIOSK)
    assert (moved.code, moved.at) == (booking.code, "2026-03-02T11:00:00+08:00")
    assert free_at_ten(town) == 2


def test_moving_to_where_it_is_already_works_in_a_full_slot(town: World) -> None:
    booking = book(town)
    book(town)
    assert town.do(lambda c: bookings.move(c, booking.id, TEN), KIOSK).at == booking.at


def test_a_booking_nobody_came_for_is_missed_at_roll_over(town: World) -> None:
    booking = book(town)
    town.clock.forward(days=1)
    town.issue()
    with town.db.look() as session:
        assert read.booking(session, town.hall, booking.id).state == "missed"
