"""The real days of the bench: the planner is told nothing of the judged day, the rules have hindsight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from scheduler.forecast import Count
from scheduler.replay.figures import Daily
from scheduler.replay.scenario import Scenario
from tests.bench.forecast import sets
from tests.bench.real.__main__ import row
from tests.bench.real.airport import HOUR_S, OPEN_H, Hour, airport, booth_seconds, hall_log, shifts, told_of
from tests.bench.real.calls import TAKEN, TYPES, UNKNOWN_S, Call, bank_day
from tests.bench.real.judged import best
from tests.bench.real.offices import offices

needs_data = pytest.mark.skipif(
    not sets.folder().is_dir(), reason="TIDEHALL_DATA names no folder with the real arrivals"
)
FIRST = date(1999, 2, 1)  # a Monday
JUDGED = FIRST + timedelta(days=9)


def call(day: date, agent: str, kind: str, at_s: int, took_s: int = 120) -> Call:
    return {
        "date": day.isoformat(), "agent": agent, "type": kind, "arrival_s": str(at_s), "priority": "0",
        "service_start_s": str(at_s + 5), "service_s": str(took_s), "wait_s": "5", "outcome": "served",
    }  # fmt: skip


def log() -> list[Call]:
    """Ten days; Ada takes two calls of PS and one of NE each hour, Ben one of NW."""
    found = []
    for number in range(10):
        for at_s in range(8 * 3600, 16 * 3600, 3600):
            day = FIRST + timedelta(days=number)
            found += [call(day, "ada", "PS", at_s), call(day, "ada", "PS", at_s + 900, 240)]
            found += [call(day, "ada", "NE", at_s + 1800, 300), call(day, "ben", "NW", at_s, 100)]
    return found


def counted(calls: Sequence[Call]) -> list[Count]:
    slots = range(7 * 3600, 24 * 3600, sets.QUARTER_S)
    came: dict[tuple[str, date, int], int] = {}
    for one in calls:
        key = one["type"], date.fromisoformat(one["date"]), int(one["arrival_s"]) // 900 * 900
        came[key] = came.get(key, 0) + 1
    days = sorted({day for _, day, _ in came})
    return [
        (kind, day, slot, came.get((kind, day, slot), 0)) for day in days for slot in slots for kind in TYPES
    ]


def told(scenario: Scenario) -> object:
    """All that the planner is told: of services, of clerks, of who comes."""
    return scenario.services, scenario.clerks, scenario.windows, scenario.demand


def test_the_bank_is_told_nothing_of_the_judged_day_or_later_ones() -> None:
    """A hundred times as long, and other types: its times, its clerks' skills and its forecast stay."""
    usual = log()
    other = [
        one if date.fromisoformat(one["date"]) < JUDGED
        else one | {"service_s": str(100 * int(one["service_s"])), "type": "TT"}
        for one in usual
    ]  # fmt: skip
    many = [
        twin for one in counted(other) for twin in [(*one[:3], 100 * one[3] if one[1] >= JUDGED else one[3])]
    ]
    found = bank_day(JUDGED, usual, counted(usual))
    assert told(found) == told(bank_day(JUDGED, other, many))
    assert found.visits != bank_day(JUDGED, other, many).visits


def test_the_bank_knows_handling_times_and_skills_from_the_days_before() -> None:
    calls = log() + [call(FIRST, "ben", "PE", 9 * 3600 + n, 600) for n in range(TAKEN - 1)]
    calls += [call(FIRST, "ben", "TT", 9 * 3600 + n, 50) for n in range(TAKEN)]
    found = bank_day(JUDGED, calls, counted(calls))
    assert {s.id: s.service_s for s in found.services} == {
        "PS": 180, "NE": 300, "NW": 100, "PE": 600, "TT": 50, "IN": UNKNOWN_S
    }  # fmt: skip
    assert {c.id: set(c.pace) for c in found.clerks} == {"ada": {"PS", "NE"}, "ben": {"NW", "TT"}}


def test_on_the_banks_first_day_everybody_may_take_everything() -> None:
    found = bank_day(FIRST, log(), counted(log()))
    assert {s.service_s for s in found.services} == {UNKNOWN_S}
    assert {tuple(c.pace) for c in found.clerks} == {TYPES}
    assert found.visits is not None and len(found.visits) == 32


DAYS = [date(2019, 7, 1) + timedelta(days=n) for n in range(40)]


def hours(day: date) -> tuple[Hour, ...]:
    return tuple(Hour(300 + 40 * (n % 4) + day.toordinal() % 9, 3, 6, 9.0 + n, 0.5) for n in range(10))


def test_the_airport_is_told_nothing_of_the_judged_day_or_later_ones() -> None:
    usual = {day: hours(day) for day in DAYS}
    day = DAYS[-4]
    other = {
        d: tuple(replace(h, passengers=3 * h.passengers, wait_min=9 * h.wait_min) for h in found)
        if d >= day
        else found
        for d, found in usual.items()
    }
    assert told_of(day, usual) == told_of(day, other)
    assert booth_seconds(day, usual) == booth_seconds(day, other)


def rows_of_two_offices() -> list[Count]:
    draw = np.random.default_rng(3)
    slots = range(8 * 3600, 18 * 3600, 900)
    return [
        (line, DAYS[n], slot, float(draw.poisson(2.0)))
        for line in ("A/1", "A/2", "B/1") for n in range(10) for slot in slots
    ]  # fmt: skip


@pytest.fixture
def made_offices(monkeypatch: pytest.MonkeyPatch) -> list[Count]:
    found = rows_of_two_offices()
    monkeypatch.setattr(sets, "warsaw_lines", lambda: found)
    monkeypatch.setattr(sets, "warsaw_classes", lambda: {"A/1": "x", "A/2": "y", "B/1": "x"})
    return found


@pytest.mark.parametrize(("days", "judged"), [(1, 1), (6, 6), (8, 8), (99, 9)])
def test_as_many_office_days_as_asked_for_are_judged(
    made_offices: list[Count], days: int, judged: int
) -> None:
    """Of ten there are; the first has no past."""
    found = dict(offices(days))
    assert list(found) == ["A", "B"]
    assert [scenario.day for scenario in found["A"]] == [d.isoformat() for d in DAYS[10 - judged : 10]]


def test_an_office_is_told_nothing_of_who_comes(
    made_offices: list[Count], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clerks and windows are made for the whole period; the forecast is of the days before."""
    usual = dict(offices(2))["A"]
    busy = [(line, d, slot, 100 * n if d >= DAYS[8] else n) for line, d, slot, n in made_offices]
    monkeypatch.setattr(sets, "warsaw_lines", lambda: busy)
    other = dict(offices(2))["A"]
    assert usual[0].day == DAYS[8].isoformat()
    assert usual[0].demand == other[0].demand
    assert len(other[0].visits or ()) > 50 * len(usual[0].visits or ())
    assert usual[1].demand != other[1].demand


def lived(mean: float, p90: float, p95: float) -> list[Daily]:
    return [{"mean_s": 60 * mean * x, "p90_s": 60 * p90 * x, "p95_s": 60 * p95 * x} for x in (0.9, 1.0, 1.1)]


def test_ours_is_held_against_the_best_setting_of_the_best_rule_at_each_measure() -> None:
    found = {
        "threshold": [lived(10, 40, 90), lived(12, 30, 80)],
        "longest": [lived(11, 50, 60)],
        "tidal": [lived(9, 33, 66)],
    }
    told = row("here", found, ["threshold", "longest"])
    assert told[:2] == ["here", "3"]
    assert told[2:5] == ["10.0 / 30.0 / 80.0", "11.0 / 50.0 / 60.0", "9.0 / 33.0 / 66.0"]
    assert [cell.split()[0] for cell in told[5:]] == ["0.90", "1.10", "1.10"]
    assert best(found["threshold"], "p90_s") == found["threshold"][1]


def test_shifts_add_up_to_the_open_booths() -> None:
    booths = [3, 5, 2, 4]
    clerks = shifts(booths)
    for number, count in enumerate(booths):
        at = HOUR_S * (OPEN_H + number)
        assert sum(c.start_s <= at < c.end_s for c in clerks) == count


@needs_data
@pytest.mark.parametrize("fewer", [0, 1])
def test_the_airport_has_its_booth_hours_and_its_passengers(fewer: int) -> None:
    scenario = airport(1, fewer)[0]
    hours = hall_log()[date.fromisoformat(scenario.day)]
    assert sum(c.end_s - c.start_s for c in scenario.clerks) == HOUR_S * sum(h.booths - fewer for h in hours)
    assert scenario.visits is not None
    for number, hour in enumerate(hours):
        begin = HOUR_S * (OPEN_H + number)
        assert sum(begin <= v.at_s < begin + HOUR_S for v in scenario.visits) == hour.passengers
