"""A visitor at the kiosk, in a real browser: by finger, by keyboard, in both languages, in large print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Enter, Picture, accessible
from tests.browser.district import CAPPED, SHUT, district
from tests.web.served import Site

pytestmark = pytest.mark.browser

STANDING, LYING, HAND = (1080, 1920), (1920, 1080), (390, 844)
NUMBER = "[data-step=ticket] [data-number]"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A district's hall: families, lines of every length, one service shut and one at its cap."""
    with district(f"sqlite:///{tmp_path}/hall.sqlite") as found:
        yield found


@pytest.fixture
def kiosk(page_for: Enter) -> Page:
    """A kiosk that stands upright."""
    return opened(page_for("kiosk"))


def opened(page: Page, size: tuple[int, int] = STANDING, query: str = "") -> Page:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/h/town/kiosk{query}")
    expect(page.locator("[data-service=pension] [data-waiting]")).not_to_be_empty()
    return page


def tile(page: Page, service: str) -> Any:
    return page.locator(f"[data-service={service}]")


def take(page: Page, service: str = "pension") -> str:
    tile(page, service).click()
    page.click("[data-take=normal]")
    expect(page.locator(NUMBER)).to_be_visible()
    return page.inner_text(NUMBER)


def line(site: Site, service: str) -> int:
    board = site.get("/halls/town/boards/hall").json()["board"]
    found: int = next(row["waiting"] for row in board["lines"] if row["service"] == service)
    return found


def test_a_press_reaches_the_board_and_the_clerk_calls_it(
    page_for: Enter, kiosk: Page, site: Site, picture: Picture
) -> None:
    board, sign = page_for(), page_for()
    board.goto("/h/town/board")
    sign.goto("/h/town/sign/W01")
    before = line(site, "pension")
    picture(kiosk, "kiosk", whole=False)
    tile(kiosk, "pension").click()
    picture(kiosk, "kiosk-choose", whole=False)
    kiosk.click("[data-take=normal]")
    expect(kiosk.locator(NUMBER)).to_have_text(re.compile(r"A\d{3}"))
    number = kiosk.inner_text(NUMBER)
    picture(kiosk, "kiosk-ticket", whole=False)
    expect(board.locator("[data-service=pension] .line__count")).to_have_text(str(before + 1))
    for _ in range(40):
        if site.next("c1", "W01", finish=True).json()["call"]["number"] == number:
            break
    expect(board.locator(".call__number").first).to_have_text(number)
    expect(sign.locator("[data-number]")).to_have_text(number)


def test_a_double_press_makes_one_ticket(kiosk: Page, site: Site) -> None:
    before = line(site, "pension")
    tile(kiosk, "pension").click()
    kiosk.dblclick("[data-take=normal]")
    expect(kiosk.locator(NUMBER)).to_be_visible()
    assert line(site, "pension") == before + 1


def test_a_lost_answer_makes_one_ticket_and_the_same(kiosk: Page, site: Site, picture: Picture) -> None:
    lost: list[dict[str, Any]] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().json())
            route.abort()

    kiosk.route("**/api/v1/halls/town/tickets", lose_first)
    before = line(site, "pension")
    tile(kiosk, "pension").click()
    kiosk.click("[data-take=normal]")
    expect(kiosk.locator("[data-step=choose] [data-trouble]")).to_contain_text("正在重试")
    picture(kiosk, "kiosk-offline", whole=False)
    expect(kiosk.locator(NUMBER)).to_have_text(lost[0]["ticket"]["number"])
    assert line(site, "pension") == before + 1


def test_a_ticket_that_nobody_waited_for_is_the_next_visitors(kiosk: Page, site: Site) -> None:
    lost: list[dict[str, Any]] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().json())
        route.abort()

    tickets = "**/api/v1/halls/town/tickets"
    kiosk.route(tickets, lose)
    before = line(site, "pension")
    tile(kiosk, "pension").click()
    kiosk.click("[data-take=normal]")
    expect(kiosk.locator("[data-step=choose] [data-trouble]")).to_contain_text("正在重试")
    kiosk.click("[data-step=choose] [data-go=start]")
    kiosk.unroute(tickets, lose)
    tile(kiosk, "pension").click()
    kiosk.click("[data-take=normal]")
    expect(kiosk.locator(NUMBER)).to_have_text(lost[0]["ticket"]["number"])
    assert line(site, "pension") == before + 1


def test_what_is_shut_says_why_and_what_to_do(kiosk: Page) -> None:
    expect(tile(kiosk, SHUT).locator("[data-why]")).to_have_text(
        "现在不能取号。今天取号时间：14:00-16:00。可以预约。"
    )
    expect(tile(kiosk, CAPPED).locator("[data-why]")).to_have_text("今天的号已取完。可以预约。")
    tile(kiosk, CAPPED).click()
    expect(kiosk.locator("[data-take=normal]")).to_be_hidden()
    expect(kiosk.locator("[data-book]")).to_be_visible()


def test_a_refusal_is_said_in_words_with_a_way_back(kiosk: Page, site: Site, picture: Picture) -> None:
    tile(kiosk, "pension").click()
    site.world.clock.forward(hours=9)  # the hall has closed since this page was drawn
    kiosk.click("[data-take=normal]")
    expect(kiosk.locator("[data-step=choose] [data-trouble]")).to_contain_text("现在不取号")
    picture(kiosk, "kiosk-refused", whole=False)
    kiosk.click("[data-step=choose] [data-go=start]")
    expect(kiosk.locator("[data-step=start]")).to_be_visible()


def test_booked_at_the_kiosk_and_checked_in_there(kiosk: Page, site: Site, picture: Picture) -> None:
    tile(kiosk, "title").click()
    kiosk.click("[data-book]")
    free = kiosk.locator("[data-slot]:enabled")
    expect(free.first).to_be_visible()
    picture(kiosk, "kiosk-slots", whole=False)
    free.first.click()
    expect(kiosk.locator("[data-step=booked] [data-code]")).to_have_text(re.compile(r"\d{8}"))
    picture(kiosk, "kiosk-booked", whole=False)
    code = kiosk.inner_text("[data-code]")
    kiosk.click("[data-step=booked] [data-go=start]")
    kiosk.click("[data-go=check-in]")
    kiosk.click("[data-form=check-in] .button--first")
    expect(kiosk.locator("[data-step=check-in] [data-trouble]")).to_be_visible()
    for figure in code:
        kiosk.click(f"[data-step=check-in] .pad__key:text-is('{figure}')")
    picture(kiosk, "kiosk-check-in", whole=False)
    kiosk.click("[data-form=check-in] .button--first")
    expect(kiosk.locator(NUMBER)).to_have_text(re.compile(r"F\d{3}"))


def test_a_passed_number_comes_back_once(kiosk: Page, site: Site, picture: Picture) -> None:
    answer = site.next("c1", "W01", finish=True).json()["call"]
    number = answer["number"]
    assert site.post(f"/tickets/{answer['ticket']}/pass-over", "c1").status_code == 200
    kiosk.click("[data-go=find]")
    kiosk.fill("#number", number)
    picture(kiosk, "kiosk-find", whole=False)
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator(NUMBER)).to_have_text(number)
    picture(kiosk, "kiosk-passed", whole=False)
    kiosk.click("[data-again]")
    expect(kiosk.locator("[data-step=ticket] [data-ahead]")).to_be_visible()
    expect(kiosk.locator("[data-again]")).to_be_hidden()


def test_the_keyboard_alone_is_enough(kiosk: Page) -> None:
    kiosk.evaluate("document.querySelector('[data-service=pension]').focus()")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("[data-step=choose] h1")).to_be_focused()
    kiosk.keyboard.press("Tab")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("[data-step=ticket] h1")).to_be_focused()


def test_english_and_large_print_until_the_visitor_has_gone(
    page_for: Enter, site: Site, picture: Picture
) -> None:
    page = page_for("kiosk")
    page.clock.install()
    opened(page)
    page.click("[data-large]")
    page.click(".mast__way[lang=en]")
    expect(page.locator("h1:visible")).to_have_text("What have you come for?")
    expect(page.locator("html.is-large")).to_have_count(1)
    smallest = page.evaluate(
        """Math.min(...[...document.querySelectorAll('.steps *')].filter((one) => one.checkVisibility()
            && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
            .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )
    assert smallest >= 24, "DOMAIN.md: at least 24 px for elderly people"
    picture(page, "kiosk-large-en", whole=False)
    tile(page, "pension").click()
    page.clock.run_for(timedelta(seconds=65).total_seconds() * 1000)
    expect(page.locator("[data-step=choose]")).to_be_visible()
    page.clock.run_for(10_000)
    expect(page.locator("[data-idle]")).to_contain_text("seconds")
    picture(page, "kiosk-idle-en", whole=False)
    page.clock.run_for(20_000)
    expect(page.locator("h1:visible")).to_have_text("您要办什么事？")
    expect(page.locator("html.is-large")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_step_is_without_barriers(page_for: Enter, lang: str) -> None:
    page = opened(page_for("kiosk", lang=lang))
    assert accessible(page) == []
    tile(page, "title").click()
    assert accessible(page) == []
    page.click("[data-book]")
    page.wait_for_selector("[data-slot]")
    assert accessible(page) == []
    page.click("[data-step=slots] [data-go=start]")
    page.click("[data-go=find]")
    assert accessible(page) == []
    page.click("[data-step=find] [data-go=start]")
    take(page)
    assert accessible(page) == []


@pytest.mark.parametrize(("size", "name"), [(LYING, "kiosk-lying"), (HAND, "kiosk-phone")])
def test_other_shapes_need_no_sideways_scroll(
    page_for: Enter, picture: Picture, size: tuple[int, int], name: str
) -> None:
    page = opened(page_for("kiosk"), size)
    picture(page, name, whole=False)
    take(page)
    picture(page, f"{name}-ticket", whole=False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [STANDING, LYING])
def test_a_districts_services_fit_the_kiosk(page_for: Enter, size: tuple[int, int]) -> None:
    page = opened(page_for("kiosk"), size)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize(("paper", "width_mm"), [("80", 80), ("58", 58)])
def test_the_slip_is_one_page_of_the_printers_paper(
    page_for: Enter, tmp_path: Path, paper: str, width_mm: int
) -> None:
    page = page_for("kiosk")
    page.add_init_script("window.printed = 0; window.print = () => (window.printed += 1);")
    opened(page, query=f"?print=1&paper={paper}")
    number = take(page)
    assert page.evaluate("window.printed") == 1
    assert page.text_content("[data-slip-number]") == number
    sheet = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert len(sizes) == 1
    assert abs(float(sizes[0][0]) * 25.4 / 72 - width_mm) < 1
