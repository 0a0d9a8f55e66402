"""The hall's own calendar: a manager's word on a span of days, altered, taken back, and in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hall.core.calendar import Calendar
from hall.core.errors import Invalid, RequestIdReused, Unknown
from hall.desk import calendar as desk
from hall.desk.calendar import Wanted
from hall.store import calendar, journal
from hall.store.tables import CalendarEntry
from tests.builders import MANAGER, MONDAY, World, make_hall

FRIDAY = MONDAY + timedelta(days=4)
EVENT = Wanted(MONDAY, FRIDAY, "event", factor=2.0)


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url)


def add(town: World, wanted: Wanted) -> CalendarEntry:
    return town.do(lambda c: desk.add(c, wanted), MANAGER)


def known(town: World) -> Calendar:
    with town.db.look() as session:
        return Calendar.of(calendar.said(session, town.hall, MONDAY, MONDAY + timedelta(days=60)))


def words(town: World) -> list[str]:
    with town.db.look() as session:
        assert journal.verify(session, town.hall) is None
        return [getattr(event, "word", event.kind) for _, event in journal.since(session, town.hall, 0)]


def test_an_entry_holds_on_every_day_of_its_span_and_on_no_other(town: World) -> None:
    add(town, EVENT)
    days = [MONDAY + timedelta(days=n) for n in range(-1, 6)]
    assert [known(town).factor(day, "social") for day in days] == [1, 2, 2, 2, 2, 2, 1]


def test_the_newest_word_on_a_day_holds(town: World) -> None:
    older = add(town, Wanted(MONDAY, FRIDAY, "restday"))
    add(town, Wanted(FRIDAY, FRIDAY, "half", open_s=9 * 3600, close_s=12 * 3600))
    assert known(town).is_shut(MONDAY) and not known(town).is_shut(FRIDAY)
    assert known(town).is_open_at(FRIDAY, 10 * 3600) and not known(town).is_open_at(FRIDAY, 12 * 3600)
    town.do(lambda c: desk.alter(c, older.id, Wanted(MONDAY, FRIDAY, "holiday")), MANAGER)
    assert known(town).is_shut(FRIDAY)


def test_an_event_of_some_services_stands_beside_one_of_all(town: World) -> None:
    add(town, EVENT)
    add(town, replace(EVENT, factor=3.0, services=["estate"]))
    assert (known(town).factor(MONDAY, "social"), known(town).factor(MONDAY, "estate")) == (2, 3)
    add(town, replace(EVENT, factor=0.5))
    assert (known(town).factor(MONDAY, "social"), known(town).factor(MONDAY, "estate")) == (0.5, 0.5)


def test_an_event_leaves_open_or_shut_what_the_day_is(town: World) -> None:
    add(town, Wanted(MONDAY, MONDAY, "holiday"))
    add(town, EVENT)
    assert known(town).is_shut(MONDAY)


def test_an_entry_is_altered_and_taken_back_and_the_journal_knows(town: World) -> None:
    entry = add(town, replace(EVENT, note="Heating season"))
    town.do(lambda c: desk.alter(c, entry.id, replace(EVENT, factor=1.5)), MANAGER)
    assert known(town).factor(MONDAY, "social") == 1.5
    town.do(lambda c: desk.remove(c, entry.id), MANAGER)
    assert known(town) == Calendar()
    assert words(town) == ["added", "altered", "removed"]


def test_a_note_stays_out_of_the_journal(town: World) -> None:
    add(town, replace(EVENT, note="Heating season"))
    with town.db.look() as session:
        assert all("Heating" not in str(event) for _, event in journal.since(session, town.hall, 0))


def test_the_same_press_adds_one_entry(town: World) -> None:
    def verb(c: Any) -> dict[str, str]:
        return {"id": desk.add(c, EVENT).id}

    first = town.told(verb, MANAGER, "press-1", "event")
    again = town.told(verb, MANAGER, "press-1", "event")
    assert again.again and again.answer == first.answer
    assert words(town) == ["added"]
    with pytest.raises(RequestIdReused):
        town.told(verb, MANAGER, "press-1", "another")


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        (replace(EVENT, last=MONDAY - timedelta(days=1)), "/to"),
        (replace(EVENT, last=MONDAY + timedelta(days=366)), "/to"),
        (replace(EVENT, first=MONDAY - timedelta(days=801)), "/from"),
        (replace(EVENT, first=FRIDAY + timedelta(days=900)), "/from"),
        (replace(EVENT, factor=None), "/factor"),
        (replace(EVENT, factor=0.05), "/factor"),
        (replace(EVENT, factor=11.0), "/factor"),
        (replace(EVENT, kind="holiday"), "/factor"),
        (replace(EVENT, open_s=0, close_s=3600), "/open_s"),
        (Wanted(MONDAY, MONDAY, "restday", services=["social"]), "/services"),
        (Wanted(MONDAY, MONDAY, "half"), "/open_s"),
        (Wanted(MONDAY, MONDAY, "half", open_s=3600), "/close_s"),
        (Wanted(MONDAY, MONDAY, "half", open_s=3600, close_s=3600), "/close_s"),
    ],
)
def test_what_cannot_be_said_is_refused_at_its_field(town: World, wanted: Wanted, path: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(town, wanted)
    assert refused.value.path == path
    assert words(town) == []


def test_a_service_or_an_entry_that_is_not_there_is_unknown(town: World) -> None:
    with pytest.raises(Unknown) as refused:
        add(town, replace(EVENT, services=["social", "nope"]))
    assert refused.value.path == "/services/1"
    with pytest.raises(Unknown):
        town.do(lambda c: desk.alter(c, "nope", EVENT), MANAGER)
    with pytest.raises(Unknown):
        town.do(lambda c: desk.remove(c, "nope"), MANAGER)
