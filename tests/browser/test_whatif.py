"""A manager asks what a decision would bring, in a real browser; a process of its own simulates it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter, Picture, accessible
from tests.web.served import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
ANSWER_MS = 60_000  # a process starts, imports and simulates sixty days


@pytest.fixture
def crowd(site: Site) -> Site:
    """Two windows at work, a dozen people waiting."""
    site.sign_in("c1", "W01")
    site.sign_in("c2", "W02")
    for number in range(12):
        site.world.clock.forward(minutes=2)
        site.issue("estate" if number % 3 == 0 else "social")
    return site


def asked(page_for: Enter, lang: str = "zh") -> Page:
    page = page_for("manager", lang=lang)
    page.goto("/h/town/manage")
    page.click("a[href$='/manage/whatif']")
    page.wait_for_url("**/manage/whatif")
    return page


@pytest.mark.parametrize(("lang", "whole"), [("zh", "整个大厅"), ("en", "The whole hall")])
def test_a_clerk_away_costs_waiting_and_every_line_is_shown(
    crowd: Site, page_for: Enter, picture: Picture, lang: str, whole: str
) -> None:
    page = asked(page_for, lang)
    assert accessible(page) == []
    page.select_option("#ask", "clerk_absent")
    page.select_option("#clerk", "c2")
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    rows = page.locator("[data-table] tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text(whole)
    expect(page.locator("[data-short]")).to_contain_text({"zh": "多等", "en": "more in the mean"}[lang])
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    assert accessible(page) == []
    picture(page, f"whatif-{lang}")


def test_more_people_and_then_whose_training_is_worth_most(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for)
    page.select_option("#ask", "more_demand")
    page.fill("#percent", "20")
    page.press("#percent", "Enter")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    page.select_option("#ask", "worth training")
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("[data-asked]")).to_contain_text("授权")


def test_a_longer_promise_tells_how_many_fewer_wait_longer_than_that(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for, "en")
    page.select_option("#ask", "promise")
    page.fill("#minutes", "240")
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("[data-short]")).to_contain_text("fewer would wait longer than promised")


def test_a_wrong_field_is_named_and_what_is_allowed(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for)
    page.select_option("#ask", "window_shut")
    page.fill("#from", "16:00")
    page.fill("#to", "15:00")
    page.click("[data-ask]")
    expect(page.locator("[data-wrong]")).to_contain_text("结束须晚于开始", timeout=ANSWER_MS)
    expect(page.locator("#to")).to_be_focused()
