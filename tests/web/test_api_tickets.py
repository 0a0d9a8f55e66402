"""Tickets over HTTP: each route's success, each refusal, and the same press twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from hall.store import journal
from tests.web.served import Site, add_hall, error


def called(site: Site) -> str:
    """A ticket that stands called at window W01."""
    ticket = site.issue()
    site.sign_in()
    assert site.next().status_code == 200
    return str(ticket["id"])


def test_a_ticket_tells_number_people_ahead_and_range(site: Site) -> None:
    site.issue()
    ticket = site.issue("social", **{"class": "priority"})
    assert (ticket["number"], ticket["service"], ticket["state"], ticket["ahead"]) == (
        "A002",
        "social",
        "waiting",
        0,
    )
    assert ticket["wait"]["low_s"] <= ticket["wait"]["high_s"]


def test_the_same_press_gets_the_same_ticket(site: Site) -> None:
    first = site.post("/halls/town/tickets", "kiosk", service="social", request_id="press.1")
    again = site.post("/halls/town/tickets", "kiosk", service="social", request_id="press.1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert site.issue()["number"] == "A002"


def test_a_request_id_used_for_something_else_is_refused(site: Site) -> None:
    site.post("/halls/town/tickets", "kiosk", service="social", request_id="press.1")
    other = site.post("/halls/town/tickets", "kiosk", service="estate", request_id="press.1")
    assert error(other) == (409, "request_id_reused", "/request_id")


def test_a_refusal_is_not_remembered(site: Site) -> None:
    site.world.clock.forward(hours=12)
    shut = site.post("/halls/town/tickets", "kiosk", service="social", request_id="press.1")
    assert error(shut)[:2] == (409, "hall_closed")
    site.world.clock.forward(hours=-12)
    assert (
        site.post("/halls/town/tickets", "kiosk", service="social", request_id="press.1").status_code == 201
    )


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/service"),
        ({"service": 5}, "/service"),
        ({"service": None}, "/service"),
        ({"service": "a\u0000b"}, "/service"),
        ({"service": "social", "class": "vip"}, "/class"),
        ({"service": "social", "channel": ["x"]}, "/channel"),
        ({"service": "social", "request_id": None}, "/request_id"),
        ({"service": "social", "request_id": "with space"}, "/request_id"),
        ({"service": "social", "request_id": "x" * 65}, "/request_id"),
        ({"service": "social", "request_id": 7}, "/request_id"),
    ],
)
def test_a_bad_field_is_named(site: Site, body: dict[str, Any], path: str) -> None:
    assert error(site.post("/halls/town/tickets", "kiosk", **body)) == (422, "invalid", path)


@pytest.mark.parametrize("raw", [b"{", b"[]", b"5", b"\xff", b"[" * 50_000])
def test_what_is_no_json_object_is_refused(site: Site, raw: bytes) -> None:
    assert error(site.call("POST", "/halls/town/tickets", "kiosk", data=raw))[0] == 422


def test_unknown_fields_are_ignored(site: Site) -> None:
    assert site.post("/halls/town/tickets", "kiosk", service="social", colour="red").status_code == 201


def test_unknown_hall_or_service_is_not_found(site: Site) -> None:
    assert error(site.post("/halls/town/tickets", "kiosk", service="nope")) == (404, "unknown", "/service")
    assert error(site.post("/halls/nowhere/tickets", "kiosk", service="social"))[0] in (403, 404)


@pytest.mark.parametrize(("by", "status"), [(None, 401), ("not-a-token", 401), ("display", 403)])
def test_who_may_not_issue(site: Site, by: str | None, status: int) -> None:
    assert site.post("/halls/town/tickets", by, service="social").status_code == status


@pytest.mark.parametrize("by", ["kiosk", "c1", "manager", "admin"])
def test_who_may_issue(site: Site, by: str) -> None:
    assert site.post("/halls/town/tickets", by, service="social").status_code == 201


def test_from_start_to_finish(site: Site) -> None:
    ticket = called(site)
    assert site.post(f"/tickets/{ticket}/recall", "c1").json()["ticket"]["state"] == "called"
    assert site.post(f"/tickets/{ticket}/start", "c1").json()["ticket"]["state"] == "serving"
    assert error(site.post(f"/tickets/{ticket}/recall", "c1"))[:2] == (409, "wrong_state")
    done = site.post(f"/tickets/{ticket}/finish", "c1").json()["ticket"]
    assert (done["state"], done["window"]) == ("done", None)


def test_passed_over_and_back_once(site: Site) -> None:
    ticket = called(site)
    assert site.post(f"/tickets/{ticket}/pass-over", "c1").json()["ticket"]["state"] == "passed"
    assert site.post(f"/tickets/{ticket}/reactivate", "kiosk").json()["ticket"]["state"] == "waiting"
    site.next()
    assert site.post(f"/tickets/{ticket}/pass-over", "c1").json()["ticket"]["state"] == "no_show"


def test_held_and_returned(site: Site) -> None:
    ticket = called(site)
    assert error(site.post(f"/tickets/{ticket}/hold", "c1")) == (422, "invalid", "/reason")
    assert site.post(f"/tickets/{ticket}/hold", "c1", reason="papers").json()["ticket"]["state"] == "held"
    assert site.post(f"/tickets/{ticket}/return", "c1").json()["ticket"]["state"] == "waiting"


def test_transferred_to_a_service_or_a_window(site: Site) -> None:
    ticket = called(site)
    assert error(site.post(f"/tickets/{ticket}/transfer", "c1")) == (422, "invalid", "/to_service")
    assert error(site.post(f"/tickets/{ticket}/transfer", "c1", to_service="nope")) == (
        404,
        "unknown",
        "/to_service",
    )
    assert error(site.post(f"/tickets/{ticket}/transfer", "c1", to_service="estate", place="front")) == (
        422,
        "invalid",
        "/place",
    )
    moved = site.post(f"/tickets/{ticket}/transfer", "c1", to_service="estate", place="tail").json()["ticket"]
    assert (moved["service"], moved["number"], moved["state"]) == ("estate", "A001", "waiting")
    site.next()
    empty = site.post(f"/tickets/{ticket}/transfer", "c1", to_window="W02")
    assert error(empty) == (409, "not_able", "/to_window"), "nobody sits there"
    site.sign_in("c2", "W02")
    sent = site.post(f"/tickets/{ticket}/transfer", "c1", to_window="W02").json()["ticket"]
    assert sent["for_window"] == "W02"


def test_another_clerks_ticket_is_left_alone(site: Site) -> None:
    ticket = called(site)
    assert error(site.post(f"/tickets/{ticket}/finish", "c2"))[:2] == (403, "not_your_window")
    assert site.post(f"/tickets/{ticket}/finish", "manager").status_code == 200


def test_a_holder_sees_and_cancels_the_own_ticket_with_its_secret_id(site: Site) -> None:
    site.issue()
    mine, other = site.issue()["id"], site.issue()["id"]
    seen = site.get(f"/tickets/{mine}", by=mine).json()["ticket"]
    assert (seen["state"], seen["ahead"]) == ("waiting", 1)
    assert site.get(f"/tickets/{other}", by=mine).status_code == 401
    assert site.get(f"/tickets/{mine}", by=None).status_code == 401
    assert site.post(f"/tickets/{mine}/start", by=mine).status_code == 401
    assert site.post(f"/tickets/{mine}/cancel", by=mine).json()["ticket"]["state"] == "cancelled"
    assert site.get(f"/tickets/{mine}", by=mine).json()["ticket"]["ahead"] is None


def test_an_unknown_ticket_is_not_found(site: Site) -> None:
    assert error(site.post("/tickets/nope/start", "c1"))[:2] == (404, "unknown")
    assert error(site.post("/tickets/%00/start", "c1"))[0] == 404
    assert error(site.get("/tickets/nope"))[:2] == (404, "unknown")


def test_strangers_are_not_told_what_exists(site: Site) -> None:
    for ticket in (site.issue()["id"], "nope"):
        assert error(site.post(f"/tickets/{ticket}/start", by=None))[:2] == (401, "unauthorized")
        assert error(site.post(f"/tickets/{ticket}/start", by="no-token"))[:2] == (401, "unauthorized")


def test_another_halls_ticket_does_not_exist(site: Site) -> None:
    ticket = site.issue()["id"]
    add_hall(site.world, "village", token="village-manager")
    assert error(site.post(f"/tickets/{ticket}/finish", by="village-manager"))[:2] == (404, "unknown")
    assert error(site.get("/halls/town/services", by="village-manager"))[:2] == (403, "forbidden")


def test_the_kiosk_is_told_what_visitors_can_ask_for(site: Site) -> None:
    site.issue()
    social, estate = site.get("/halls/town/services", "kiosk").json()["services"]
    assert (social["id"], social["waiting"], social["open"], social["bookable"]) == ("social", 1, True, True)
    assert estate["waiting"] == 0
    site.world.clock.forward(hours=10)
    assert [s["open"] for s in site.get("/halls/town/services", "kiosk").json()["services"]] == [False] * 2


def test_the_kiosk_opens_on_the_next_morning_before_anything_happened(site: Site) -> None:
    site.issue()
    site.world.clock.forward(days=1)
    social = site.get("/halls/town/services", "kiosk").json()["services"][0]
    assert (social["open"], social["waiting"]) == (True, 0)


def test_forty_kiosks_press_at_once_and_nothing_is_lost_or_doubled(site: Site) -> None:
    numbers: list[str] = []
    barrier = threading.Barrier(40)

    def press(index: int) -> None:
        barrier.wait()
        for _ in range(2):  # each press is sent twice, as an impatient network does
            answer = site.post("/halls/town/tickets", "kiosk", service="social", request_id=f"k{index}")
            numbers.append(answer.json()["ticket"]["number"])

    hands = [threading.Thread(target=press, args=(index,)) for index in range(40)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(numbers) == sorted(2 * [f"A{n:03d}" for n in range(1, 41)])
    with site.world.db.look() as session:
        assert journal.verify(session, site.world.hall) is None
