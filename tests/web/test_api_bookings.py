"""Bookings over HTTP."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.web.served import Site, error

TEN = "2026-03-02T10:00:00+08:00"


def book(site: Site, at: str = TEN, **body: Any) -> dict[str, Any]:
    answer = site.post("/halls/town/bookings", "kiosk", **{"service": "social", "at": at, **body})
    assert answer.status_code == 201, answer.text
    booking: dict[str, Any] = answer.json()["booking"]
    return booking


def free(site: Site, at: str = TEN) -> int:
    slots = site.get("/halls/town/slots?service=social&day=2026-03-02", "kiosk").json()["slots"]
    return next(int(slot["free"]) for slot in slots if slot["at"] == at)


def test_a_booking_takes_one_place_and_gives_it_back(site: Site) -> None:
    assert free(site) == 2
    booking = book(site)
    assert (booking["service"], booking["at"], booking["state"]) == ("social", TEN, "booked")
    assert free(site) == 1
    assert site.post(f"/bookings/{booking['id']}/cancel", "kiosk").json()["booking"]["state"] == "cancelled"
    assert free(site) == 2


def test_the_same_booking_twice_is_one(site: Site) -> None:
    assert book(site, request_id="b1")["id"]
    again = site.post("/halls/town/bookings", "kiosk", service="social", at=TEN, request_id="b1")
    assert again.status_code == 200
    assert free(site) == 1


def test_forty_at_once_never_overbook(site: Site) -> None:
    statuses: list[int] = []

    def press() -> None:
        statuses.append(site.post("/halls/town/bookings", "kiosk", service="social", at=TEN).status_code)

    hands = [threading.Thread(target=press) for _ in range(40)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(statuses) == [201] * 2 + [409] * 38


def test_checked_in_by_the_code_somebody_typed(site: Site) -> None:
    code = book(site)["code"]
    found = site.get(f"/halls/town/bookings?code={code}", "kiosk").json()["booking"]
    site.world.clock.forward(minutes=50)
    answer = site.post(f"/bookings/{found['id']}/check-in", "kiosk")
    assert answer.json()["ticket"]["number"] == "A001"
    again = site.post(f"/bookings/{found['id']}/check-in", "kiosk")
    assert error(again)[:2] == (409, "booking_state")


def test_moved_to_another_slot_by_its_holder(site: Site) -> None:
    id_ = book(site)["id"]
    moved = site.post(f"/bookings/{id_}/move", by=id_, at="2026-03-02T10:30:00+08:00").json()["booking"]
    assert moved["at"] == "2026-03-02T10:30:00+08:00"
    assert free(site) == 2


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"at": "2026-03-02T10:00:00"}, 422, "/at"),
        ({"at": "soon"}, 422, "/at"),
        ({"at": 5}, 422, "/at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, 422, "/at"),
        ({}, 422, "/at"),
        ({"at": "2026-03-02T10:10:00+08:00"}, 409, "/at"),
        ({"at": TEN, "service": "nope"}, 404, "/service"),
    ],
)
def test_what_cannot_be_booked(site: Site, body: dict[str, Any], status: int, path: str) -> None:
    told = error(site.post("/halls/town/bookings", "kiosk", **{"service": "social", **body}))
    assert (told[0], told[2]) == (status, path)


@pytest.mark.parametrize(
    ("query", "path"),
    [("service=social", "/day"), ("day=2026-03-02", "/service"), ("service=social&day=2.3.", "/day")],
)
def test_slots_need_a_service_and_a_day(site: Site, query: str, path: str) -> None:
    assert error(site.get(f"/halls/town/slots?{query}")) == (422, "invalid", path)


def test_a_day_far_away_has_no_slots(site: Site) -> None:
    assert site.get("/halls/town/slots?service=social&day=9999-12-31").json() == {"slots": []}


def test_unknown_bookings_are_not_found(site: Site) -> None:
    assert error(site.post("/bookings/nope/check-in", "kiosk"))[:2] == (404, "unknown")
    assert error(site.get("/halls/town/bookings?code=00000000", "kiosk"))[:2] == (404, "unknown")
