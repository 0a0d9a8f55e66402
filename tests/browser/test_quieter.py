"""How busy it is, now and later: on a phone, in print, in large type, and in one line at the kiosk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hall.core.people import WORKER
from hall.desk import plans
from tests.browser.conftest import Enter, Picture, accessible
from tests.browser.district import SERVICES, district
from tests.plans import plan_with_flip
from tests.web.served import Site

pytestmark = pytest.mark.browser

PHONE, STANDING = (360, 780), (1080, 1920)
MORNING_S, BLOCKS = 33_000, 34  # from 09:10 in quarters of an hour


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A district's hall on a busy morning, with a plan that sees it calm down in the afternoon."""
    with district(f"sqlite:///{tmp_path}/hall.sqlite") as found:
        made = plan_with_flip("W01", ["pension"], ["pension"], at_s=36000, now_s=MORNING_S)
        made |= {"posts": [], "expected": {s: expected(n) for n, s in enumerate(SERVICES)}}
        found.world.do(lambda c: plans.propose(c, made), WORKER)
        yield found


def expected(nth: int) -> dict[str, object]:
    """A peak at eleven, a smaller one at three; some services busier than others."""
    busy = 300 + 260 * (nth % 5)
    waits = [busy + 90 * min(n, 8) if n < 12 else busy // 4 + 40 * abs(n - 20) for n in range(BLOCKS)]
    return {"from_s": MORNING_S, "slot_s": 900, "wait_s": waits}


def opened(page: Page, size: tuple[int, int] = PHONE) -> Page:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto("/h/town/now")
    expect(page.locator("[data-service=pension] [data-waiting]")).not_to_be_empty()
    return page


def fits(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_passer_by_sees_on_a_phone_how_busy_it_is(page_for: Enter, lang: str, picture: Picture) -> None:
    page = opened(page_for(lang=lang))
    assert fits(page)
    assert accessible(page) == []
    picture(page, f"now-phone-{lang}", whole=False)
    page.click("#later-title summary")
    expect(page.locator("#later-title .bar").first).to_be_visible()
    assert fits(page)
    assert accessible(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("scrollTo(0, 0)")
    picture(page, f"now-{lang}", whole=False)


def test_lines_follow_the_board(page_for: Enter, site: Site) -> None:
    page = opened(page_for())
    line = page.locator("[data-service=pension] [data-waiting]")
    before = int(line.inner_text().split()[0])
    site.world.issue("pension")
    expect(line).to_have_text(f"{before + 1} 人等候")


def test_large_type_grows_and_nothing_is_cut_off(page_for: Enter) -> None:
    page = opened(page_for(lang="en"))
    page.add_style_tag(content="html { font-size: 200% }")
    assert fits(page)


def test_it_prints_without_the_bar_at_the_top(page_for: Enter) -> None:
    page = opened(page_for())
    page.emulate_media(media="print")
    expect(page.locator(".mast__lang")).to_be_hidden()
    expect(page.locator(".bar__wait").first).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_kiosk_says_when_it_is_quieter(page_for: Enter, lang: str, picture: Picture) -> None:
    page = page_for("kiosk", lang=lang)
    page.set_viewport_size({"width": STANDING[0], "height": STANDING[1]})
    page.goto("/h/town/kiosk")
    page.click("[data-service=title]")
    words = {"zh": "较清闲", "en": "Quieter at"}[lang]
    expect(page.locator("[data-step=choose] [data-quieter]")).to_contain_text(words)
    assert accessible(page) == []
    picture(page, f"kiosk-quieter-{lang}", whole=False)
    page.click("[data-book]")
    expect(page.locator(".slot__wait").first).to_be_visible()
    assert accessible(page) == []
    picture(page, f"kiosk-quieter-slots-{lang}", whole=False)
