"""Plans and pins over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from hall.core.people import WORKER
from hall.desk import plans
from hall.store.tables import Window
from tests.plans import plan_with_flip
from tests.web.served import Site, error

NOON = "2026-03-02T12:00:00+08:00"


@pytest.fixture
def plan(site: Site) -> str:
    """A proposed plan that flips window W01 to estate at 10:00."""
    site.post("/halls/town/pins", window="W01", mode=["social"], until=NOON)
    site.call("DELETE", "/halls/town/pins/W01", "manager")
    site.sign_in()
    told = plan_with_flip("W01", ["social"], ["estate"], at_s=36000)
    proposed = site.world.do(lambda c: plans.propose(c, told), WORKER)
    return str(proposed.id)


def sign(site: Site) -> Any:
    return site.get("/halls/town/boards/window:W01").json()["board"]["next"]


def test_a_proposed_plan_is_seen_approved_and_undone(site: Site, plan: str) -> None:
    (shown,) = site.get("/halls/town/plans?state=proposed").json()
    assert (shown["id"], shown["state"], shown["plan"]["format"]) == (plan, "proposed", "tidehall.plan/1")
    assert sign(site) is None
    assert site.post(f"/plans/{plan}/approve").json()["state"] == "in_force"
    assert sign(site) == {"mode": ["estate"], "at": "2026-03-02T10:00:00+08:00"}
    assert site.get("/halls/town/plan").json()["id"] == plan
    assert site.post(f"/plans/{plan}/undo", flips=["W01"]).status_code == 200
    assert sign(site) is None


def test_a_plan_is_refused_with_a_reason(site: Site, plan: str) -> None:
    assert error(site.post(f"/plans/{plan}/refuse")) == (422, "invalid", "/reason")
    assert site.post(f"/plans/{plan}/refuse", reason="training today").json()["state"] == "refused"
    assert error(site.post(f"/plans/{plan}/approve"))[:2] == (409, "plan_state")


def test_flips_that_are_not_in_the_plan_are_named(site: Site, plan: str) -> None:
    assert error(site.post(f"/plans/{plan}/approve", flips=["W03"])) == (404, "unknown", "/flips/0")
    assert error(site.post(f"/plans/{plan}/approve", flips="W01")) == (422, "invalid", "/flips")
    assert error(site.post("/plans/nope/approve"))[:2] == (404, "unknown")


def test_where_plans_are_advice_nothing_is_approved(site: Site, plan: str) -> None:
    mode = site.call("PUT", "/halls/town/plan-mode", "manager", json={"mode": "advise"})
    assert mode.json() == {"plan_mode": "advise"}
    assert error(site.post(f"/plans/{plan}/approve"))[:2] == (409, "advice_only")


@pytest.mark.parametrize(("by", "status"), [("c1", 403), ("kiosk", 403), ("display", 403), (None, 401)])
def test_who_may_not_decide(site: Site, plan: str, by: str | None, status: int) -> None:
    assert site.post(f"/plans/{plan}/approve", by).status_code == status
    assert site.post("/halls/town/pins", by, window="W01", mode=[], until=NOON).status_code == status
    assert site.call("DELETE", "/halls/town/pins/W01", by).status_code == status
    answer = site.call("PUT", "/halls/town/plan-mode", by, json={"mode": "auto"})
    assert answer.status_code == status


def test_a_window_is_pinned_shut_and_freed(site: Site) -> None:
    answer = site.post("/halls/town/pins", window="W02", mode=[], until=NOON)
    assert (answer.status_code, answer.json()["pin"]["mode"]) == (201, [])
    assert error(site.post("/halls/town/windows/W02/sign-in", "c2"))[:2] == (409, "window_closed")
    assert site.call("DELETE", "/halls/town/pins/W02", "manager").status_code == 204
    assert error(site.call("DELETE", "/halls/town/pins/W02", "manager"))[:2] == (404, "unknown")
    site.sign_in("c2", "W02")


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"mode": ["nope"]}, 404, "/mode/0"),
        ({"mode": "social"}, 422, "/mode"),
        ({"mode": [5]}, 422, "/mode"),
        ({"window": "W99"}, 404, None),
        ({"until": "2026-03-02T08:00:00+08:00"}, 422, "/until"),
        ({"until": "noon"}, 422, "/until"),
    ],
)
def test_what_cannot_be_pinned(site: Site, body: dict[str, Any], status: int, path: str | None) -> None:
    whole = {"window": "W01", "mode": ["social"], "until": NOON, **body}
    told = error(site.post("/halls/town/pins", **whole))
    assert (told[0], told[2]) == (status, path)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            "Window 1 has changed 6 times today, and this hall allows no more. Pin it to its present mode or",
        ),
        ("zh-CN", "1 号窗口今日已调整 6 次，达到本大厅的上限。请固定为现在的业务或关闭，"),
    ],
)
def test_a_window_that_has_used_up_its_flips_is_not_pinned_to_another_mode(
    site: Site, lang: str, told: str
) -> None:
    with site.world.db.change() as session:
        row = session.get_one(Window, ("town", "W01"))
        row.mode, row.flips_today = ["social"], 6
    body = {"window": "W01", "until": NOON}
    answer = requests.post(
        f"{site.address}/api/v1/halls/town/pins",
        json={"request_id": "pin", "mode": ["estate"], **body},
        headers={"Accept-Language": lang, "Authorization": "Bearer manager"},
        timeout=20,
    )
    assert error(answer) == (409, "flip_not_allowed", "/mode")
    assert answer.json()["error"]["message"].startswith(told)
    for mode in (["social"], []):
        assert site.post("/halls/town/pins", mode=mode, **body).status_code == 201


def test_there_is_no_plan_before_the_first_one(site: Site) -> None:
    assert error(site.get("/halls/town/plan"))[:2] == (404, "unknown")
    assert site.get("/halls/town/plans?state=proposed").json() == []
    assert error(site.get("/halls/town/plans?state=odd")) == (422, "invalid", "/state")
