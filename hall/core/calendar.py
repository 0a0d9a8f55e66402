"""The calendar: which days are out of the ordinary, and what is known of them.

It holds exceptions only: a day without an entry is what its weekday makes it. Where the entries come from
(chinesecalendar, a manager, a file) is the caller's business; nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from hall.core.days import Interval

WARN_DAYS = 60  # a horizon of confirmed days shorter than this deserves a warning (DOMAIN.md §G)


class DayKind(Enum):
    """What a calendar can say of a day."""

    WORKDAY = "workday"  # open although its weekday may be free: a make-up workday, 调休
    RESTDAY = "restday"  # shut although its weekday may be open
    HOLIDAY = "holiday"  # shut, a public holiday
    HALF = "half"  # open for a part of the day only
    EVENT = "event"  # a known event: so many times the usual walk-ins


SHUT = frozenset({DayKind.RESTDAY, DayKind.HOLIDAY})


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement about one day; `hours` with HALF, `factor` (times the usual walk-ins) with EVENT."""

    day: date
    kind: DayKind
    hours: Interval | None = None
    factor: float = 1.0


@dataclass(frozen=True)
class Calendar:
    """Entries by day. `until`: the last day that is confirmed; None where nobody promises that."""

    kinds: dict[date, DayKind] = field(default_factory=dict)
    halves: dict[date, Interval] = field(default_factory=dict)
    events: dict[date, float] = field(default_factory=dict)
    until: date | None = None

    @classmethod
    def of(cls, entries: Iterable[Entry], until: date | None = None) -> Calendar:
        """A later entry of the same sort replaces an earlier one; an event stands beside what the day is."""
        return cls(until=until).over(entries)

    def over(self, entries: Iterable[Entry]) -> Calendar:
        """These entries in place of what was said of their days; the rest stays."""
        kinds, halves, events = dict(self.kinds), dict(self.halves), dict(self.events)
        for entry in entries:
            if entry.kind is DayKind.EVENT:
                events[entry.day] = entry.factor
                continue
            kinds[entry.day] = entry.kind
            halves.pop(entry.day, None)
            if entry.hours is not None:
                halves[entry.day] = entry.hours
        return Calendar(kinds, halves, events, self.until)

    def is_shut(self, day: date) -> bool:
        """Whether the calendar closes the day."""
        return self.kinds.get(day) in SHUT

    def is_called_in(self, day: date) -> bool:
        """Whether the calendar makes the day a workday whatever its weekday."""
        return self.kinds.get(day) is DayKind.WORKDAY

    def factor(self, day: date) -> float:
        """How many times the usual walk-ins a known event brings; 1 without one."""
        return self.events.get(day, 1.0)

    def is_confirmed(self, day: date) -> bool:
        """Whether what the calendar says of the day, or does not say, can be relied on."""
        return self.until is None or day <= self.until

    def is_short(self, today: date) -> bool:
        """Whether the confirmed days end so soon that somebody should see to it."""
        return self.until is not None and self.until < today + timedelta(days=WARN_DAYS)


NO_CALENDAR = Calendar()


def uplift(first: date, last: date, factor: float) -> list[Entry]:
    """A known event over a span of days, both ends included: "×2 for three weeks"."""
    days = (last - first).days + 1
    return [Entry(first + timedelta(days=n), DayKind.EVENT, factor=factor) for n in range(days)]
