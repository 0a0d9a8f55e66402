"""A clerk's working day at the console, in a real browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from hall.core.people import WORKER
from hall.desk import plans
from hall.store import read
from tests.browser.conftest import Enter, Picture, accessible
from tests.builders import MANAGER
from tests.plans import plan_with_flip
from tests.web.served import Site

pytestmark = pytest.mark.browser
NUMBER = "[data-number]"


def at_window(page_for: Enter, clerk: str = "c1", **more: Any) -> Page:
    """The clerk's page after choosing the usual window and signing in there."""
    page = page_for(clerk, **more)
    page.goto("/h/town/console")
    page.click(".place--wish")
    page.click("[data-press=sign-in]")
    page.wait_for_selector("[data-press=next]")
    idle(page)
    return page


def idle(page: Page) -> None:
    """Until the last press is answered and drawn."""
    page.wait_for_function("!document.querySelector('.is-busy')")


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)
    idle(page)


def sign(site: Site, window: str = "W01") -> Any:
    return site.get(f"/halls/town/boards/window:{window}").json()["board"]


def test_next_changes_the_windows_sign(page_for: Enter, site: Site, picture: Picture) -> None:
    ticket = site.issue()
    screen = page_for()
    screen.goto("/h/town/sign/W01")
    page = page_for("c1")
    page.goto("/h/town/console")
    picture(page, "console-choose")
    page.click(".place--wish")
    picture(page, "console-closed")
    page.click("[data-press=sign-in]")
    page.wait_for_selector("[data-press=next]")
    idle(page)
    picture(page, "console-waiting")
    page.click("[data-press=next]")
    expect(page.locator(NUMBER)).to_have_text(ticket["number"])
    expect(screen.locator(NUMBER)).to_have_text(ticket["number"])
    picture(page, "console-called")


def test_ten_visitors_by_keyboard_alone(page_for: Enter, site: Site) -> None:
    numbers = [site.issue()["number"] for _ in range(10)]
    page = at_window(page_for)
    seen = []
    for index in range(10):
        page.keyboard.press(("Space", "Enter", "n")[index % 3])
        expect(page.locator(NUMBER)).not_to_have_text(seen[-1] if seen else "-")
        seen.append(page.inner_text(NUMBER))
        idle(page)
        press(page, "s")
        expect(page.locator(".case__state--serving")).to_be_visible()
    press(page, "f")
    assert seen == numbers
    expect(page.locator(".calm--idle")).to_contain_text("您的队列没有人在等")


def test_a_held_key_presses_once(page_for: Enter, site: Site) -> None:
    for _ in range(3):
        site.issue()
    page = at_window(page_for)
    page.evaluate(
        """for (const repeat of [false, true, true, true])
             document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "n", bubbles: true, repeat}))"""
    )
    idle(page)
    expect(page.locator(NUMBER)).to_have_text("A001")


def test_hold_return_pass_over_recall_and_transfer(page_for: Enter, site: Site, picture: Picture) -> None:
    for _ in range(3):
        site.issue()
    page = at_window(page_for)
    press(page, "n")
    page.keyboard.press("h")
    page.wait_for_selector("#hold[open]")
    picture(page, "console-hold")
    page.keyboard.press("Enter")
    expect(page.locator(".aside__row")).to_contain_text("A001")
    idle(page)
    press(page, "n")
    press(page, "r")
    expect(page.locator("[data-said]")).to_contain_text("已重呼 A002")
    press(page, "p")
    expect(page.locator(".aside__row")).to_have_count(2)
    page.click("[data-press=back-A001]")
    idle(page)
    press(page, "n")
    expect(page.locator(NUMBER)).to_have_text("A001")
    expect(page.locator(".case__why")).to_contain_text("挂起后返回")
    page.keyboard.press("t")
    page.wait_for_selector("#sheet[open]")
    picture(page, "console-transfer")
    page.click("#sheet .choice:has([value=estate])")
    page.click("#sheet .press--first")
    expect(page.locator("[data-said]")).to_contain_text("A001 已转移")
    assert sign(site)["call"] is None


def test_keys_belong_to_a_dialog_while_it_is_open(page_for: Enter, site: Site) -> None:
    site.issue()
    page = at_window(page_for)
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    expect(page.locator(NUMBER)).to_have_count(0)


def test_a_pause_and_back(page_for: Enter, picture: Picture) -> None:
    page = at_window(page_for)
    picture(page, "console-nobody-waiting")
    page.keyboard.press("b")
    page.wait_for_selector("#pause[open]")
    page.click("#pause .press--first")
    expect(page.locator(".calm--paused")).to_contain_text("休息")
    idle(page)
    picture(page, "console-paused")
    press(page, "Space")
    expect(page.locator("[data-press=next]")).to_be_visible()


def test_an_answer_lost_on_the_way_does_nothing_twice(page_for: Enter, site: Site, picture: Picture) -> None:
    for _ in range(3):
        site.issue()
    page = at_window(page_for)
    tries = []

    def lose(route: Route) -> None:
        tries.append(route.request.post_data_json["request_id"])
        if len(tries) == 1:
            route.fetch()  # it reaches the hall, only its answer is lost
        if len(tries) < 3:
            route.abort()
        else:
            route.continue_()

    page.route("**/call-next", lose)
    before = version(site)
    page.keyboard.press("Space")
    expect(page.locator("[data-link]")).to_contain_text("不会重复执行")
    picture(page, "console-answer-lost")
    idle(page)
    expect(page.locator(NUMBER)).to_have_text("A001")
    assert len(tries) == 3
    assert len(set(tries)) == 1
    assert version(site) == before + 1


def version(site: Site) -> int:
    with site.world.db.look() as session:
        return read.hall(session, site.world.hall).version


def test_without_a_connection_presses_are_kept_out(page_for: Enter, site: Site, picture: Picture) -> None:
    site.issue()
    page = at_window(page_for)
    page.context.set_offline(True)
    expect(page.locator("[data-link]")).to_contain_text("起连接中断", timeout=20_000)
    page.keyboard.press("Space")
    expect(page.locator("[data-said]")).to_contain_text("没有发出")
    picture(page, "console-offline")
    page.context.set_offline(False)
    expect(page.locator("[data-link]")).to_be_hidden(timeout=10_000)
    expect(page.locator(NUMBER)).to_have_count(0)
    press(page, "Space")
    expect(page.locator(NUMBER)).to_have_text("A001")


def test_a_press_after_a_lost_look_asks_again_and_is_taken(page_for: Enter, site: Site) -> None:
    site.issue()
    page = at_window(page_for)
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # the page does not look again by itself
    page.route("**/console/state*", lambda route: route.abort())
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-link]")).to_contain_text("起连接中断")
    page.unroute("**/console/state*")
    page.keyboard.press("Space")
    expect(page.locator(NUMBER)).to_have_text("A001")
    expect(page.locator("[data-link]")).to_be_hidden()


@pytest.mark.parametrize("by", ["mouse", "key"])
def test_a_press_that_is_held_while_the_page_is_drawn_anew_is_taken(page_for: Enter, by: str) -> None:
    """A finger needs no such care: its click is sent where it is lifted."""
    page = page_for("c1")
    page.route("**/console/state*", lambda route: None)  # kept waiting
    page.goto("/h/town/console/W01")
    page.wait_for_selector(".is-ready")
    page.evaluate("document.querySelector('main').addEventListener('drawn', () => (window.isDrawn = true))")
    button = page.locator("[data-press=sign-in]")
    button.hover()
    button.focus()
    page.mouse.down() if by == "mouse" else page.keyboard.down(" ")
    page.unroute("**/console/state*")  # lets them go
    page.wait_for_function("window.isDrawn")
    page.mouse.up() if by == "mouse" else page.keyboard.up(" ")
    page.wait_for_selector("[data-press=next]")


def test_a_refusal_is_told_in_plain_words(page_for: Enter, site: Site, picture: Picture) -> None:
    site.issue()
    page = at_window(page_for)
    page.route("**/console/state*", lambda route: route.abort())  # so that the page does not see it coming
    site.post("/halls/town/windows/W01/sign-out", "manager")
    page.evaluate("document.querySelector('[data-press=next]').click()")
    page.unroute("**/console/state*")
    expect(page.locator("[data-said]")).to_contain_text(re.compile("窗口关闭|没有发出"))


def test_another_screen_follows_by_itself(page_for: Enter, site: Site) -> None:
    site.issue()
    page = at_window(page_for)
    expect(page.locator(".sheet__figure").first).to_have_text("1")
    site.issue()
    expect(page.locator(".sheet__figure").first).to_have_text("2", timeout=5_000)


def test_an_announced_flip_its_setup_and_ready(page_for: Enter, site: Site, picture: Picture) -> None:
    until = site.world.clock.real() + timedelta(minutes=1)
    site.world.do(lambda c: plans.pin(c, "W01", ["social"], until), MANAGER)
    page = at_window(page_for)
    site.world.do(lambda c: plans.unpin(c, "W01"), MANAGER)
    row = site.world.do(
        lambda c: plans.propose(c, plan_with_flip("W01", ["social"], ["estate"], at_s=34200)), WORKER
    )
    site.post(f"/plans/{row.id}/approve")
    expect(page.locator(".notice--flip")).to_contain_text("09:30 起改办", timeout=5_000)
    picture(page, "console-flip-announced")
    site.world.clock.forward(minutes=40)
    press(page, "n")
    expect(page.locator(".calm--setup")).to_contain_text("不动产登记")
    expect(page.locator("[data-said]")).to_be_hidden()
    picture(page, "console-setup")
    press(page, "Space")
    expect(page.locator("[data-press=next]")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_console_is_accessible(page_for: Enter, site: Site, picture: Picture, lang: str) -> None:
    site.issue(**{"class": "priority"})
    page = page_for("c1", lang=lang)
    page.goto("/h/town/console")
    assert accessible(page) == []
    page = at_window(page_for, "c2", lang=lang)
    assert accessible(page) == []
    press(page, "n")
    assert accessible(page) == []
    page.keyboard.press("h")
    page.wait_for_selector("#hold[open]")
    assert accessible(page) == []
    if lang == "en":
        page.keyboard.press("Escape")
        picture(page, "console-called-en")
