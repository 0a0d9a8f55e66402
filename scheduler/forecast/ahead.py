"""From a history to the rows of a forecast: day after day, each series in the slots in which it is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from hall.core.calendar import Calendar
from scheduler.forecast.day import Forecast
from scheduler.forecast.learn import fit
from scheduler.forecast.opening import Opening, learn_opening
from scheduler.forecast.reading import History
from scheduler.forecast.table import Count

DAY_S = 86_400


@dataclass(frozen=True)
class Row:
    """Expected walk-ins of a series in one slot: the mean, then the quantiles of LEVELS."""

    start: datetime
    series: str
    figures: tuple[float, ...]


def ahead(history: History, start: datetime, calendar: Calendar, horizon_days: int) -> Iterator[Row]:
    """Rows from `start` on, sorted by start and series; only what is open."""
    if not history.rows:
        return
    today, now_s = start.date(), start.hour * 3600 + start.minute * 60 + start.second
    hall = {day for days in history.rows.values() for day in days}
    openings = {
        series: learn_opening(days, hall, calendar, is_cut=max(hall) == today)
        for series, days in sorted(history.rows.items())
    }
    # The first day of all teaches what it can before it is over.
    model = fit(_rows_before(history, today if min(hall) < today else today + timedelta(days=1)), calendar)
    for number in range(horizon_days):
        day = today + timedelta(days=number)
        slots = {series: _slots(opening, day, calendar) for series, opening in openings.items()}
        from_s = now_s if number == 0 else 0
        starts = sorted(
            {s for mine in slots.values() for s in mine} | (_told(history, day) if not number else set())
        )
        if not any(s >= from_s for s in starts):
            continue
        forecast = model.day(day, starts)
        if number == 0:
            forecast = forecast.update(_arrived(history, day, starts), now_s)
        yield from _rows(forecast, day, from_s, slots)


def _slots(opening: Opening, day: date, calendar: Calendar) -> frozenset[int]:
    return frozenset(opening.on(day, calendar))


def _rows_before(history: History, end: date) -> Iterator[Count]:
    for series, days in history.rows.items():
        for day, slots in days.items():
            if day < end:
                for slot, count in slots.items():
                    yield series, day, slot, count


def _told(history: History, day: date) -> set[int]:
    return {slot for days in history.rows.values() for slot in days.get(day, ())}


def _arrived(history: History, day: date, starts: list[int]) -> dict[str, list[float]]:
    """What has come by slot; NaN where a series has no row, so that it tells nothing about the day."""
    told = _told(history, day)
    past = [s for s in starts if told and s <= max(told)]
    return {
        series: [days.get(day, {}).get(slot, np.nan) for slot in past]
        for series, days in history.rows.items()
    }


def _rows(forecast: Forecast, day: date, from_s: int, slots: dict[str, frozenset[int]]) -> Iterator[Row]:
    figures = {}
    for series in slots:
        figures[series] = np.column_stack([forecast.mean(series), forecast.quantiles(series)])
    midnight = datetime.combine(day, time())
    for index, second in enumerate(forecast.starts_s):
        if second < from_s:
            continue
        for series, open_slots in slots.items():
            if second in open_slots:
                row = tuple(float(n) for n in figures[series][index])
                yield Row(midnight + timedelta(seconds=second), series, row)
