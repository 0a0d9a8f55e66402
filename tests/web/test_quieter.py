"""Quieter times as the API and the page for phones tell them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.core.hall import Settings
from hall.core.people import WORKER
from hall.desk import calendar, plans, quotas
from hall.desk.calendar import Wanted
from hall.store import history
from hall.store.slots import Ahead
from hall.store.tables import Hall
from tests.builders import MANAGER, MONDAY
from tests.plans import plan_with_flip
from tests.web.served import Site, error

CALM = {"from_s": 32400, "slot_s": 900, "wait_s": [1500] * 8 + [120] * 24}


def plan(site: Site, **expected: Any) -> None:
    """A plan in force that changes no window."""
    made = plan_with_flip("W01", ["social"], ["social"], at_s=36000) | {"expected": expected}
    site.world.do(lambda c: plans.propose(c, made), WORKER)


@pytest.fixture
def busy(site: Site) -> Site:
    """One clerk, ten people before them, and a plan that sees them gone by eleven."""
    site.sign_in()
    for _ in range(10):
        site.issue()
    plan(site, social=CALM)
    return site


def told(site: Site, query: str = "") -> dict[str, Any]:
    answer = site.get(f"/halls/town/quieter{query}", by=None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_quieter_half_hour_is_told_with_a_range(busy: Site) -> None:
    row = told(busy, "?service=social")["services"][0]
    assert row["waiting"] == 10
    assert row["quieter"] == {"at": "2026-03-02T11:00:00+08:00", "low_s": 0, "high_s": 1500, "typical_s": 360}
    assert [one["at"][11:16] for one in row["later"]][:2] == ["09:30", "10:00"]
    assert row["later"][-1]["at"][11:16] == "16:30"


def test_without_a_plan_nothing_is_known_and_nothing_is_made_up(site: Site) -> None:
    found = told(site)
    assert found["as_of"] is None and found["hall"] == []
    assert all(row["later"] == [] and row["quieter"] is None for row in found["services"])
    page = site.app.test_client().get("/h/town/now?lang=en").get_data(as_text=True)
    assert "What comes later is not known yet." in page


def test_an_old_plan_is_no_longer_told(busy: Site) -> None:
    busy.world.clock.forward(minutes=61)
    assert told(busy)["as_of"] is None


def test_half_hours_that_have_begun_are_left_out(busy: Site) -> None:
    busy.world.clock.forward(minutes=31)
    assert told(busy)["services"][0]["later"][0]["at"][11:16] == "10:00"


def test_a_long_line_without_a_quieter_time_today_is_told_of_tomorrow(busy: Site) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    rows = [Ahead(tomorrow, "social", 32400, 2, 2400), Ahead(tomorrow, "social", 50400, 4, 180)]
    busy.world.do(lambda c: quotas.set_ahead(c, tomorrow, rows))
    plan(busy, social=CALM | {"wait_s": [6000] * 32})
    row = told(busy, "?service=social")["services"][0]
    assert [one["at"] for one in row["ahead"]] == ["2026-03-03T09:00:00+08:00", "2026-03-03T14:00:00+08:00"]
    assert row["quieter"] == row["ahead"][1] == {
        "at": "2026-03-03T14:00:00+08:00", "low_s": 0, "high_s": 1800, "typical_s": 480,
    }  # fmt: skip
    page = busy.app.test_client().get("/h/town/now?lang=en").get_data(as_text=True)
    assert "Quieter at 03-03 14:00: up to 30 min" in page


TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def say(site: Site, wanted: Wanted) -> None:
    site.world.do(lambda c: calendar.add(c, wanted), MANAGER)


def test_what_the_halls_calendar_shuts_today_is_no_quieter_time(busy: Site) -> None:
    say(busy, Wanted(MONDAY, MONDAY, "half", open_s=30600, close_s=10 * 3600 + 900))
    found = told(busy)
    assert not found["shut"]
    assert [one["at"][11:16] for one in found["hall"]] == ["09:30"], "the half hour from ten is cut"
    row = found["services"][0]
    assert row["later"] == [row["quieter"]], "the long calm from eleven on is not named"


def test_the_page_says_that_the_rest_of_the_day_is_shut(busy: Site) -> None:
    say(busy, Wanted(MONDAY, MONDAY, "restday"))
    found = told(busy)
    assert found["shut"] and found["hall"] == [] and found["services"][0]["later"] == []
    page = busy.app.test_client().get("/h/town/now?lang=en").get_data(as_text=True)
    assert "closed for the rest of today" in page and "No more tickets" not in page


def test_a_day_shut_since_the_worker_looked_is_passed_over(busy: Site) -> None:
    """Its word may be an hour old, and "nobody expected" would read as the quietest time of all."""
    for day in (TUESDAY, WEDNESDAY):
        rows = [Ahead(day, "social", 32400, 2, 2400), Ahead(day, "social", 50400, 4, 0)]
        busy.world.do(lambda c, day=day, rows=rows: quotas.set_ahead(c, day, rows))
    plan(busy, social=CALM | {"wait_s": [6000] * 32})
    say(busy, Wanted(TUESDAY, TUESDAY, "half", open_s=30600, close_s=12 * 3600))
    row = told(busy, "?service=social")["services"][0]
    assert [one["at"][:16] for one in row["ahead"]] == [
        "2026-03-03T09:00", "2026-03-04T09:00", "2026-03-04T14:00",
    ]  # fmt: skip
    assert row["quieter"]["at"] == "2026-03-03T09:00:00+08:00"
    say(busy, Wanted(TUESDAY, TUESDAY, "holiday"))
    for query in ("", "?service=social"):
        assert told(busy, query)["services"][0]["quieter"]["at"] == "2026-03-04T14:00:00+08:00"


def past_mondays(site: Site, slot_s: int = 900, **people: int) -> None:
    """So many walk-ins in each slot of the last four Mondays."""
    rows = [
        (service, MONDAY - timedelta(weeks=n), slot, count)
        for service, count in people.items() for n in range(1, 5) for slot in range(30600, 63000, slot_s)
    ]  # fmt: skip
    with site.world.db.change() as session:
        history.add_generated(session, site.world.hall, rows)


@pytest.mark.parametrize(("social", "estate", "half_wait_long"), [(8, 2, False), (2, 8, True)])
def test_the_hall_as_a_whole_counts_each_service_by_those_who_usually_come(
    site: Site, social: int, estate: int, half_wait_long: bool
) -> None:
    past_mondays(site, social=social, estate=estate)
    plan(site, social=CALM | {"wait_s": [0] * 32}, estate=CALM | {"wait_s": [4500] * 32})
    found = told(site)["hall"][0]
    assert (found["typical_s"] > 1800) is half_wait_long
    assert found["high_s"] >= 1800, "one in ten waits long in either"


def test_those_who_usually_come_by_half_hour_whatever_the_slots_were(site: Site) -> None:
    past_mondays(site, 3600, social=8)
    with site.world.db.look() as session:
        found = history.usual(session, "town", MONDAY, 1800, 3600)
    assert set(found) == {"social"} and sum(found["social"].values()) == 9 * 8
    assert {found["social"][start] for start in range(30600, 63000, 1800)} == {4.0}


def test_an_unknown_service_is_told_with_its_place(site: Site) -> None:
    assert error(site.get("/halls/town/quieter?service=moon", by=None)) == (404, "unknown", "/service")


def test_a_hall_without_public_screens_shows_it_to_its_own_only(busy: Site) -> None:
    with busy.world.db.change() as session:
        session.get_one(Hall, "town").settings = replace(Settings(), public_screens=False)
    assert error(busy.get("/halls/town/quieter", by=None))[0] == 401
    assert busy.get("/halls/town/quieter", by="display").status_code == 200
    assert busy.app.test_client().get("/h/town/now").status_code == 401


def test_the_page_tells_ranges_in_both_languages_and_nobodys_data(busy: Site) -> None:
    client = busy.app.test_client()
    for lang, words in {"zh": "11:00 较清闲：最多 25 分钟", "en": "Quieter at 11:00: up to 25 min"}.items():
        page = client.get(f"/h/town/now?lang={lang}").get_data(as_text=True)
        assert words in page
        assert "A001" not in page, "not even numbers of tickets"
    assert words in client.get("/h/town/now/later?lang=en").get_data(as_text=True)
