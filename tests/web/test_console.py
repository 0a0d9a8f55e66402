"""The clerk's page as the server draws it: who may see it, and what each state says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hall.core.people import WORKER
from hall.desk import plans
from tests.builders import MANAGER
from tests.plans import plan_with_flip
from tests.web.served import Site

HERE = "/h/town/console"


def look(site: Site, path: str, by: str | None = "c1", **headers: str) -> Any:
    """A page or fragment as somebody with this token gets it, in English."""
    with site.app.test_client() as client:
        shown = {"Authorization": f"Bearer {by}"} if by else {}
        return client.get(f"{path}{'&' if '?' in path else '?'}lang=en", headers={**shown, **headers})


def regions(site: Site, window: str = "W01", by: str = "c1") -> dict[str, str]:
    answer = look(site, f"{HERE}/state?window={window}", by)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json["regions"]
    return found


@pytest.mark.parametrize("path", ["", "/W01", "/state?window=W01", "/W01/transfer"])
@pytest.mark.parametrize(
    ("by", "status"),
    [("c1", 200), ("manager", 200), ("admin", 200), ("kiosk", 403), ("display", 403)],
)
def test_only_staff_see_a_console(site: Site, path: str, by: str, status: int) -> None:
    assert look(site, HERE + path, by, Accept="application/json").status_code == status


def test_nobody_without_a_login_sees_a_console(site: Site) -> None:
    assert look(site, f"{HERE}/state?window=W01", None, Accept="application/json").status_code == 401


def test_an_unknown_window_is_told_so(site: Site) -> None:
    assert look(site, f"{HERE}/state?window=W99", Accept="application/json").status_code == 404


def test_the_choice_puts_the_usual_window_first_and_names_who_sits_where(site: Site) -> None:
    site.sign_in("c2", "W02")
    text = look(site, HERE).text
    assert text.index(f"{HERE}/W01") < text.index(f"{HERE}/W02") < text.index(f"{HERE}/W03")
    assert text.index("your usual window") < text.index(f"{HERE}/W02")
    assert text.index(f"{HERE}/W02") < text.rindex("c2") < text.index(f"{HERE}/W03")
    assert "free" in text


def test_who_went_ahead_is_told_with_the_reason_why_it_is_their_turn(site: Site) -> None:
    site.sign_in()
    site.issue()
    site.issue(**{"class": "priority"})
    assert site.next().status_code == 200
    assert "went ahead" not in regions(site)["ticket"], "nobody went ahead of the priority ticket"
    assert site.next(finish=True).status_code == 200
    assert "went ahead of it: 1 with priority, 0 by booking or coming back" in regions(site)["ticket"]


def test_a_clerk_who_sits_somewhere_goes_straight_there(site: Site) -> None:
    site.sign_in()
    answer = look(site, HERE)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{HERE}/W01")


def test_a_free_window_offers_to_sign_in(site: Site) -> None:
    found = regions(site)
    assert "Window 1 is closed." in found["ticket"]
    assert "/windows/W01/sign-in" in found["actions"]


def test_another_clerks_window_offers_nothing(site: Site) -> None:
    site.sign_in("c2", "W01")
    found = regions(site)
    assert "c2 is signed in at this window." in found["ticket"]
    assert "data-press" not in found["actions"]


def test_an_empty_line_is_a_calm_screen(site: Site) -> None:
    site.sign_in()
    found = regions(site)
    assert "Nobody is waiting in your lines." in found["ticket"]
    assert 'data-press="next"' in found["actions"]


def test_the_ticket_in_hand_says_why_it_was_called(site: Site) -> None:
    ticket = site.issue(**{"class": "priority"})
    site.sign_in()
    site.next()
    found = regions(site)
    assert ticket["number"] in found["ticket"]
    assert "Why now: priority" in found["ticket"]
    for name in ("next", "start", "recall", "pass-over", "finish"):
        assert f'data-press="{name}"' in found["actions"]


def test_held_and_passed_visitors_can_be_taken_back(site: Site) -> None:
    first, second = site.issue(), site.issue()
    site.sign_in()
    site.next()
    site.post(f"/tickets/{first['id']}/hold", "c1", reason="papers")
    site.next()
    site.post(f"/tickets/{second['id']}/pass-over", "c1")
    aside = regions(site)["aside"]
    assert f"/tickets/{first['id']}/return" in aside
    assert "on hold: Fetching papers" in aside
    assert f"/tickets/{second['id']}/reactivate" in aside


def test_a_pause_says_why_and_how_to_go_on(site: Site) -> None:
    site.sign_in()
    site.post("/halls/town/windows/W01/pause", "c1", reason="meeting")
    found = regions(site)
    assert "Paused: Meeting" in found["ticket"]
    assert 'data-press="resume"' in found["actions"]


def test_a_coming_flip_is_announced_and_its_setup_asks_for_ready(site: Site) -> None:
    site.world.do(lambda c: plans.pin(c, "W01", ["social"], soon(site)), MANAGER)
    site.sign_in()
    site.world.do(lambda c: plans.unpin(c, "W01"), MANAGER)
    site.world.do(
        lambda c: plans.propose(c, plan_with_flip("W01", ["social"], ["estate"], at_s=36000)), WORKER
    )
    row = next(iter(site.get("/halls/town/plans?state=proposed").json()))
    site.post(f"/plans/{row['id']}/approve")
    assert "From 10:00 this window serves:" in regions(site)["coming"]
    site.world.clock.forward(minutes=70)
    site.issue()
    assert site.next().status_code == 204
    found = regions(site)
    assert "This window now serves:" in found["ticket"]
    assert 'data-press="ready"' in found["actions"]


def soon(site: Site) -> datetime:
    return site.world.clock.real() + timedelta(minutes=30)


def a_plan(site: Site, **more: Any) -> None:
    """A plan in force that changes no window: clerk c1 stays at window 1 for social."""
    until = site.world.clock.real() + timedelta(minutes=1)
    site.world.do(lambda c: plans.pin(c, "W01", ["social"], until), MANAGER)
    site.sign_in()
    told = plan_with_flip("W01", ["social"], ["social"], at_s=36000) | more
    site.world.do(lambda c: plans.propose(c, told), WORKER)


def test_an_idle_clerk_is_offered_a_line_that_waits_and_may_take_it(site: Site) -> None:
    rule = {"clerk": "c1", "service": "estate", "at_least": 2, "mode": ["estate"]}
    a_plan(site, standby=[rule])
    site.world.clock.forward(minutes=30)
    site.issue("estate")
    assert "standby" not in regions(site)["coming"]
    site.issue("estate")
    assert "Nobody waits for you, but 2 wait for estate." in regions(site)["coming"]
    assert site.post("/halls/town/windows/W01/standby", "c1").status_code == 200
    assert "This window now serves:" in regions(site)["ticket"]


def test_a_clerk_whom_the_plan_wants_elsewhere_is_told_half_an_hour_ahead(site: Site) -> None:
    post = {"clerk": "c1", "window": "W03", "mode": ["social"], "from_s": 34200, "to_s": 43200}
    a_plan(site, posts=[{**post, "window": "W01", "from_s": 32400, "to_s": 34200}, post])
    assert "The plan wants you at window 3 from 09:30." in regions(site)["coming"]


def test_a_transfer_names_lines_and_windows_with_the_same_service(site: Site) -> None:
    site.issue()
    site.sign_in()
    site.sign_in("c2", "W02")
    site.next()
    text = look(site, f"{HERE}/W01/transfer").text
    assert 'data-field="to_service" value="estate"' in text
    assert 'data-field="to_window" value="W02"' in text
    assert 'value="W03"' not in text


def test_a_manager_may_look_over_the_shoulder_but_not_sign_in(site: Site) -> None:
    assert "Only a clerk can sign in at a window." in regions(site, by="manager")["actions"]
    site.issue()
    site.sign_in()
    site.next()
    assert 'data-press="pass-over"' in regions(site, by="manager")["actions"]


def test_a_service_name_is_text_never_markup(site: Site) -> None:
    assert "<script>alert" not in look(site, f"{HERE}/W01?window=<script>alert(1)</script>").text
