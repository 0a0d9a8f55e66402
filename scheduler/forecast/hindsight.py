"""How good the forecast was: what it would have said at each past opening, beside who came.

Rolling origin: a day is foretold from the days before it alone, so nothing has seen what it is judged by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hall.core.calendar import Calendar
from scheduler.forecast import quantiles
from scheduler.forecast.day import Forecast
from scheduler.forecast.learn import fit
from scheduler.forecast.table import Count

WHOLE = ""  # the hall as one series; no service has an empty id
LEARNED_DAYS = 3  # at least, before the first day that is foretold: the forecast's own cold start
MOST_DAYS = 20  # about a month of open days
LOW, HIGH = quantiles.LEVELS.index(0.10), quantiles.LEVELS.index(0.90)  # a range that promises eight in ten
WEEK = timedelta(days=7)

Known = tuple[Calendar, Calendar]  # what was known of the days, and of it what the hall itself says
Rows = Sequence[Count]


@dataclass(frozen=True, slots=True)
class Figures:
    """Walk-ins of a whole day in one series. `week_before` None: no count of the same weekday last week."""

    expected: float
    low: float
    high: float
    came: float
    week_before: float | None


@dataclass(frozen=True, slots=True)
class PastDay:
    """One day, foretold at its opening, by service and as the WHOLE hall."""

    day: date
    figures: dict[str, Figures]


def judged(days: Sequence[date]) -> list[date]:
    """Which of the days with counts (ascending) are foretold: the last ones that have some before them."""
    return list(days[LEARNED_DAYS:][-MOST_DAYS:])


def look_back(history: Rows, known: Callable[[date], Known]) -> Iterator[PastDay]:
    """The judged days of a history, oldest first. `known`: what managers had said by a day's opening."""
    by_day: dict[date, list[Count]] = defaultdict(list)
    for row in history:
        by_day[row[1]].append(row)
    for day in judged(sorted(by_day)):
        past = [row for earlier, rows in by_day.items() if earlier < day for row in rows]
        yield _foretold(day, past, by_day[day], by_day.get(day - WEEK, []), known(day))


def _foretold(day: date, past: Rows, today: Rows, week_before: Rows, known: Known) -> PastDay:
    calendar, own = known
    starts = sorted({slot for _, _, slot, _ in today})
    is_open = [own.is_open_at(day, start) for start in starts]
    said = fit(past, calendar).day(day, starts).only(is_open)
    whole = fit(_summed(past), calendar).day(day, starts).only(is_open)
    came, before = _totals(today), _totals(week_before)
    figures = {
        service: _figures(*said.whole_day(service, slots), came[service], before.get(service))
        for service, slots in _open_slots(today, starts).items()
    }
    expected = sum(each.expected for each in figures.values())
    figures[WHOLE] = _figures(expected, _spread(whole, expected), came[WHOLE], before.get(WHOLE))
    return PastDay(day, figures)


def _figures(mean: float, dispersion: float, came: float, week_before: float | None) -> Figures:
    (levels,) = quantiles.quantiles(np.array([mean]), np.array([dispersion]))
    return Figures(mean, float(levels[LOW]), float(levels[HIGH]), came, week_before)


def _spread(whole: Forecast, expected: float) -> float:
    """Services share a day's luck, so the hall's range is learned from its own sums, not from theirs."""
    mean, dispersion = whole.whole_day(WHOLE, range(len(whole.starts_s)))
    noise = dispersion - whole.day_spread(WHOLE) * mean
    return noise + whole.day_spread(WHOLE) * expected


def _summed(rows: Rows) -> list[Count]:
    sums: dict[tuple[date, int], float] = defaultdict(float)
    for _, day, slot, count in rows:
        sums[day, slot] += count
    return [(WHOLE, day, slot, count) for (day, slot), count in sums.items()]


def _totals(rows: Rows) -> Mapping[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for service, _, _, count in rows:
        sums[service] += count
        sums[WHOLE] += count
    return sums


def _open_slots(today: Rows, starts: Sequence[int]) -> Mapping[str, list[int]]:
    """The numbers of the slots in which each service was open."""
    number = {start: index for index, start in enumerate(starts)}
    found: dict[str, list[int]] = defaultdict(list)
    for service, _, slot, _ in today:
        found[service].append(number[slot])
    return found
