"""The hall board and a window's sign, as the waiting area sees them, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hall.desk import posts
from tests.browser.conftest import Enter, Picture, accessible
from tests.browser.district import WINDOWS, district
from tests.builders import clerk_actor
from tests.web.served import Site

pytestmark = pytest.mark.browser

WALL, UPRIGHT, HAND = (1920, 1080), (1080, 1920), (390, 844)
STRIP = (1280, 400)  # a flat sign above a window
CUT_S, STEP_S = 30, 6  # real seconds; a beat comes every 20
KEEP_SPEECH = """
window.said = [];
window.speechSynthesis.speak = (words) => window.said.push([words.lang, words.text]);
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A district's hall instead of the small one: the wall must hold it."""
    with district(f"sqlite:///{tmp_path}/hall.sqlite") as found:
        yield found


def screen(page: Page, path: str, size: tuple[int, int] = WALL) -> Page:
    """A screen of this size that has drawn its first board."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/h/town/{path}")
    page.wait_for_selector("[data-window]" if path.startswith("board") else "[data-label]:not(:empty)")
    page.evaluate("document.fonts.ready")
    return page


def fits(page: Page) -> bool:
    """Whether nothing is cut off and nothing needs a scroll bar."""
    return bool(
        page.evaluate(
            """() => {
            const { scrollWidth, scrollHeight } = document.documentElement;
            const inside = [...document.querySelectorAll(
                '.call, .line, .window, .window__now, .sign__number, .sign__mode')]
                .every((one) => { const box = one.getBoundingClientRect();
                    return box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1
                        && (box.height > 8 || !one.textContent)
                        && one.scrollWidth <= one.clientWidth + 1; });
            return inside && scrollWidth <= innerWidth && scrollHeight <= innerHeight; }"""
        )
    )


def drawn(page: Page) -> dict[str, Any]:
    """What the board says, read off the page as a person would."""
    found: dict[str, Any] = page.evaluate(
        """() => {
        const text = (one) => one.textContent;
        const all = (selector, from = document) => [...from.querySelectorAll(selector)];
        return { calls: all('.call__number').map(text),
            lines: Object.fromEntries(all('.line').map((row) =>
                [row.dataset.service, +text(row.children[1])])),
            windows: Object.fromEntries(all('.window').map((one) => [one.dataset.window,
                [...one.classList].find((name) => name.startsWith('window--')).slice(8)])) }; }"""
    )
    return found


def truth(site: Site) -> dict[str, Any]:
    """The same from the server."""
    board = site.get("/halls/town/boards/hall", None).json()["board"]
    return {
        "calls": [call["number"] for call in board["calls"][:8]],
        "lines": {line["service"]: line["waiting"] for line in board["lines"]},
        "windows": {window["id"]: window["state"] for window in board["windows"]},
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("size", "name"), [(WALL, ""), (UPRIGHT, "-upright")])
def test_a_district_fits_the_wall(
    page_for: Enter, picture: Picture, size: tuple[int, int], name: str, lang: str
) -> None:
    page = screen(page_for(lang=lang), "board", size)
    expect(page.locator(".window")).to_have_count(WINDOWS)
    picture(page, f"board{name}{'-en' if lang == 'en' else ''}")
    assert fits(page)


def test_the_board_has_no_barriers(page_for: Enter, picture: Picture) -> None:
    page = screen(page_for(), "board")
    assert accessible(page) == []
    screen(page, "board", HAND)
    picture(page, "board-phone")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screen(page, "sign/W03")
    assert accessible(page) == []


def test_a_call_is_shown_twice_and_said_once(page_for: Enter, site: Site, picture: Picture) -> None:
    board, sign = page_for(), page_for()
    board.add_init_script(KEEP_SPEECH)
    screen(board, "board").click("[data-voice]")
    screen(sign, "sign/W22")
    number = site.world.call("c22", "W22").number
    expect(board.locator(".call__number").first).to_have_text(number)
    expect(board.locator(".call--new .call__number")).to_have_text(number)
    expect(sign.locator("[data-number]")).to_have_text(number)
    site.world.issue("pension")
    expect(board.locator(".call--new")).to_have_count(0)
    said = board.evaluate("window.said")
    spoken = " ".join(number)
    assert said == [["zh-CN", f"请{spoken}号到22号窗口"], ["en", f"Number {spoken}, please go to window 22"]]
    picture(board, "board-voice")


def test_a_screen_cut_off_for_half_a_minute_shows_its_last_board_then_the_servers(
    page_for: Enter, site: Site, picture: Picture
) -> None:
    page = page_for()
    page.add_init_script(KEEP_SPEECH)
    screen(page, "board").click("[data-voice]")
    before = drawn(page)
    assert before == truth(site)
    page.context.set_offline(True)
    for _ in range(CUT_S // STEP_S):
        page.wait_for_timeout(STEP_S * 1000)
        site.world.clock.forward(seconds=STEP_S)
        site.world.issue("pension")
        site.world.call("c22", "W22", finish=True)
    assert drawn(page) == before, "the last good board stays"
    expect(page.locator("[data-lost]")).to_contain_text(re.compile(r"09:\d\d"))
    picture(page, "board-offline")
    page.context.set_offline(False)
    expect(page.locator("[data-lost]")).to_be_hidden(timeout=15_000)
    assert drawn(page) == truth(site)
    last = site.world.call("c22", "W22", finish=True)
    expect(page.locator(".call__number").first).to_have_text(last.number if last else "")
    said = [tuple(each) for each in page.evaluate("window.said")]
    assert said and len(said) == len(set(said)), "no call is announced twice"


@pytest.mark.parametrize(
    ("window", "path", "name"),
    [
        ("W03", "sign/W03", "sign"),
        ("W29", "sign/W29", "sign-tidal"),
        ("W09", "sign/W09", "sign-closed"),
        ("W29", "sign/W29?lang=en", "sign-tidal-en"),
    ],
)
def test_a_sign_fits_any_shape(page_for: Enter, picture: Picture, window: str, path: str, name: str) -> None:
    page = page_for()
    for size in (WALL, UPRIGHT, STRIP):
        screen(page, path, size)
        assert fits(page), size
    screen(page, path, WALL)
    picture(page, name)


def test_the_sign_says_what_comes_and_when(page_for: Enter, site: Site, picture: Picture) -> None:
    page = screen(page_for(), "sign/W29")
    expect(page.locator("[data-tidal]")).to_be_visible()
    expect(page.locator("[data-mode]")).to_contain_text("社保医保")
    expect(page.locator("[data-next]")).to_contain_text("10:30")
    expect(page.locator("[data-next]")).to_contain_text("不动产")
    site.world.clock.forward(hours=1, minutes=25)
    site.world.call("c29", "W29", finish=True)  # the flip that is due begins with the next press
    expect(page.locator("[data-mode]")).to_contain_text("不动产")
    expect(page.locator("[data-next]")).to_be_hidden()
    picture(page, "sign-changing")


def test_a_paused_window_says_so(page_for: Enter, site: Site, picture: Picture) -> None:
    page = screen(page_for(), "sign/W24")
    site.world.do(lambda c: posts.pause(c, "W24", "other"), clerk_actor("c24"))
    expect(page.locator("[data-number]")).to_have_text("暂停")
    picture(page, "sign-paused")
