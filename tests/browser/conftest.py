"""A served hall and a real browser.

`--screenshots` keeps pictures of every page and state in docs/screenshots; they are looked at by people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from hall.core.people import Role
from hall.store import accounts
from hall.store.tables import Service
from tests.builders import HALL
from tests.web.served import Site, served

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = "/usr/bin/chromium"
LARGE = {"width": 1440, "height": 900}
LOST = ("Failed to load resource", "WebSocket connection to")

# Pictures and large type need names as long as a real hall's.
NAMES = {"social": ("社保医保", "Social insurance"), "estate": ("不动产登记", "Real estate")}

FAILED = pytest.StashKey[bool]()
Enter = Callable[..., Page]
Picture = Callable[..., None]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, one for all tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """make_hall, served to this machine on a free port."""
    with served(f"sqlite:///{tmp_path}/hall.sqlite") as found:
        with found.world.db.change() as session:
            for id_, (zh, en) in NAMES.items():
                row = session.get_one(Service, (HALL, id_))
                row.name_zh, row.name_en = zh, en
        yield found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Whether a test's own part failed, for its fixtures."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def page_for(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Enter]:
    """A page of a browser of its own, by the role or clerk who signed in there; None: nobody.

    A script error on any page fails the test, and so does an error that a page logs. The browser's own
    words about refused and lost requests are no error: several tests want those. Where a test fails, what
    its pages showed last is printed.
    """
    contexts, wrong = [], []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(LOST):
            wrong.append(message.text)

    def enter(who: str | None = None, lang: str = "zh", **more: Any) -> Page:
        context = browser.new_context(base_url=site.address, viewport=LARGE, locale="zh-CN", **more)
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": lang, "url": site.address}])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", heard)
        if who is not None:
            _sign_in(site, page, who)
        return page

    yield enter
    for context in contexts:
        for page in context.pages if request.node.stash.get(FAILED, False) else ():
            print(f"{page.url} showed:", page.locator("body").inner_text(timeout=2_000), sep="\n")
        context.close()
    assert wrong == []


@pytest.fixture
def page(page_for: Enter) -> Page:
    """A page where nobody has signed in."""
    return page_for()


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    """Keep a picture of the page under a name, when asked to; `whole=False`: only what the screen shows."""
    wanted = request.config.getoption("--screenshots")

    def keep(page: Page, name: str, whole: bool = True) -> None:
        if wanted:
            PICTURES.mkdir(parents=True, exist_ok=True)
            # A dialog's shade covers the window only, so the whole page would show it cut off.
            whole = whole and page.locator("dialog[open]").count() == 0
            page.screenshot(path=PICTURES / f"{name}.png", full_page=whole, animations="disabled")

    return keep


def accessible(page: Page) -> list[str]:
    """What axe-core finds serious on this page, one line each."""
    if not AXE.is_file():
        pytest.skip("axe-core is missing: make setup")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"][:3]
    ]


def _sign_in(site: Site, page: Page, who: str) -> None:
    role = Role(who) if who in set(Role) else Role.CLERK
    password, clerk = accounts.Password.new(), who if role is Role.CLERK else None
    with site.world.db.change() as session:
        accounts.add(session, site.world.hall, who, role, password, clerk)
    page.goto("/login")
    page.fill("[name=login]", who)
    page.fill("[name=password]", password.words)
    page.click("main button")
    page.wait_for_url(lambda url: "/login" not in url)
