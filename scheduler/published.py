"""China's public holidays and make-up workdays (调休) as calendar entries, from chinesecalendar's tables.

The State Council names a year's days in November of the year before; chinesecalendar follows. A year that
it does not know yet is not guessed: the calendar's `until` ends before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar

from hall.core.calendar import NO_CALENDAR, Calendar, DayKind, Entry

SATURDAY = 5
CHINA = {"Asia/Shanghai", "Asia/Urumqi", "PRC"}  # zones where 国务院办公厅's days off hold


def published(zone: str, first: date, last: date) -> Calendar:
    """What is published for a hall in this zone; nothing outside China, and nobody promises it there."""
    return china(first, last) if zone in CHINA else NO_CALENDAR


def china(first: date, last: date) -> Calendar:
    """What is out of the ordinary from `first` to `last`, both included, as far as it is published."""
    known = sorted({day.year for day in chinese_calendar.holidays})
    since, until = date(known[0], 1, 1), date(known[-1], 12, 31)
    return Calendar.of(_entries(max(first, since), min(last, until)), until, since)


def _entries(begin: date, end: date) -> Iterator[Entry]:
    for number in range((end - begin).days + 1):
        day = begin + timedelta(days=number)
        is_free, is_weekend = chinese_calendar.is_holiday(day), day.weekday() >= SATURDAY
        if is_free and day in chinese_calendar.holidays:
            yield Entry(day, DayKind.HOLIDAY)
        elif is_free and not is_weekend:
            yield Entry(day, DayKind.RESTDAY)  # free in exchange for a make-up workday
        elif is_weekend and not is_free:
            yield Entry(day, DayKind.WORKDAY)
