"""The calendar as the server draws it: whose word a day carries, and where hours and calendar are at odds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hall.core.hall import Settings
from hall.dashboard import weeks
from hall.desk import bookings, calendar
from hall.desk.calendar import Wanted
from hall.store import calendar as kept
from hall.store.tables import Hall
from scheduler.published import china
from tests.builders import KIOSK, MANAGER, MONDAY, NINE
from tests.web.served import Site

HERE = "/h/town/manage/calendar"
TOMB_SWEEPING = date(2026, 4, 6)  # a Monday off in exchange, published
SATURDAY = date(2026, 3, 7)


def look(site: Site, query: str = "", lang: str = "en") -> Any:
    with site.app.test_client() as client:
        return client.get(f"{HERE}?lang={lang}{query}", headers={"Authorization": "Bearer manager"})


def days(site: Site, settings: Settings | None = None) -> dict[date, weeks.Day]:
    last = weeks.last_shown(MONDAY)
    with site.world.db.look() as session:
        said = kept.entries(session, site.world.hall, MONDAY, last)
        grid = weeks.grid(MONDAY, MONDAY, china(MONDAY, last), said, settings or Settings())
    return {day.day: day for week in grid for day in week}


def say(site: Site, wanted: Wanted) -> None:
    site.world.do(lambda c: calendar.add(c, wanted), MANAGER)


def test_eight_weeks_from_the_monday_of_the_week_asked_for(site: Site) -> None:
    shown = days(site)
    assert (len(shown), min(shown), max(shown)) == (56, MONDAY, MONDAY + timedelta(days=55))
    assert "6 Apr" in look(site, "&from=2026-04-08").text
    assert look(site, "&from=soon").status_code == 422


def test_a_published_day_off_with_opening_hours_is_named(site: Site) -> None:
    assert days(site)[TOMB_SWEEPING].is_at_odds
    assert "hours: open" in look(site).text
    shut = replace(Settings(), closed=(TOMB_SWEEPING.isoformat(),))
    assert not days(site, shut)[TOMB_SWEEPING].is_at_odds
    with site.world.db.change() as session:
        session.get_one(Hall, "town").settings = shut
    assert "hours: open" not in look(site).text


def test_a_workday_without_opening_hours_is_named_and_an_event_is_not(site: Site) -> None:
    say(site, Wanted(SATURDAY, SATURDAY, "workday"))
    say(site, Wanted(SATURDAY, SATURDAY, "event", factor=2.0))
    assert days(site)[SATURDAY].is_at_odds
    assert not days(site)[MONDAY].is_at_odds


def test_a_half_day_shorter_than_the_hours_is_named(site: Site) -> None:
    tuesday = MONDAY + timedelta(days=1)
    say(site, Wanted(tuesday, tuesday, "half", 30_600, 43_200))
    assert days(site)[tuesday].is_at_odds
    say(site, Wanted(tuesday, tuesday, "half", 30_600, 63_000))
    assert not days(site)[tuesday].is_at_odds


def test_a_half_day_on_which_the_hall_has_no_hours_is_named(site: Site) -> None:
    say(site, Wanted(SATURDAY, SATURDAY, "half", 30_600, 43_200))
    assert days(site)[SATURDAY].is_at_odds and "hours: closed" in look(site).text


def test_bookings_in_a_closed_part_are_named(site: Site) -> None:
    tuesday = MONDAY + timedelta(days=1)
    site.world.do(lambda c: bookings.book(c, "social", NINE + timedelta(days=1)), KIOSK)
    assert "have booked for a time" not in look(site).text
    say(site, Wanted(tuesday, tuesday, "holiday"))
    assert "3 Mar (1)" in look(site).text
    assert "3月3日 (1)" in look(site, lang="zh").text and "现已不开放的时段" in look(site, lang="zh").text


@pytest.mark.parametrize("day", ["9999-12-20", "0001-01-01"])
def test_weeks_beyond_all_calendars_are_refused_in_words(site: Site, day: str) -> None:
    assert look(site, f"&from={day}").status_code == 422


def test_the_halls_own_word_stands_above_the_published_one(site: Site) -> None:
    say(site, Wanted(TOMB_SWEEPING, TOMB_SWEEPING, "workday"))
    assert not days(site)[TOMB_SWEEPING].is_at_odds


@pytest.mark.parametrize(("zone", "said"), [("Asia/Shanghai", False), ("Europe/Warsaw", True)])
def test_a_hall_elsewhere_is_told_that_nothing_is_published_for_it(site: Site, zone: str, said: bool) -> None:
    with site.world.db.change() as session:
        session.get_one(Hall, "town").zone = zone
    assert ("No published calendar is known" in look(site).text) is said
