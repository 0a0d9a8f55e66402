"""A manager's two minutes at the dashboard, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hall.core.people import WORKER
from hall.desk import plans
from hall.store.tables import Lease, Window
from tests.browser.conftest import Enter, Picture, accessible
from tests.builders import HALL, MANAGER
from tests.plans import plan_with_flip
from tests.web.served import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def proposed(site: Site) -> Any:
    """Window 2 serves estate and is proposed to flip to social at 10:30; ten people wait."""
    until = site.world.clock.real() + timedelta(minutes=1)
    site.world.do(lambda c: plans.pin(c, "W02", ["estate"], until), MANAGER)
    site.sign_in("c2", "W02")
    site.sign_in("c1", "W01")
    site.world.do(lambda c: plans.unpin(c, "W02"), MANAGER)
    for _ in range(10):
        site.world.clock.forward(minutes=2)
        site.issue()
    site.next()
    site.world.clock.forward(hours=1)
    with site.world.db.change() as session:
        session.add(
            Lease(
                hall_id="town", role="worker", holder="w", until=site.world.clock.real() + timedelta(hours=1),
                state={"status": "optimal"},
            )
        )  # fmt: skip
    told = plan_with_flip("W02", ["estate"], ["social"], at_s=37800, clerk="c2", now_s=37200)
    told["posts"].append(
        {"clerk": "c1", "window": "W01", "mode": ["estate", "social"], "from_s": 37200, "to_s": 43200}
    )
    return site.world.do(lambda c: plans.propose(c, told), WORKER)


def dashboard(page_for: Enter, **more: Any) -> Page:
    page = page_for("manager", **more)
    page.goto("/h/town/manage")
    idle(page)
    return page


def idle(page: Page) -> None:
    page.wait_for_function("!document.querySelector('.is-busy')")


def sign_next(site: Site) -> Any:
    return site.get("/halls/town/boards/window:W02").json()["board"]["next"]


def test_an_approved_flip_reaches_sign_and_console(
    page_for: Enter, site: Site, proposed: Any, picture: Picture
) -> None:
    page = dashboard(page_for)
    picture(page, "dashboard-proposal")
    console = page_for("c2")
    console.goto("/h/town/console/W02")
    screen = page_for()
    screen.goto("/h/town/sign/W02")
    expect(screen.locator("[data-mode]")).to_contain_text("不动产登记")
    page.click("[data-press=approve-W02]")
    expect(page.locator("[data-said]")).to_contain_text("2 号窗口 10:30 切换")
    expect(page.locator("[data-window=W02] .cell__next")).to_contain_text("10:30")
    expect(console.locator(".notice--flip")).to_contain_text("10:30 起改办", timeout=5_000)
    expect(screen.locator("[data-next]")).to_contain_text("10:30")
    site.world.clock.forward(minutes=15)
    console.keyboard.press("Space")
    expect(console.locator(".calm--setup")).to_contain_text("社保医保")
    expect(screen.locator("[data-mode]")).to_contain_text("社保医保")
    picture(page, "dashboard-approved")


def test_a_morning_with_another_mix_is_said_in_one_line(
    page_for: Enter, site: Site, proposed: Any, picture: Picture
) -> None:
    page = dashboard(page_for)
    expect(page.locator(".glance__mix")).to_have_count(0)
    with site.world.db.change() as session:
        lease = session.get_one(Lease, ("town", "worker"))
        lease.state = lease.state | {"mix": {"social": 1.62, "estate": 0.55, "gone": 3.0}}
    page.reload()
    expect(page.locator(".glance__mix")).to_contain_text("estate −45 %，social +62 %")
    picture(page, "dashboard-mix")
    assert accessible(page) == []


def test_undo_is_there_right_after_approval(page_for: Enter, site: Site, proposed: Any) -> None:
    page = dashboard(page_for)
    page.click("[data-press=approve-all]")
    page.click("[data-said-undo]:visible")
    expect(page.locator("[data-said]")).to_contain_text("已撤回")
    idle(page)
    assert sign_next(site) is None
    expect(page.locator(".standing__row")).to_have_count(0)


def test_a_refusal_needs_a_reason_and_is_remembered(
    page_for: Enter, site: Site, proposed: Any, picture: Picture
) -> None:
    page = dashboard(page_for)
    page.click("[data-opens=refuse-W02]")
    page.click("#refuse-W02 [type=submit]")
    expect(page.locator("#refuse-W02")).to_be_visible()  # no reason, no refusal
    page.fill("#refuse-W02 [name=reason]", "房产下午有团体预约")
    picture(page, "dashboard-refuse")
    page.click("#refuse-W02 [type=submit]")
    expect(page.locator("[data-said]")).to_contain_text("已拒绝")
    expect(page.locator(".recent__row").first).to_contain_text("房产下午有团体预约")
    expect(page.locator("[data-flip]")).to_have_count(0)
    assert sign_next(site) is None


def test_a_window_is_pinned_and_freed(page_for: Enter, site: Site, picture: Picture) -> None:
    page = dashboard(page_for)
    page.click("[data-window=W03]")
    page.wait_for_selector("#sheet[open]")
    page.click("#sheet .choice:has([value=estate])")
    picture(page, "dashboard-pin")
    page.click("#sheet [type=submit]")
    expect(page.locator("[data-said]")).to_contain_text("3 号窗口已固定")
    idle(page)
    expect(page.locator("[data-window=W03] .cell__mark")).to_have_count(2)
    page.click("[data-window=W03]")
    page.click("#sheet [data-press=unpin]")
    expect(page.locator("[data-said]")).to_contain_text("重新由方案安排")
    page.keyboard.press("Escape")
    expect(page.locator("[data-window=W03] .cell__mark")).to_have_count(1)


def test_a_pin_for_which_no_flip_is_left_today_is_refused_on_the_sheet(page_for: Enter, site: Site) -> None:
    with site.world.db.change() as session:
        row = session.get_one(Window, (HALL, "W03"))
        row.mode, row.flips_today = ["social"], 6
    page = dashboard(page_for)
    page.click("[data-window=W03]")
    page.wait_for_selector("#sheet[open]")
    page.click("#sheet .choice:has([value=estate])")
    page.click("#sheet .choice:has([value=social])")
    page.click("#sheet [type=submit]")
    expect(page.get_by_text("请固定为现在的业务或关闭")).to_be_visible()


def test_who_decides_can_be_changed(page_for: Enter, site: Site, proposed: Any) -> None:
    page = dashboard(page_for)
    page.click("[data-press=mode-advise]")
    expect(page.locator("[data-press=mode-advise].is-chosen")).to_be_visible()
    expect(page.locator("[data-press=approve-W02]")).to_have_count(0)
    idle(page)
    page.click("[data-press=mode-approve]")
    expect(page.locator("[data-press=approve-W02]")).to_be_visible()


def test_a_clerk_is_marked_absent(page_for: Enter, site: Site) -> None:
    page = dashboard(page_for)
    page.click("[data-press=absent-c3]")
    expect(page.locator(".clerks__row--absent")).to_contain_text("c3")


def test_a_clerk_has_no_dashboard(page_for: Enter) -> None:
    page = page_for("c1")
    answer = page.goto("/h/town/manage")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("main")).to_contain_text("您的角色无权这样操作")


def test_a_quiet_hall_says_why_there_is_no_plan(page_for: Enter, picture: Picture) -> None:
    page = dashboard(page_for)
    expect(page.locator("[data-region=proposal]")).to_contain_text("排窗程序没有运行")
    expect(page.locator("[data-region=top]")).to_contain_text("排窗程序尚未启动")
    picture(page, "dashboard-no-plan")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_dashboard_is_accessible(
    page_for: Enter, proposed: Any, site: Site, picture: Picture, lang: str
) -> None:
    page = dashboard(page_for, lang=lang)
    assert accessible(page) == []
    site.post(f"/plans/{proposed.id}/approve")
    expect(page.locator(".timeline").first).to_be_visible(timeout=5_000)
    assert accessible(page) == []
    page.click("[data-window=W02]")
    page.wait_for_selector("#sheet[open]")
    assert accessible(page) == []
    if lang == "en":
        page.keyboard.press("Escape")
        picture(page, "dashboard-en")
