"""Quotas by the tide: what the worker worked out decides, and what is booked stays booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hall.core.errors import SlotFull
from hall.core.hall import QuotaRule, Settings
from hall.desk import bookings, quotas
from hall.store import journal, read, slots
from hall.store.slots import Ahead, Slot
from tests.builders import KIOSK, MONDAY, NINE, World, make_hall

TIDAL = replace(Settings(), booking=replace(Settings().booking, quotas=QuotaRule.TIDAL))
TOMORROW = MONDAY + timedelta(days=1)
NINE_S, HALF_S = 32400, 1800


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url, settings=TIDAL)


def expect(town: World, *quota: int) -> None:
    """Quotas of tomorrow's slots from nine on."""
    rows = [Ahead(TOMORROW, "social", NINE_S + n * HALF_S, each, 600) for n, each in enumerate(quota)]
    town.do(lambda c: quotas.set_ahead(c, TOMORROW, rows))


def tomorrow(town: World) -> list[Slot]:
    with town.db.look() as session:
        hall, service = read.hall(session, town.hall), read.service(session, town.hall, "social")
        found = slots.on(session, hall, service, TOMORROW, town.clock.real())
    return [slot for slot in found if slot.at >= NINE + timedelta(days=1)]


def book(town: World) -> bookings.Booked:
    found: bookings.Booked = town.do(
        lambda c: bookings.book(c, "social", NINE + timedelta(days=1)), KIOSK
    )  # fmt: skip
    return found


def test_slots_take_what_was_worked_out_and_the_others_the_services_own(town: World) -> None:
    expect(town, 0, 7)
    assert [slot.quota for slot in tomorrow(town)][:3] == [0, 7, 2]
    with pytest.raises(SlotFull):
        book(town)


def test_a_hall_with_fixed_quotas_pays_no_heed(database_url: str) -> None:
    town = make_hall(database_url)
    expect(town, 0, 7)
    assert {slot.quota for slot in tomorrow(town)} == {2}


def test_a_quota_below_what_is_booked_means_full_and_breaks_no_booking(town: World) -> None:
    expect(town, 3)
    kept = [book(town) for _ in range(3)]
    expect(town, 1)
    assert (tomorrow(town)[0].quota, tomorrow(town)[0].free) == (1, 0)
    with pytest.raises(SlotFull):
        book(town)
    town.clock.forward(days=1)
    assert [town.do(lambda c, b=one.id: bookings.check_in(c, b), KIOSK).number for one in kept] == [
        "A001", "A002", "A003",
    ]  # fmt: skip


def test_a_later_look_replaces_the_day_and_forgets_what_is_over(town: World) -> None:
    expect(town, 3, 4)
    expect(town, 5)
    with town.db.look() as session:
        assert [row.quota for row in slots.ahead(session, town.hall)] == [5]
    town.clock.forward(days=2)
    wednesday = MONDAY + timedelta(days=2)
    town.do(lambda c: quotas.set_ahead(c, wednesday, []))
    with town.db.look() as session:
        assert slots.ahead(session, town.hall) == []
        assert journal.verify(session, town.hall) is None
