"""When a series is open: by the weekdays of the weeks it was at work, whatever stood between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest

from hall.core.calendar import NO_CALENDAR, Calendar
from scheduler.forecast.opening import Opening, learn_opening

SLOTS = (9 * 3600, 10 * 3600)
WEDNESDAY = date(2025, 11, 19)  # the newest day of these histories
WORKING, EVERY_DAY = {0, 1, 2, 3, 4}, set(range(7))


def _days(first: date, last: date = WEDNESDAY, weekdays: Iterable[int] = WORKING) -> set[date]:
    """The days from `first` to `last`, both included, that fall on these weekdays."""
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day for day in span if day.weekday() in weekdays}


def _learned(days: set[date], hall: set[date] | None = None, calendar: Calendar = NO_CALENDAR) -> Opening:
    return learn_opening(dict.fromkeys(sorted(days), SLOTS), hall or days, calendar)


def _open_weekdays(days: set[date], hall: set[date] | None = None) -> set[int]:
    return {weekday for weekday, slots in enumerate(_learned(days, hall).weekdays) if slots}


@pytest.mark.parametrize(
    "before",
    [
        pytest.param({date(2025, 9, 1)}, id="one stray row"),
        pytest.param({date(2025, 10, 20)}, id="a trial day"),
        pytest.param({date(2025, 9, 1), date(2025, 9, 22), date(2025, 10, 13)}, id="three trial days"),
        pytest.param(_days(date(2025, 9, 1), date(2025, 9, 2)), id="two days"),
        pytest.param(_days(date(2025, 9, 1), date(2025, 10, 1)), id="a month"),
        pytest.param(_days(date(2023, 9, 1), date(2024, 3, 13)), id="years ago"),
    ],
)
@pytest.mark.parametrize("reopened", [date(2025, 11, 5), date(2025, 11, 10)])
def test_a_long_closure_says_nothing_against_a_weekday(before: set[date], reopened: date) -> None:
    assert _open_weekdays(before | _days(reopened)) == WORKING


@pytest.mark.parametrize("weeks", range(1, 14))
def test_a_hall_just_reopened_keeps_the_weekdays_it_had(weeks: int) -> None:
    """Closed for so many weeks, open again since Monday; Thursday and Friday are yet to come."""
    monday = WEDNESDAY - timedelta(days=2)
    before = _days(date(2025, 6, 2), monday - timedelta(weeks=weeks, days=1))
    assert _open_weekdays(before | _days(monday)) == WORKING
    weekly = {1, 3}
    before = _days(date(2025, 6, 2), monday - timedelta(weeks=weeks, days=1), weekly)
    assert _open_weekdays(before | _days(monday, weekdays=weekly)) == weekly


def test_a_service_closed_for_weeks_in_an_open_hall_keeps_the_weekdays_it_had() -> None:
    hall = _days(date(2025, 6, 2))
    service = _days(date(2025, 6, 2), date(2025, 10, 1)) | _days(WEDNESDAY - timedelta(days=2))
    assert _open_weekdays(service, hall) == WORKING


def test_a_weekday_that_no_open_week_has_reached_is_like_the_others() -> None:
    """A trial Wednesday, then opened on a Wednesday: no Thursday has had a chance so far."""
    assert _open_weekdays({date(2025, 9, 3), WEDNESDAY}) == WORKING
    assert _open_weekdays({date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 9)}) == WORKING


def test_a_closure_that_returns_is_a_habit() -> None:
    """Open every other Wednesday, or one in four: on no other day of the week."""
    for apart in (2, 4):
        days = {WEDNESDAY - timedelta(weeks=apart * n) for n in range(5)}
        assert _open_weekdays(days) == {2}


def test_weekdays_that_are_closed_stay_closed_over_a_closure() -> None:
    for weekdays in ({1, 3}, {2}, WORKING, {0, 1, 2, 3, 4, 5}):
        before = _days(date(2025, 8, 4), date(2025, 9, 30), weekdays)
        assert _open_weekdays(before | _days(date(2025, 11, 3), weekdays=weekdays)) == weekdays


def test_a_weekday_given_up_is_learned_in_three_weeks() -> None:
    hall = _days(date(2025, 6, 2))
    for weeks, expected in ((2, WORKING), (3, WORKING - {2})):
        given_up = {day for day in hall if day.weekday() != 2 or day <= WEDNESDAY - timedelta(weeks=weeks)}
        assert _open_weekdays(given_up, hall) == expected


def test_a_weekday_given_up_by_the_whole_hall_is_learned_in_six_weeks() -> None:
    """Nobody says whether the hall was shut by a holiday: a third of the last eight is enough."""
    hall = _days(date(2025, 6, 2), WEDNESDAY + timedelta(days=2))
    for weeks, expected in ((5, WORKING), (6, WORKING - {2})):
        given_up = {day for day in hall if day.weekday() != 2 or day <= WEDNESDAY - timedelta(weeks=weeks)}
        assert _open_weekdays(given_up) == expected


def test_two_saturdays_made_up_for_around_a_closure_are_no_saturdays() -> None:
    """National Day, and nobody names the calendar: make-up days on 28 September and 11 October."""
    shut = _days(date(2025, 10, 1), date(2025, 10, 8), EVERY_DAY)
    days = _days(date(2025, 9, 1)) - shut | {date(2025, 9, 28), date(2025, 10, 11)}
    assert _open_weekdays(days) == WORKING


@pytest.mark.parametrize("order", [sorted, lambda days: sorted(days, reverse=True)])
def test_the_usual_working_day_is_that_of_the_last_days_in_whatever_order_they_are_told(
    order: Callable[[Iterable[date]], list[date]],
) -> None:
    days = _days(date(2025, 6, 2))
    longer = date(2025, 9, 1)
    told = {day: SLOTS if day >= longer else SLOTS[:1] for day in order(days)}
    assert learn_opening(told, days, NO_CALENDAR).common == SLOTS
