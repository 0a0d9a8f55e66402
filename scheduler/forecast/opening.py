"""When a series is open, as its history shows: by weekday, and what the calendar makes of the day.

A missing row means closed. A weekday's slot counts as open when the series had it on at least half of that
weekday's last open days, so that a short day before a holiday does not close the slot for good. A week or
more without any row is a closure: it says nothing about the weekdays in it, what was before it still holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, pairwise

from hall.core.calendar import Calendar

WEEK = 7
WORKING_DAYS = range(5)
LAST_DAYS = 8  # of a weekday that are looked at: two months at work, so that new hours are learned in one
OPEN_SHARE = 0.5
ENDED = 3  # a series missing on so many of a weekday's last days, others open, is not held on it any more
HABIT = 2  # closures: one may be a renovation after a trial day, the next is a hall of every other Wednesday

Slots = tuple[int, ...]  # starts in seconds since midnight, ascending


@dataclass(frozen=True)
class Opening:
    """The slots of one series by weekday; `common` is its usual working day."""

    weekdays: tuple[Slots, ...]
    common: Slots

    def on(self, day: date, calendar: Calendar) -> Slots:
        """The slots open on a day; none where the calendar closes it."""
        if calendar.is_shut(day):
            return ()
        slots = self.weekdays[day.weekday()]
        if calendar.is_called_in(day) and (not slots or day.weekday() not in WORKING_DAYS):
            slots = self.common
        if (half := calendar.halves.get(day)) is not None:
            slots = tuple(s for s in slots or self.common if half[0] <= s < half[1])
        return slots


def learn_opening(
    days: Mapping[date, Collection[int]], hall: Collection[date], calendar: Calendar, *, is_cut: bool = False
) -> Opening:
    """The opening of a series from the slots of its days. `hall`: the days on which any series was open.

    `is_cut`: the newest of these is not over, so that it says nothing about its later slots.
    """
    newest = max(hall)
    told = {day: slots for day, slots in sorted(days.items()) if not (is_cut and day == newest)}
    usual = {day: slots for day, slots in told.items() if day not in calendar.kinds}
    common = _often(list((usual or told or days).values())[-LAST_DAYS * 5 :])
    known = sorted({*days, *(day for day in hall if day > max(days))})
    telling = [day for day in _telling(known) if day not in calendar.kinds and not (is_cut and day == newest)]
    closures = sum(_is_closure(sooner, later) for sooner, later in pairwise(known))
    found = [_weekday(usual, telling, hall, weekday, closures) for weekday in range(WEEK)]
    return Opening(tuple(_unseen(found, weekday, common) for weekday in range(WEEK)), common)


def _telling(known: Sequence[date]) -> Iterator[date]:
    """The days, newest first, on which the series would have been open on an open weekday.

    `known`: its open days, and the hall's since the last of them, ascending. Of a closure between two of
    them, of the service or of the whole hall, nothing is told.
    """
    for later, sooner in pairwise(reversed(known)):
        yield later
        if not _is_closure(sooner, later):
            yield from (later - timedelta(days=n) for n in range(1, (later - sooner).days))
    yield known[0]


def _is_closure(sooner: date, later: date) -> bool:
    """Whether between two days with rows every weekday was missed: seven days or more."""
    return (later - sooner).days > WEEK


def _weekday(
    days: Mapping[date, Collection[int]],
    telling: Sequence[date],
    hall: Collection[date],
    weekday: int,
    closures: int,
) -> Slots | None:
    """The slots of a weekday, () where it is a closed one, None where history does not tell."""
    dates = list(islice((day for day in telling if day.weekday() == weekday), LAST_DAYS))
    if not dates:
        return None if closures < HABIT else ()
    of_late = [day in days for day in dates if day in hall][:ENDED]
    if len(of_late) == ENDED and not any(of_late):
        return ()
    opened = [days[day] for day in dates if day in days]
    # A third is enough: holidays that no calendar names shut single days, a closed weekday all of them.
    return _often(opened) if len(opened) * 3 >= len(dates) else ()


def _unseen(found: list[Slots | None], weekday: int, common: Slots) -> Slots:
    """A weekday of which history does not tell: like the others of the working week, or its weekend twin."""
    mine = found[weekday]
    if mine is not None:
        return mine
    if weekday in WORKING_DAYS:
        return common
    twin = found[11 - weekday]  # Saturday for Sunday and the other way round
    return twin or ()


def _often(opened: list[Collection[int]]) -> Slots:
    """The slots that at least half of these days had."""
    seen = Counter(slot for slots in opened for slot in slots)
    return tuple(sorted(slot for slot, times in seen.items() if times >= OPEN_SHARE * len(opened)))
