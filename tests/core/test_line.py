"""Who is next, and why: order, priority within the bound, bookings, returns and kept places."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.core.line import LET_IN, Choice, Entry, Place, ahead_of, next_for, place_behind
from hall.core.names import ServiceId, TicketId

NOW = 1000.0


def place(name: str, since: float, **more: Any) -> Place:
    return Place(TicketId(name), ServiceId("social"), since, **{"arrived": since, **more})


def chosen(*places: Place, bound: int = 3) -> Choice:
    found = next_for(places, NOW, bound)
    assert found is not None
    return found


def test_nobody_waits() -> None:
    assert next_for([], NOW, 3) is None


def test_the_longest_in_line_is_next_and_ties_go_by_arrival() -> None:
    assert chosen(place("b", 20), place("a", 10)).place.ticket == "a"
    assert chosen(place("b", 10, serial=2), place("a", 10, serial=1)).place.ticket == "a"


def test_priority_goes_first_until_somebody_was_overtaken_often_enough() -> None:
    urgent = place("p", 50, priority=True)
    first = chosen(place("a", 10, overtaken=2), place("b", 20), urgent)
    assert (first.place.ticket, first.why, set(first.overtakes)) == ("p", "priority", {"a", "b"})
    second = chosen(place("a", 10, overtaken=3), place("b", 20), urgent)
    assert (second.place.ticket, second.why, second.overtakes) == ("a", "bound", ())


def test_an_ordinary_ticket_behind_the_priority_one_is_not_overtaken() -> None:
    assert chosen(place("a", 60), place("p", 50, priority=True)).overtakes == ()


@pytest.mark.parametrize("entry", sorted(LET_IN))
def test_who_comes_in_ahead_of_earlier_arrivals_is_told_apart(entry: Entry) -> None:
    found = chosen(place("a", 20), place("b", 10, arrived=30, entry=entry))
    assert (found.place.ticket, found.why, found.lets_in) == ("b", entry.value, ("a",))


def test_a_booking_waits_for_its_time_while_others_wait() -> None:
    booked = place("b", NOW + 600, arrived=NOW - 60, entry=Entry.BOOKED)
    assert chosen(booked, place("a", 900)).place.ticket == "a"
    assert (chosen(booked).place.ticket, chosen(booked).why) == ("b", "early")


def test_who_comes_back_stands_behind_the_next_few() -> None:
    line = [place("a", 10), place("b", 20), place("c", 30), place("d", 40)]
    assert 30 < place_behind(line, 3, NOW) < 40
    assert place_behind(line[:2], 3, NOW) == NOW, "at the tail of a short line"


def test_people_ahead_are_those_of_the_own_line() -> None:
    mine = place("m", 50)
    other = Place(TicketId("o"), ServiceId("estate"), 10, 10)
    assert ahead_of(mine, [mine, other, place("a", 10), place("z", 60), place("p", 70, priority=True)]) == 2


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(0, 4), st.integers(1, 5))
def test_nobody_is_overtaken_beyond_the_bound(are_priority: list[bool], bound: int, size: int) -> None:
    """`size` stand in the line at most; one is called whenever it is full, and all at the end."""
    line: list[Place] = []
    overtaken: Counter[str] = Counter()
    for number, priority in enumerate([*are_priority, *[None] * size]):
        if priority is not None:
            line.append(place(f"t{number}", number, serial=number, priority=priority))
        if line and (priority is None or len(line) > size):
            found = chosen(*line, bound=bound)
            overtaken.update(
                p.ticket
                for p in line
                if found.place.priority and not p.priority and p.order < found.place.order
            )
            line = [
                place(p.ticket, p.since, serial=p.serial, priority=p.priority, overtaken=overtaken[p.ticket])
                for p in line
                if p.ticket != found.place.ticket
            ]
    assert max(overtaken.values(), default=0) <= bound
