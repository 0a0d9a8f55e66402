"""The tide of demand: how many come, when, for what. Everything here is drawn from a seed.

Half-hour weights and weekday factors are DOMAIN.md §H's; a day's own factor makes days over-dispersed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from hall.demo.district import MATTERS, TICKETS_A_DAY

SLOT_S = 900
MORNING_S, AFTERNOON_S = 8 * 3600 + 1800, 13 * 3600 + 1800
CLOSE_S = 17 * 3600 + 1800
MORNING = (9, 12, 13, 11, 8.5, 5, 2.5)  # per cent of the day by half hour from opening
AFTERNOON = (6, 8.5, 8.5, 7, 5.5, 3.5)
WEEKDAY = (1.2, 1.0, 1.0, 1.0, 0.9)  # Monday to Friday
MONTH_END = 1.15  # the last two working days
AFTER_HOLIDAY = 1.5
SURGE = 1.0  # the Monday of the demo: its weekday and calendar, without the luck of a quiet day
DAY_CV = 0.09  # what no calendar explains: the day's own factor
MIX_CV = 0.10  # and each service's own


@dataclass(frozen=True, slots=True)
class Day:
    """One day's tide: expected walk-ins by service and slot."""

    day: date
    starts_s: tuple[int, ...]
    expected: NDArray[np.float64]  # services × slots

    def counts(self, draw: Generator) -> NDArray[np.int64]:
        """How many really come, by service and slot."""
        return draw.poisson(self.expected)

    def rate(self, service: int, second: int) -> float:
        """Expected walk-ins per second of the hall's time; 0 while the hall takes nobody."""
        for index, start in enumerate(self.starts_s):
            if start <= second < start + SLOT_S:
                return float(self.expected[service, index]) / SLOT_S
        return 0.0


def starts() -> tuple[int, ...]:
    """The quarter hours in which the hall gives tickets; the last one before noon and closing too."""
    slots = [MORNING_S + i * SLOT_S for i in range(2 * len(MORNING))]
    slots += [AFTERNOON_S + i * SLOT_S for i in range(2 * len(AFTERNOON))]
    return tuple(slot for slot in slots if slot < CLOSE_S)


def is_open(day: date) -> bool:
    """Weekdays that are no public holiday; unknown years have weekends only."""
    if day.weekday() > 4:
        return False
    try:
        return not chinese_calendar.is_holiday(day)
    except NotImplementedError:
        return True


def open_days(before: date, number: int) -> list[date]:
    """The last `number` open days before a day, oldest first."""
    found: list[date] = []
    day = before
    while len(found) < number:
        day -= timedelta(days=1)
        if is_open(day):
            found.append(day)
    return found[::-1]


def of(day: date, seed: int, surge: bool = False) -> Day:
    """The tide of one day; the same seed and day give the same tide."""
    draw = np.random.default_rng((seed, zlib.crc32(day.isoformat().encode())))
    factor = _calendar_factor(day) * (SURGE if surge else draw.gamma(1 / DAY_CV**2, DAY_CV**2))
    weights = np.repeat(np.array([*MORNING, *AFTERNOON]) / 200, 2)
    own = draw.gamma(1 / MIX_CV**2, MIX_CV**2, size=len(MATTERS))
    shares = np.array([matter.share for matter in MATTERS])
    return Day(day, starts(), TICKETS_A_DAY * factor * np.outer(shares * own, weights))


def _calendar_factor(day: date) -> float:
    factor = WEEKDAY[min(day.weekday(), 4)]
    yesterday = day - timedelta(days=1)
    if day.weekday() not in (5, 6) and yesterday.weekday() < 5 and not is_open(yesterday):
        factor *= AFTER_HOLIDAY
    following = [day + timedelta(days=n) for n in range(1, 8)]
    left = [d for d in following if d.month == day.month and is_open(d)]
    return factor * (MONTH_END if len(left) < 2 else 1.0)


def year_before(day: date, seed: int) -> Iterator[tuple[str, date, int, int]]:
    """A year of counts per service, day and slot, oldest first, for the forecast to learn from."""
    for past in (day - timedelta(days=n) for n in range(365, 0, -1)):
        if not is_open(past):
            continue
        counts = of(past, seed).counts(np.random.default_rng((seed, past.toordinal())))
        for row, matter in enumerate(MATTERS):
            for start, count in zip(starts(), counts[row].tolist(), strict=True):
                yield matter.id, past, start, count
