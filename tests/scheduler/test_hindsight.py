"""How good the forecast was: each past day foretold from the days before it, in an honest range."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from hall.core.calendar import NO_CALENDAR, Calendar, DayKind, Entry
from scheduler.forecast.hindsight import LEARNED_DAYS, MOST_DAYS, WHOLE, Known, PastDay, judged, look_back
from scheduler.forecast.table import Count

MONDAY = date(2026, 1, 5)
SLOTS = range(9 * 3600, 17 * 3600, 900)


def nothing(day: date) -> Known:
    return NO_CALENDAR, NO_CALENDAR


def open_days(number: int) -> list[date]:
    days = [MONDAY + timedelta(days=n) for n in range(number * 2)]
    return [day for day in days if day.weekday() < 5][:number]


def lived(number: int, factor: Callable[[date], float] = lambda _: 1.0, seed: int = 1) -> list[Count]:
    """Two services; a day's luck of a tenth that both share, and Poisson counts."""
    draw = np.random.default_rng(seed)
    found: list[Count] = []
    for day in open_days(number):
        luck = draw.normal(1.0, 0.1) * (1.3 if day.weekday() == 0 else 1.0) * factor(day)
        found += [(s, day, at, int(draw.poisson(m * luck))) for s, m in (("a", 4), ("b", 2)) for at in SLOTS]
    return found


def looked(history: list[Count], known: Callable[[date], Known] = nothing) -> list[PastDay]:
    return list(look_back(history, known))


def test_the_last_days_are_judged_and_the_first_ones_only_learned_from() -> None:
    days = open_days(40)
    assert judged(days) == days[-MOST_DAYS:]
    assert judged(days[:8]) == days[LEARNED_DAYS:8]
    assert judged([]) == []


def test_a_day_is_foretold_without_a_look_at_it_or_at_what_followed() -> None:
    history = lived(30)
    last = history[-1][1]
    before = looked(history)
    wild = [(s, day, at, 99 if day == last else n) for s, day, at, n in history]
    after = looked(wild)
    assert before[:-1] == after[:-1]
    assert before[-1].figures["a"].expected == after[-1].figures["a"].expected
    assert after[-1].figures["a"].came == 99 * len(SLOTS)


def test_a_range_that_promises_eight_in_ten_keeps_about_its_word() -> None:
    days = [day for seed in range(8) for day in looked(lived(80, seed=seed))]
    for series in ("a", "b", WHOLE):
        figures = [day.figures[series] for day in days]
        assert 0.7 <= np.mean([one.low <= one.came <= one.high for one in figures]) <= 0.9, series


def test_the_whole_hall_is_the_sum_of_its_services() -> None:
    for day in looked(lived(30)):
        parts = [day.figures["a"], day.figures["b"]]
        assert day.figures[WHOLE].came == sum(one.came for one in parts)
        assert day.figures[WHOLE].expected == pytest.approx(sum(one.expected for one in parts))


def test_the_same_weekday_last_week_is_told_where_there_was_one() -> None:
    history = lived(30)
    gone = open_days(30)[-6]
    history = [row for row in history if row[1] != gone]
    days = looked(history)
    came = {day.day: day.figures["a"].came for day in days}
    assert {day.day: day.figures["a"].week_before for day in days}[gone + timedelta(days=7)] is None
    told = [
        (day.day, day.figures["a"].week_before) for day in days[6:] if day.day != gone + timedelta(days=7)
    ]
    assert all(before == came[day - timedelta(days=7)] for day, before in told)


def test_an_event_that_was_known_is_expected_and_one_that_was_not_is_missed() -> None:
    last = open_days(40)[-1]
    history = lived(40, factor=lambda day: 2.0 if day == last else 1.0)
    event = Calendar.of([Entry(last, DayKind.EVENT, factor=2.0)])
    told, untold = looked(history, lambda _: (event, event))[-1], looked(history)[-1]
    assert told.figures[WHOLE].expected == pytest.approx(2 * untold.figures[WHOLE].expected, rel=0.01)
    assert untold.figures[WHOLE].came > untold.figures[WHOLE].high
    assert told.figures[WHOLE].came < told.figures[WHOLE].high


def test_a_service_that_is_shut_on_a_day_is_left_out_of_it() -> None:
    days = open_days(30)
    history = [row for row in lived(30) if not (row[0] == "b" and row[1] == days[-1])]
    assert set(looked(history)[-1].figures) == {"a", WHOLE}


def test_days_are_told_in_their_order() -> None:
    assert all(a.day < b.day for a, b in pairwise(looked(lived(30))))
