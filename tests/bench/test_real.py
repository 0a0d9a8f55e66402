"""The real days of the bench: what they take from the data is all there."""

from __future__ import annotations

from datetime import date

import pytest

from tests.bench.forecast import sets
from tests.bench.real.airport import HOUR_S, OPEN_H, airport, hall_log, shifts

needs_data = pytest.mark.skipif(
    not sets.folder().is_dir(), reason="TIDEHALL_DATA names no folder with the real arrivals"
)


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
