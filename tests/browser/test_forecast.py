"""How good the forecast is, in a real browser; a process of its own foretells the past days anew."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from playwright.sync_api import expect

from hall.store import history
from tests.browser.conftest import Enter, Picture, accessible
from tests.builders import MONDAY
from tests.web.served import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
ANSWER_MS = 90_000  # a process starts, imports and fits forty times
MEANS = {"social": 4.0, "estate": 2.5}
LUCK = 0.12  # how far one day's number falls from another's, both services together


@pytest.fixture
def lived(site: Site) -> Site:
    """Four months of working days with the luck that days have; Mondays are busier."""
    draw = np.random.default_rng(4)
    rows = []
    for number in range(120, 0, -1):
        day = MONDAY - timedelta(days=number)
        luck = draw.normal(1.0, LUCK) * (1.25 if day.weekday() == 0 else 1.0)
        for service, mean in MEANS.items() if day.weekday() < 5 else ():
            rows += [
                (service, day, at, int(draw.poisson(mean * luck)))
                for at in range(8 * 3600 + 1800, 17 * 3600 + 1800, 900)
            ]
    with site.world.db.change() as session:
        history.add_generated(session, site.world.hall, rows)
    return site


@pytest.mark.parametrize(
    ("lang", "inside", "made_up"),
    [("zh", "20 天中有", "虚构"), ("en", "of 20 days the number who came", "made up for the demo")],
)
def test_the_last_days_are_told_in_words_drawn_and_in_tables(
    lived: Site, page_for: Enter, picture: Picture, lang: str, inside: str, made_up: str
) -> None:
    page = page_for("manager", lang=lang)
    page.goto("/h/town/manage")
    page.click("a[href$='/manage/forecast']")
    expect(page.locator("[data-found]")).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator("[data-short]")).to_contain_text(inside)
    expect(page.locator("[data-made-up]")).to_contain_text(made_up)
    expect(page.locator("[data-services] tbody tr")).to_have_count(3)
    expect(page.locator("[data-days] tbody tr")).to_have_count(20)
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    assert accessible(page) == []
    picture(page, f"forecast-{lang}")
    page.select_option("[data-series]", "estate")
    expect(page.locator("[data-name]")).to_contain_text({"zh": "不动产登记", "en": "Real estate"}[lang])
    page.reload()
    expect(page.locator("[data-found]")).to_be_visible(timeout=5_000)


def test_a_hall_in_its_first_week_is_told_how_many_days_are_missing(
    site: Site, page_for: Enter, picture: Picture
) -> None:
    page = page_for("manager")
    page.goto("/h/town/manage/forecast")
    expect(page.locator(".empty__title")).to_contain_text("7 天中已有 0 天")
    assert accessible(page) == []
