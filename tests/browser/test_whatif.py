"""A manager asks what a decision would bring, in a real browser; a process of its own simulates it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hall.store.tables import Skill
from tests.browser.conftest import Enter, Picture, accessible
from tests.builders import HALL
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
    expect(page.locator("[data-more]")).to_contain_text({"zh": "单独一天", "en": "A single day"}[lang])
    expect(page.locator("[data-asked]")).to_be_focused()
    expect(page.locator("[data-asked]")).to_contain_text("c2")
    heads = page.locator("[data-table] thead th").all_inner_texts()
    assert len(set(heads)) == len(heads) == 10, "each column is told apart by whoever listens"
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    assert page.locator("[data-scroll]").evaluate("part => part.scrollWidth <= part.clientWidth")
    assert accessible(page) == []
    picture(page, f"whatif-{lang}")


def test_more_people_and_then_whose_training_is_worth_most(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for)
    page.select_option("#ask", "more_demand")
    page.fill("#percent", "22")
    page.press("#percent", "Enter")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    page.select_option("#ask", "worth training")
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("[data-asked]")).to_contain_text("授权")
    expect(page.locator("[data-short]")).to_have_text("等候最久的业务类别，在岗人员都已有授权。")
    expect(page.locator("[data-scroll]")).to_be_hidden()


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


def test_the_next_question_is_about_all_services_again(crowd: Site, page_for: Enter) -> None:
    with crowd.world.db.change() as session:
        session.delete(session.get_one(Skill, (HALL, "c1", "estate")))
    page = asked(page_for, "en")
    page.select_option("#ask", "authorised")
    expect(page.locator("#clerk option")).to_have_text(["c1"])
    expect(page.locator("#service option")).to_have_text(["Real estate"])
    page.select_option("#ask", "more_demand")
    expect(page.locator("#service")).to_have_value("")
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("[data-asked]")).to_contain_text("Service: all services · Per cent more: 20")


def test_without_a_forecast_more_people_are_no_question(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for, "en")
    page.select_option("#ask", "more_demand")
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("[data-short]")).to_contain_text("no forecast of today yet")
    expect(page.locator("[data-unforetold]")).to_be_visible()
    expect(page.locator("[data-more]")).to_be_empty()


def test_where_nobody_is_at_work_the_page_says_so_and_asks_nothing(site: Site, page_for: Enter) -> None:
    page = asked(page_for, "en")
    expect(page.locator("[data-none]")).to_contain_text("Nobody is at work")
    expect(page.locator("[data-ask]")).to_be_disabled()
    page.select_option("#ask", "window_opened")
    expect(page.locator("[data-none]")).to_have_text("Every window is in use already.")
    page.select_option("#ask", "worth training")
    expect(page.locator("[data-none]")).to_be_empty()
    page.click("[data-ask]")
    expect(page.locator("[data-short]")).to_contain_text("there is nobody to ask about", timeout=ANSWER_MS)


def test_a_break_is_offered_as_planned_and_the_fields_come_back(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for)
    before = page.input_value("#from")
    page.select_option("#ask", "breaks")
    assert (page.input_value("#from"), page.input_value("#minutes")) == ("11:30", "")
    expect(page.locator("#minutes")).to_have_attribute("placeholder", "不变")
    assert (page.get_attribute("#minutes", "min"), page.get_attribute("#minutes", "max")) == ("5", "120")
    page.select_option("#ask", "promise")
    assert (page.input_value("#from"), page.input_value("#minutes")) == (before, "30")
    page.select_option("#ask", "breaks")
    page.fill("#from", "14:00")
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("[data-asked]")).to_contain_text("分钟：不变")


def test_a_break_at_its_own_time_changes_no_day_and_that_is_said(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for)
    page.select_option("#ask", "breaks")
    page.click("[data-ask]")
    expect(page.locator("[data-short]")).to_have_text(
        "没有差别：每个模拟日都与不作改变时完全相同。", timeout=ANSWER_MS
    )
    expect(page.locator("[data-more]")).to_have_text("")


def test_a_question_is_stopped_and_the_next_can_be_asked_at_once(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for, "en")
    for _ in range(3):  # only two may be worked on at once
        page.click("[data-ask]")
        page.press("[data-cancel]", "Enter")
        expect(page.locator("[data-wrong]")).to_have_text("Stopped. Nothing was answered.", timeout=2_000)
        expect(page.locator("[data-ask]")).to_be_focused()
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)


def test_after_closing_the_page_says_once_that_the_day_is_over(crowd: Site, page_for: Enter) -> None:
    crowd.world.clock.forward(hours=9)
    page = asked(page_for, "en")
    expect(page.get_by_text("the day is over")).to_have_count(1)
    expect(page.locator("[data-ask]")).to_be_disabled()
    assert accessible(page) == []


def test_the_page_fits_a_small_phone(crowd: Site, page_for: Enter, picture: Picture) -> None:
    page = asked(page_for)
    page.set_viewport_size({"width": 360, "height": 740})
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture(page, "whatif-phone")


def answering(page: Page, answer: dict[str, Any], is_foretold: bool = True) -> None:
    """Answer the next question so, without a simulation."""
    told = json.dumps({"answer": answer, "is_foretold": is_foretold}) + "\n"
    page.unroute("**/whatif/ask*")
    page.route("**/whatif/ask*", lambda route: route.fulfill(body=told, content_type="application/x-ndjson"))
    page.click("[data-ask]")
    expect(page.locator("[data-found]")).to_be_visible()


@pytest.mark.parametrize(
    ("days", "is_foretold", "cell", "short"),
    [
        (0, True, "nobody comes", "Nobody comes: there is nothing to compare."),
        (1, True, "too few days with visitors to tell", "Too few days with visitors to tell."),
        (0, False, "no forecast yet", "nobody waits, and there is no forecast of today yet."),
    ],
)
def test_a_line_without_figures_says_why(
    crowd: Site, page_for: Enter, days: int, is_foretold: bool, cell: str, short: str
) -> None:
    page = asked(page_for, "en")
    nothing = dict.fromkeys(("mean_s", "p90_s", "over_30_min", "late"))
    row = {"before": nothing, "after": nothing, "difference": nothing, "days": {"before": days, "after": 0}}
    answering(page, {"replications": 30, "hall": row, "services": {"social": row}}, is_foretold)
    expect(page.locator("[data-short]")).to_contain_text(short)
    expect(page.locator("[data-table] tbody tr").last.locator("td").first).to_have_text(cell)
    expect(page.locator("[data-chart]")).to_be_hidden()


def test_a_ranking_names_the_best_only_where_it_stands_out(crowd: Site, page_for: Enter) -> None:
    page = asked(page_for, "en")
    page.select_option("#ask", "worth training")
    first = {
        "who": "c1",
        "family": "estate",
        "value": 50,
        "low": 10,
        "high": 90,
        "day_low": 0,
        "day_high": 99,
    }
    second = first | {"who": "c2", "value": 20, "low": -20, "high": 60}
    counted = {"replications": 40, "asked": 6, "screened_days": 8}
    answering(page, counted | {"nothing": None, "worth": [first, second]})
    expect(page.locator("[data-short]")).to_contain_text("c1, estate: worth most, 50 minutes")
    expect(page.locator("[data-more]")).to_contain_text("may be worth as much")
    expect(page.locator("[data-note]")).to_contain_text("6 questions were tried on 8 days each")
    answering(page, counted | {"nothing": "chance", "worth": [second]})
    expect(page.locator("[data-short]")).to_have_text("None stands out from chance.")
    expect(page.locator("[data-more]")).to_be_empty()
    expect(page.locator("[data-table] tbody td").last).to_have_text("no")
