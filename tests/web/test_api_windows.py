"""Windows over HTTP: clerks come, pause, call and leave."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from tests.web.served import Site, error


def window(site: Site, act: str, by: str = "c1", id_: str = "W01", **body: object) -> tuple[int, str]:
    answer = site.post(f"/halls/town/windows/{id_}/{act}", by, **body)
    if answer.ok:
        return answer.status_code, answer.json()["window"]["state"]
    return error(answer)[:2]


def test_a_clerks_day_at_a_window(site: Site) -> None:
    assert window(site, "sign-in") == (200, "open")
    assert window(site, "sign-in") == (200, "open")
    assert window(site, "pause", reason="break") == (200, "paused")
    assert window(site, "resume") == (200, "open")
    assert window(site, "sign-out") == (200, "closed")


def test_what_a_window_refuses(site: Site) -> None:
    assert window(site, "resume") == (409, "window_closed")
    window(site, "sign-in")
    assert window(site, "sign-in", "c2") == (409, "window_taken")
    assert window(site, "sign-in", "c1", "W02") == (409, "signed_in_elsewhere")
    assert window(site, "sign-in", "manager", "W02") == (403, "forbidden")
    assert window(site, "sign-in", "kiosk", "W02") == (403, "forbidden")
    assert window(site, "sign-in", "c2", "W99") == (404, "unknown")
    assert window(site, "pause", "c2", reason="break") == (403, "not_your_window")
    assert window(site, "pause") == (422, "invalid")
    assert window(site, "pause", reason="boredom") == (422, "invalid")
    assert window(site, "pause", "manager", reason="other") == (200, "paused")


def test_next_gives_a_call_then_nothing(site: Site) -> None:
    ticket = site.issue()
    site.sign_in()
    answer = site.next()
    call = answer.json()["call"]
    assert (answer.status_code, call["ticket"], call["window"], call["reason"]) == (
        200,
        ticket["id"],
        "W01",
        "order",
    )
    assert error(site.next())[:2] == (409, "still_serving")
    nothing = site.next(finish=True)
    assert (nothing.status_code, nothing.content) == (204, b"")


def test_next_at_a_closed_window_is_refused(site: Site) -> None:
    site.issue()
    assert error(site.next())[:2] == (409, "window_closed")


def test_finish_must_be_true_or_false(site: Site) -> None:
    site.sign_in()
    assert error(site.next(finish="yes")) == (422, "invalid", "/finish")


def test_the_same_next_calls_once(site: Site) -> None:
    site.issue()
    site.issue()
    site.sign_in()
    first = site.next(request_id="n1")
    assert site.next(request_id="n1").json() == first.json()
    assert error(site.next(request_id="n1", finish=True))[1] == "request_id_reused"


def test_nothing_waiting_is_not_remembered(site: Site) -> None:
    site.sign_in()
    assert site.next(request_id="n1").status_code == 204
    site.issue()
    assert site.next(request_id="n1").status_code == 200


def test_finish_and_call_are_one_step(site: Site) -> None:
    first, second = site.issue(), site.issue()
    site.sign_in()
    site.next()
    assert site.next(finish=True).json()["call"]["ticket"] == second["id"]
    assert site.get(f"/tickets/{first['id']}").json()["ticket"]["state"] == "done"


def test_three_clerks_at_once_never_call_the_same_ticket(site: Site) -> None:
    for _ in range(30):
        site.issue()
    calls: Counter[str] = Counter()

    def serve(clerk: str, at: str) -> None:
        site.sign_in(clerk, at)
        while (answer := site.next(clerk, at, finish=True)).status_code == 200:
            calls[answer.json()["call"]["ticket"]] += 1

    hands = [threading.Thread(target=serve, args=(f"c{n}", f"W0{n}")) for n in (1, 2, 3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(calls) == 30
    assert set(calls.values()) == {1}


@pytest.mark.parametrize(("by", "status"), [("manager", 200), ("c1", 403), (None, 401)])
def test_a_manager_says_who_is_absent(site: Site, by: str | None, status: int) -> None:
    answer = site.post("/halls/town/clerks/c3/absent", by, absent=True)
    assert answer.status_code == status
    if answer.ok:
        assert answer.json()["clerk"] == {"id": "c3", "absent": True, "day": "2026-03-02"}


def test_an_unknown_clerk_is_not_found(site: Site) -> None:
    assert error(site.post("/halls/town/clerks/c99/absent", "manager"))[:2] == (404, "unknown")


def test_standby_without_an_offer_is_refused(site: Site) -> None:
    site.sign_in()
    assert error(site.post("/halls/town/windows/W01/standby", "c1"))[:2] == (409, "flip_not_allowed")
    assert error(site.post("/halls/town/windows/W01/standby", "c2"))[:2] == (403, "not_your_window")
