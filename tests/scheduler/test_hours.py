"""Slots that history has as empty, not as absent: shut on some weekdays, or nobody happened to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from scheduler.forecast import Count, Forecast, fit

MONDAY = date(2026, 3, 2)
STARTS = tuple(range(8 * 3600, 18 * 3600, 3600))
FOUR, FIVE = STARTS.index(16 * 3600), STARTS.index(17 * 3600)


def _history(weeks: int, means: Mapping[str, float], weekdays: int = 5) -> list[Count]:
    """Until six on Mondays, else until four, with zeros for the rest of the day."""
    draw = np.random.default_rng(5)
    rows: list[Count] = []
    for day in (MONDAY - timedelta(days=n) for n in range(7 * weeks, 0, -1)):
        for service, mean in means.items():
            if day.weekday() < weekdays:
                due = [mean if s < 16 * 3600 or day.weekday() == 0 else 0.0 for s in STARTS]
                rows += [(service, day, s, int(n)) for s, n in zip(STARTS, draw.poisson(due), strict=True)]
    return rows


def _on(rows: list[Count], weekday: int) -> Forecast:
    return fit(rows).day(MONDAY + timedelta(days=weekday), STARTS)


@pytest.mark.parametrize("weeks", [2, 12])
def test_a_long_day_is_as_long_as_it_was_and_a_short_one_ends(weeks: int) -> None:
    rows = _history(weeks, {"social": 40.0})
    monday, tuesday = _on(rows, 0), _on(rows, 1)
    assert monday.mean("social")[FOUR:] == pytest.approx([40.0, 40.0], rel=0.25)
    assert tuesday.mean("social")[FOUR:] == [0.0, 0.0]
    assert tuesday.quantiles("social")[FOUR:].max() == 0.0
    assert sum(tuesday.mean("social")) == pytest.approx(320, rel=0.15)


def test_a_small_line_keeps_the_hours_of_its_hall() -> None:
    rows = _history(2, {"social": 40.0, "rare": 0.2})
    assert _on(rows, 1).mean("rare")[FOUR:] == [0.0, 0.0]
    assert _on(rows, 0).mean("rare")[FOUR] > 0


def test_nobody_by_chance_is_not_shut() -> None:
    rows = [row for row in _history(3, {"rare": 0.3}) if row[2] < 16 * 3600]
    for weekday in range(5):
        assert min(_on(rows, weekday).mean("rare")[:FOUR]) > 0


def test_one_day_on_which_an_hour_failed_does_not_shut_it() -> None:
    failed = MONDAY - timedelta(days=6)  # the only Tuesday so far
    rows = [
        (s, d, t, 0 if d == failed and t == STARTS[2] else n) for s, d, t, n in _history(1, {"social": 9.0})
    ]
    assert _on(rows, 1).mean("social")[2] > 3


def test_a_weekday_never_seen_may_be_a_long_one() -> None:
    rows = _history(4, {"social": 40.0}, weekdays=4)
    assert 0 < _on(rows, 4).mean("social")[FIVE] < 20


def test_a_day_that_broke_off_does_not_end_that_weekday_for_good() -> None:
    """The only Tuesday so far lost its afternoon; the next one may have it."""
    failed = MONDAY - timedelta(days=6)
    rows = [
        (s, d, t, 0 if d == failed and t >= 12 * 3600 else n) for s, d, t, n in _history(1, {"social": 40.0})
    ]
    afternoon = sum(_on(rows, 1).mean("social")[4:FOUR])
    assert 50 < afternoon < 160
