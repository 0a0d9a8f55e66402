"""A manager tells the forecast of days to come, in a real browser: adds, changes, removes, takes it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from hall.desk import calendar
from hall.desk.calendar import Wanted
from tests.browser.conftest import Enter, Picture, accessible
from tests.builders import MANAGER
from tests.web.served import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
FIRST, LAST = date(2026, 3, 9), date(2026, 3, 29)
HALF = date(2026, 3, 20)


def opened(page_for: Enter, lang: str = "zh", query: str = "") -> Page:
    page = page_for("manager", lang=lang)
    page.goto("/h/town/manage")
    page.click("a[href$='/manage/calendar']")
    page.wait_for_url("**/manage/calendar")
    if query:
        page.goto(f"/h/town/manage/calendar?{query}")
    return page


def cell(page: Page, day: date) -> Locator:
    return page.locator(f"[data-day='{day}']")


def say(site: Site, wanted: Wanted) -> None:
    site.world.do(lambda c: calendar.add(c, wanted), MANAGER)


@pytest.mark.parametrize(("lang", "today", "holiday"), [("zh", "今天", "节假日"), ("en", "today", "holiday")])
def test_the_next_weeks_show_what_is_published_and_what_the_hall_says(
    site: Site, page_for: Enter, picture: Picture, lang: str, today: str, holiday: str
) -> None:
    say(site, Wanted(FIRST, LAST, "event", factor=2.0, services=["estate"], note="新房集中交付"))
    say(site, Wanted(HALF, HALF, "half", open_s=9 * 3600, close_s=12 * 3600, note="停电检修"))
    page = opened(page_for, lang)
    expect(cell(page, date(2026, 3, 2))).to_contain_text(today)
    expect(cell(page, date(2026, 4, 5))).to_contain_text(holiday)
    expect(cell(page, HALF).locator(".mark")).to_have_count(3)  # the event, the half day, the longer hours
    expect(page.locator(".notice--flip")).to_have_count(0)
    assert accessible(page) == []
    picture(page, f"calendar-{lang}")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_fits_a_phone(site: Site, page_for: Enter, picture: Picture, lang: str) -> None:
    page = opened(page_for, lang)
    page.set_viewport_size({"width": 360, "height": 780})
    page.select_option("#kind", "event")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    picture(page, f"calendar-phone-{lang}")


def test_an_event_is_added_changed_removed_and_put_back(site: Site, page_for: Enter) -> None:
    page = opened(page_for)
    cell(page, FIRST).press("Enter")
    expect(page.locator("#from")).to_have_value(FIRST.isoformat())
    page.fill("#to", LAST.isoformat())
    page.fill("#factor", "2")
    page.check("[name=services][value=estate]")
    page.press("#note", "Enter")
    expect(cell(page, LAST)).to_contain_text("×2 不动产登记")
    page.click("[data-change]")
    page.fill("#factor", "1.5")
    page.click("[data-send]")
    expect(cell(page, LAST)).to_contain_text("×1.5")
    page.click("[data-remove]")
    expect(cell(page, LAST).locator(".mark")).to_have_count(0)
    page.click("[data-undo]")
    expect(cell(page, LAST)).to_contain_text("×1.5")
    expect(page.locator("[data-entry]")).to_have_count(1)


def test_what_was_added_a_moment_ago_is_taken_back(site: Site, page_for: Enter) -> None:
    page = opened(page_for)
    page.select_option("#kind", "half")
    expect(page.locator("#factor")).to_be_hidden()
    page.click("[data-send]")
    expect(cell(page, date(2026, 3, 2))).to_contain_text("09:00–12:00")
    page.click("[data-undo]")
    expect(cell(page, date(2026, 3, 2)).locator(".mark")).to_have_count(0)


def test_a_wrong_field_is_named_and_what_is_allowed(site: Site, page_for: Enter) -> None:
    page = opened(page_for)
    page.fill("#factor", "20")
    page.click("[data-send]")
    expect(page.locator("[data-wrong]")).to_contain_text("0.1 … 10")
    expect(page.locator("#factor")).to_be_focused()


@pytest.mark.parametrize(
    ("lang", "early", "none"),
    [
        ("zh", "开放至：晚于 12:00 的时刻，最晚 24:00", "开放自：一天中的时刻，00:00 起，早于 24:00"),
        ("en", "Open until: a time of day later than 12:00, 24:00 at the latest",
         "Open from: a time of day from 00:00 on, before 24:00"),
    ],
)  # fmt: skip
def test_the_hours_of_a_half_day_are_refused_by_label_and_clock(
    site: Site, page_for: Enter, lang: str, early: str, none: str
) -> None:
    page = opened(page_for, lang)
    page.select_option("#kind", "half")
    page.fill("#open_s", "12:00")
    page.fill("#close_s", "09:00")
    page.click("[data-send]")
    expect(page.locator("[data-wrong]")).to_have_text(early)
    page.fill("#open_s", "")
    page.click("[data-send]")
    expect(page.locator("[data-wrong]")).to_have_text(none)


def test_a_year_that_nobody_has_published_is_said_to_be_unconfirmed(
    site: Site, page_for: Enter, picture: Picture
) -> None:
    day = date(2039, 9, 28)
    page = opened(page_for, query=f"from={day}")
    expect(page.locator(".notice--flip")).to_contain_text("2039 年尚未确认")
    expect(cell(page, day + timedelta(days=3))).to_contain_text("未确认")
    assert accessible(page) == []
    picture(page, "calendar-unconfirmed-zh")
