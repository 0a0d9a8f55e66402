"""Which days are unlike others of their weekday, after a hall was shut for long."""

from __future__ import annotations

from datetime import date, timedelta

from hall.core.calendar import NO_CALENDAR
from scheduler.forecast.occasion import NAMES, Occasions
from scheduler.forecast.table import Table

REOPENED = date(2025, 11, 10)
LATER = date(2025, 12, 10)


def _occasions(before: list[date]) -> Occasions:
    """Open Monday to Friday for two weeks since it reopened."""
    days = [*before, *(REOPENED + timedelta(days=n) for n in range(12) if n % 7 < 5)]
    return Occasions.of(Table.of([("social", day, 9 * 3600, 5) for day in days], NO_CALENDAR), NO_CALENDAR)


def test_a_long_closure_does_not_make_every_day_to_come_the_last_of_its_month() -> None:
    for before in ([], [date(2025, 9, 1)], [date(2025, 9, 1) + timedelta(days=n) for n in range(5)]):
        occasions = _occasions(before)
        assert occasions.weekdays == set(range(5))
        assert not occasions.on(LATER)[NAMES.index("month end")]
