"""The manager's page as the server draws it: who may see it, and what each state says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hall.core.people import WORKER
from hall.dashboard.words import with_names
from hall.desk import plans
from hall.store import leases
from hall.store.tables import Lease
from tests.builders import MANAGER
from tests.plans import plan_with_flip
from tests.web.served import Site

HERE = "/h/town/manage"


def look(site: Site, path: str, by: str | None = "manager", lang: str = "en") -> Any:
    with site.app.test_client() as client:
        shown = {"Authorization": f"Bearer {by}"} if by else {}
        return client.get(f"{path}?lang={lang}", headers={**shown, "Accept": "application/json"})


def regions(site: Site, lang: str = "en") -> dict[str, str]:
    answer = look(site, f"{HERE}/state", lang=lang)
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json["regions"]
    return found


def propose(site: Site, before: list[str], to: list[str]) -> Any:
    """A plan for window 2, which then has the first mode."""
    until = site.world.clock.real() + timedelta(minutes=1)
    site.world.do(lambda c: plans.pin(c, "W02", before, until), MANAGER)
    site.sign_in("c2", "W02")
    site.world.do(lambda c: plans.unpin(c, "W02"), MANAGER)
    told = plan_with_flip("W02", before, to, at_s=37800, clerk="c2")
    return site.world.do(lambda c: plans.propose(c, told), WORKER)


def worker_seen(site: Site, ago: timedelta) -> None:
    with site.world.db.change() as session:
        session.add(
            Lease(
                hall_id="town", role="worker", holder="w", until=site.world.clock.real() - ago, state={},
            )
        )  # fmt: skip


@pytest.mark.parametrize("path", ["", "/state", "/window/W01"])
@pytest.mark.parametrize(
    ("by", "status"), [("manager", 200), ("admin", 200), ("c1", 403), ("kiosk", 403), ("display", 403)]
)
def test_only_managers_see_the_dashboard(site: Site, path: str, by: str, status: int) -> None:
    assert look(site, HERE + path, by).status_code == status


def test_nobody_without_a_login_sees_the_dashboard(site: Site) -> None:
    assert look(site, f"{HERE}/state", None).status_code == 401


def test_the_top_line_says_how_the_hall_is(site: Site) -> None:
    site.issue()
    site.world.clock.forward(minutes=20)
    site.issue()
    site.sign_in()
    top = regions(site)["top"]
    assert "<dd>2</dd>" in top
    assert "20 min" in top
    assert "promised: 15 min" in top
    assert "Over the promise:" in top


def test_a_dead_worker_is_said_in_words(site: Site) -> None:
    assert "has not started yet" in regions(site)["top"]
    worker_seen(site, timedelta(minutes=3))
    assert "No word from the planning program for 3 minutes." in regions(site)["top"]
    assert "排窗程序 3 分钟没有消息" in regions(site, "zh")["top"]


def test_before_the_first_plan_it_says_when_one_comes(site: Site) -> None:
    worker_seen(site, timedelta(minutes=-5))
    assert "The first one comes within 5 minutes" in regions(site)["proposal"]
    site.world.clock.at = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)  # 06:00 in the hall
    assert "made at 08:00" in regions(site)["proposal"]


def test_a_flip_is_a_card_with_reason_gain_and_cost(site: Site) -> None:
    propose(site, ["estate"], ["social"])
    found = regions(site)
    assert "From 10:30 social is expected to wait 34 minutes, estate only 6." in found["proposal"]
    assert "90 min" in found["proposal"]
    assert "20 min" in found["proposal"]
    assert "10:30" in found["proposal"]
    assert 'data-press="approve-W02"' in found["proposal"]
    assert "社保 10:30 起预计等候 34 分钟" in regions(site, "zh")["proposal"]


def test_a_plan_of_the_fallback_rule_says_so(site: Site) -> None:
    plan = plan_with_flip("W02", ["social"], ["social"], at_s=37800) | {"status": "fallback"}
    site.world.do(lambda c: plans.propose(c, plan), WORKER)
    assert "made by the simple fallback rule" in regions(site)["top"]
    assert "由后备规则生成" in regions(site, "zh")["top"]


def test_after_approval_the_flip_is_announced_everywhere_and_can_be_undone(site: Site) -> None:
    row = propose(site, ["estate"], ["social"])
    site.post(f"/plans/{row.id}/approve", flips=["W02"])
    found = regions(site)
    assert "announced for 10:30" in found["proposal"]
    assert f"/plans/{row.id}/undo" in found["proposal"]
    assert "10:30 →" in found["windows"]
    assert "Flips approved: window 2" in " ".join(found["recent"].split())
    assert "timeline" in found["plan"]
    assert "spark__line" in found["lines"]


def test_advice_only_shows_plans_without_buttons(site: Site) -> None:
    site.world.do(lambda c: plans.set_plan_mode(c, "advise"), MANAGER)
    propose(site, ["estate"], ["social"])
    found = regions(site)["proposal"]
    assert "Advice only: choose" in found
    assert "data-press" not in found


def test_a_partly_decided_plan_still_asks_about_the_rest(site: Site) -> None:
    until = site.world.clock.real() + timedelta(minutes=1)
    for window, clerk in (("W01", "c1"), ("W02", "c2")):
        site.world.do(lambda c, w=window: plans.pin(c, w, ["estate"], until), MANAGER)
        site.sign_in(clerk, window)
        site.world.do(lambda c, w=window: plans.unpin(c, w), MANAGER)
    told = plan_with_flip("W01", ["estate"], ["social"], at_s=37800)
    told["flips"] += plan_with_flip("W02", ["estate"], ["social"], at_s=37800, clerk="c2")["flips"]
    row = site.world.do(lambda c: plans.propose(c, told), WORKER)
    site.post(f"/plans/{row.id}/approve", flips=["W01"])
    found = regions(site)["proposal"]
    assert 'data-press="approve-W02"' in found
    assert 'data-press="approve-W01"' not in found
    assert 'data-press="undo-W01"' in found


def test_floors_that_cannot_be_met_and_dropped_flips_are_said_plainly(site: Site) -> None:
    told = plan_with_flip("W02", ["estate"], ["estate"], at_s=37800)
    told["unmet"] = [{"service": "estate", "short": 1}]
    told["dropped"] = [{"window": "W03", "reason": {"zh": "柜员已签退", "en": "its clerk left"}}]
    site.world.do(lambda c: plans.propose(c, told), WORKER)
    plan = regions(site)["plan"]
    assert "estate is 1 window short of its floor" in plan
    assert "Window 3: an announced flip was dropped. its clerk left" in plan


def test_a_window_can_be_pinned_and_freed_from_its_sheet(site: Site) -> None:
    sheet = look(site, f"{HERE}/window/W01").text
    assert 'data-list="mode"' in sheet
    assert "closing time, 17:30" in sheet
    until = (site.world.clock.real() + timedelta(hours=1)).isoformat()
    assert site.post("/halls/town/pins", window="W01", mode=[], until=until).status_code == 201
    assert "Kept closed until 10:00." in look(site, f"{HERE}/window/W01").text
    assert "kept until 10:00" in regions(site)["windows"]


def test_a_windows_sheet_says_why_the_plan_leaves_it_or_flips_it(site: Site) -> None:
    assert "There is no plan yet that judged this window" in look(site, f"{HERE}/window/W03").text
    row = propose(site, ["estate"], ["social"])
    worker_seen(site, timedelta(minutes=-5))
    stays = {"W03": {"zh": "W03号窗口业务固定。", "en": "W03 keeps social."}}
    with site.world.db.change() as session:
        leases.tell(session, "town", "worker", {"plan": row.id, "stays": stays})
    assert "<p>3 keeps social.</p>" in look(site, f"{HERE}/window/W03").text
    assert "<p>3号窗口业务固定。</p>" in look(site, f"{HERE}/window/W03", lang="zh").text
    assert "is expected to wait 34 minutes" in look(site, f"{HERE}/window/W02").text
    site.world.clock.forward(days=1)
    site.issue()  # the day rolls over
    assert "There is no plan yet" in look(site, f"{HERE}/window/W03").text


def test_an_absent_clerk_is_marked(site: Site) -> None:
    assert site.post("/halls/town/clerks/c3/absent", absent=True).status_code == 200
    found = regions(site)
    assert "clerks__row--absent" in found["clerks"]
    assert "c3 is absent" in found["recent"]


def test_a_fragment_is_never_kept_by_a_cache(site: Site) -> None:
    assert look(site, f"{HERE}/state").headers["Cache-Control"] == "no-store"


def test_an_unchanged_hall_is_not_drawn_again(site: Site) -> None:
    tag = look(site, f"{HERE}/state").headers["ETag"]
    with site.app.test_client() as client:
        shown = {"Authorization": "Bearer manager", "If-None-Match": tag}
        assert client.get(f"{HERE}/state?lang=en", headers=shown).status_code == 304
        assert client.get(f"{HERE}/state?lang=zh", headers=shown).status_code == 200
        site.issue()
        assert client.get(f"{HERE}/state?lang=en", headers=shown).status_code == 200


def test_a_plans_sentence_speaks_names_not_ids() -> None:
    names = {"W2": "2", "W27": "27", "firm": "企业登记"}
    assert with_names("W27号窗口增办firm(现有16人等候)", names) == "27号窗口增办企业登记(现有16人等候)"
    assert with_names("W271 and confirm stay", names) == "W271 and confirm stay"


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("10:24起：7号窗口增办12（现有12人等候）；预计为10、24等7项共减少等候约24分钟，2共增加约10分钟。",
         "10:24起：A7号窗口增办A12（现有12人等候）；预计为A10、A24等7项共减少等候约24分钟，A2共增加约10分钟。"),
        ("At 10:24: Window 7 takes on 12 (12 waiting now); about 24 minutes less waiting in all for 10, 24 "
         "and 7 others, about 10 more for 2.",
         "At 10:24: Window A7 takes on A12 (12 waiting now); about 24 minutes less waiting in all for A10, "
         "A24 and 7 others, about 10 more for A2."),
        ("7号窗口停办10、24等7项，改办12（现有2人等候，一小时内约来24人），以保证12的最低窗口数。",
         "A7号窗口停办A10、A24等7项，改办A12（现有2人等候，一小时内约来24人），以保证A12的最低窗口数。"),
        ("Window 7 stops 10, 24 and 7 others and takes on 12 (2 waiting now, about 24 to come within the "
         "hour) to keep the least number of windows of 12.",
         "Window A7 stops A10, A24 and 7 others and takes on A12 (2 waiting now, about 24 to come within the "
         "hour) to keep the least number of windows of A12."),
        ("7号窗口今日已切换12次，达到上限。", "A7号窗口今日已切换12次，达到上限。"),
        ("Window 7 with 10 would leave 24 with 2 windows, fewer than the 7 it must have.",
         "Window A7 with A10 would leave A24 with 2 windows, fewer than the 7 it must have."),
        ("Window 7 takes on 2 (10 waiting now); together with windows 10, 12: about 24 minutes more.",
         "Window A7 takes on A2 (10 waiting now); together with windows A10, A12: about 24 minutes more."),
        ("7号窗口增办10（现有2人等候），但12约等24分钟，承诺10分钟；本方案距最优可能还差2.7%。",
         "A7号窗口增办A10（现有2人等候），但A12约等24分钟，承诺10分钟；本方案距最优可能还差2.7%。"),
        ("7 at window 10 would save 2, 24 about 12 minutes; but 24 would wait about 12 minutes where 10 "
         "minutes are promised; only known to be within 2.7 % of the best.",
         "A7 at window A10 would save A2, A24 about 12 minutes; but A24 would wait about 12 minutes where 10 "
         "minutes are promised; only known to be within 2.7 % of the best."),
    ],
)  # fmt: skip
def test_numbers_of_a_sentence_are_no_ids(sentence: str, told: str) -> None:
    """A hall may call its windows and services 7, 10, 12 and 24."""
    assert with_names(sentence, {id_: f"A{id_}" for id_ in ("2", "7", "10", "12", "24")}) == told
