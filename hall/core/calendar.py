"""The calendar: which days are out of the ordinary, and what is known of them.

It holds exceptions only: a day without an entry is what its weekday makes it. Where the entries come from
(chinesecalendar, a manager, a file) is the caller's business; nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
    """One statement about one day; `hours` with HALF, `factor` (times the usual walk-ins) with EVENT.

    `services`: those whose walk-ins an event multiplies; none named means all of them.
    """

    day: date
    kind: DayKind
    hours: Interval | None = None
    factor: float = 1.0
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """Entries by day. `since`, `until`: the days that are confirmed; None where nobody promises that.

    `events` hold for every service but those that `own_events` names on the same day.
    """

    kinds: dict[date, DayKind] = field(default_factory=dict)
    halves: dict[date, Interval] = field(default_factory=dict)
    events: dict[date, float] = field(default_factory=dict)
    until: date | None = None
    own_events: dict[tuple[date, str], float] = field(default_factory=dict)
    since: date | None = None

    @classmethod
    def of(cls, entries: Iterable[Entry], until: date | None = None, since: date | None = None) -> Calendar:
        """A later entry of the same sort replaces an earlier one; an event stands beside what the day is."""
        return cls(until=until, since=since).over(entries)

    def over(self, entries: Iterable[Entry]) -> Calendar:
        """These entries in place of what was said of their days; the rest stays."""
        kinds, halves = dict(self.kinds), dict(self.halves)
        events, own = dict(self.events), dict(self.own_events)
        for entry in entries:
            if entry.kind is DayKind.EVENT:
                _add_event(entry, events, own)
                continue
            kinds[entry.day] = entry.kind
            halves.pop(entry.day, None)
            if entry.hours is not None:
                halves[entry.day] = entry.hours
        return Calendar(kinds, halves, events, self.until, own, self.since)

    def is_shut(self, day: date) -> bool:
        """Whether the calendar closes the day."""
        return self.kinds.get(day) in SHUT

    def is_open_at(self, day: date, second: int) -> bool:
        """Whether the calendar leaves this second of the day open; it says nothing of the hall's hours."""
        half = self.halves.get(day)
        return not self.is_shut(day) and (half is None or half[0] <= second < half[1])

    def leaves_open(self, day: date, from_s: int, to_s: int) -> bool:
        """Whether the calendar leaves all of [from_s, to_s) open; it says nothing of the hall's hours."""
        return self.is_open_at(day, from_s) and self.is_open_at(day, to_s - 1)

    def is_shut_from(self, day: date, second: int) -> bool:
        """Whether the calendar leaves nothing of the day open from this second on."""
        half = self.halves.get(day)
        return self.is_shut(day) or (half is not None and half[1] <= second)

    def is_called_in(self, day: date) -> bool:
        """Whether the calendar makes the day a workday whatever its weekday."""
        return self.kinds.get(day) is DayKind.WORKDAY

    def factor(self, day: date, service: str) -> float:
        """How many times its usual walk-ins a known event brings a service; 1 without one."""
        return self.own_events.get((day, service), self.events.get(day, 1.0))

    def is_confirmed(self, day: date) -> bool:
        """Whether what the calendar says of the day, or does not say, can be relied on."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def is_short(self, today: date) -> bool:
        """Whether the confirmed days end so soon that somebody should see to it."""
        return self.until is not None and self.until < today + timedelta(days=WARN_DAYS)


NO_CALENDAR = Calendar()


def _add_event(entry: Entry, events: dict[date, float], own: dict[tuple[date, str], float]) -> None:
    """An event of all services takes the place of what was said of any of them on that day."""
    if entry.services:
        own.update({(entry.day, service): entry.factor for service in entry.services})
        return
    events[entry.day] = entry.factor
    for key in [key for key in own if key[0] == entry.day]:
        del own[key]


def spanning(entry: Entry, last: date) -> list[Entry]:
    """The same said of every day from the entry's own to `last`, included: "×2 for three weeks"."""
    days = (last - entry.day).days + 1
    return [replace(entry, day=entry.day + timedelta(days=n)) for n in range(days)]
