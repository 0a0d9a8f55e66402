"""What the what-if page offers: only what can be asked now. What it refuses with, and how it is stopped."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
import requests

from hall.dashboard import asking
from hall.store.tables import Shift, Skill, Window
from tests.builders import HALL
from tests.web.served import Site

HERE = "/h/town/manage/whatif"
PATIENCE_S = 30.0
MONDAY, MORNING_S, EVENING_S = 0, 30_600, 63_000
TEA, LUNCH = (
    {"earliest_s": at_s, "latest_s": at_s + 1800, "length_s": length_s}
    for at_s, length_s in ((10 * 3600 + 300, 900), (12 * 3600, 2700))
)


def page(site: Site, lang: str = "en") -> str:
    with site.app.test_client() as client:
        return str(client.get(f"{HERE}?lang={lang}", headers={"Authorization": "Bearer manager"}).text)


def words(site: Site) -> dict[str, Any]:
    found = re.search(r"data-words>(.*?)</script>", page(site), re.DOTALL)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def ask(site: Site, run: str = "r", lang: str = "en", **question: Any) -> requests.Response:
    headers = {"Authorization": "Bearer manager", "Accept": "application/json"}
    return requests.post(
        f"{site.address}{HERE}/ask?lang={lang}&run={run}", json=question, headers=headers, timeout=60
    )


def refused(site: Site, **question: Any) -> str:
    error = json.loads(ask(site, **question).text.splitlines()[-1])["error"]
    return str(error["message"])


def change(site: Site, *shifts: Shift, **windows: Any) -> None:
    with site.world.db.change() as session:
        for row in shifts:
            session.merge(row)
        for window, fields in windows.items():
            for name, value in fields.items():
                setattr(session.get_one(Window, (HALL, window)), name, value)


def shift(clerk: str, *breaks: Any, start_s: int = MORNING_S) -> Shift:
    return Shift(
        hall_id=HALL, clerk_id=clerk, weekday=MONDAY, start_s=start_s, end_s=EVENING_S, breaks=list(breaks)
    )


def test_clerks_at_work_now_or_later_today_may_be_named_and_nobody_else(site: Site) -> None:
    assert set(words(site)["askable"]["clerk"]) == {
        "clerk_absent", "one_clerk_more", "one_clerk_fewer", "authorised", "breaks"
    }  # fmt: skip
    assert words(site)["askable"]["clerk"]["clerk_absent"] == []
    site.sign_in("c2", "W02")
    change(site, shift("c1", start_s=MORNING_S + 7200))
    assert words(site)["askable"]["clerk"]["clerk_absent"] == ["c1", "c2"]


def test_only_what_a_clerk_or_window_lacks_may_be_added(site: Site) -> None:
    site.sign_in("c1", "W01")
    site.sign_in("c2", "W02")
    with site.world.db.change() as session:
        session.delete(session.get_one(Skill, (HALL, "c1", "estate")))
    change(site, W01={"can": ["social"]}, W02={"tidal": False, "fixed_mode": ["social"], "can": ["social"]})
    found = words(site)["askable"]
    assert found["clerk"]["authorised"] == ["c1"]
    assert found["service"]["authorised"] == {"c1": ["estate"], "c2": []}
    assert found["window"]["equipped"] == ["W01"], "a fixed window keeps what it offers"
    assert found["service"]["equipped"] == {"W01": ["estate"], "W03": []}


def test_open_windows_may_be_closed_and_the_others_opened(site: Site) -> None:
    change(site, W03={"usable": False})
    found = words(site)["askable"]["window"]
    assert (found["window_shut"], found["window_opened"]) == (["W01", "W02"], ["W03"])


def test_a_break_begins_as_planned_and_who_has_none_to_come_is_left_out(site: Site) -> None:
    change(site, shift("c1", LUNCH, TEA), shift("c2"))
    for clerk, window in (("c1", "W01"), ("c2", "W02")):
        site.sign_in(clerk, window)
    found = words(site)["askable"]
    assert found["clerk"]["breaks"] == ["c1"]
    assert found["breaks"] == {"c1": "10:05"}


@pytest.mark.parametrize(
    ("minutes", "start"), [(0, "09:00"), (1, "09:15"), (8 * 60 + 20, "17:20"), (8 * 60 + 29, "17:29")]
)
def test_a_question_begins_at_the_next_quarter_but_before_closing(
    site: Site, minutes: int, start: str
) -> None:
    site.world.clock.forward(minutes=minutes)
    found = words(site)["askable"]
    assert (found["from"], found["to"]) == (start, "17:30")
    assert found["from"] < found["to"]


def test_a_day_that_is_over_is_said_to_be_over_once_and_nothing_can_be_asked(site: Site) -> None:
    site.world.clock.forward(hours=8, minutes=30)
    told = page(site)
    assert told.count("Nothing is left to simulate today: the day is over.") == 1
    assert re.search(r"<fieldset[^>]* disabled", told)
    assert words(site)["askable"] is None


def test_a_refusal_names_clerks_and_windows_as_the_page_does(site: Site) -> None:
    site.sign_in("c1", "W01")
    change(site, W01={"label": "East 1"})
    span = {"from": "10:00", "to": "11:00"}
    assert "East 1, 2, 3" in refused(site, ask="window_shut", window="W09", **span)


def test_where_nobody_may_be_named_the_refusal_says_so(site: Site) -> None:
    assert "none to choose" in refused(site, ask="one_clerk_fewer", clerk="c3")
    opened = {"ask": "window_opened", "window": "W01", "from": "10:00"}
    assert refused(site, **opened) == "There is none to choose now. Ask something else."
    assert refused(site, lang="zh", **opened) == "现在没有可选的，请换一个问题。"


def until_asked(count: int) -> None:
    """Until so many questions are worked on, each by a process of its own."""
    end = time.monotonic() + PATIENCE_S
    while sum("scheduler.worker.asked" in one.info["cmdline"] for one in started()) < count:
        assert time.monotonic() < end, "the questions are not begun"
        time.sleep(0.05)


def started() -> Iterator[psutil.Process]:
    """Our own processes, with `info["cmdline"]`; some may just be ending."""
    ours = {child.pid for child in psutil.Process().children(recursive=True)}
    return (one for one in psutil.process_iter(["pid", "cmdline"]) if one.pid in ours and one.info["cmdline"])


def test_a_stopped_question_ends_at_once_and_frees_its_place(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FREED_S", 0.0)
    site.sign_in("c1", "W01")
    for _ in range(12):
        site.issue()
    told: dict[str, str] = {}
    questions = [
        threading.Thread(target=lambda r=run: told.update({r: ask(site, r, ask="worth", of="training").text}))
        for run in ("one", "two")
    ]
    for each in questions:
        each.start()
    until_asked(2)
    assert ask(site, "three", ask="more_demand", percent=20).status_code == 409
    stop = f"{site.address}{HERE}/stop?run="
    for run, status in (("one", 204), ("two", 204), ("nobody", 204)):
        answer = requests.post(stop + run, headers={"Authorization": "Bearer manager"}, timeout=5)
        assert answer.status_code == status
    for each in questions:
        each.join(5)
        assert not each.is_alive()
    assert "answer" not in told["one"] + told["two"]
    assert ask(site, "four", ask="magic").status_code == 200
