"""Who is next for a window, and why. A pure function, used by the desk and by the simulator alike.

Order is by place: the instant from which a visitor's turn counts. A walk-in's place is the arrival,
a booked visitor's the booked time (the check-in when late), a kept transfer or a return from hold
keeps the old one. Priority tickets go first, but no ordinary ticket is overtaken by more than
`bound` of them (DOMAIN.md behaviour 3: bounded overtaking).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hall.core.names import ServiceId, TicketId


class Entry(StrEnum):
    """How a ticket came to its place in the line."""

    ARRIVAL = "arrival"
    BOOKED = "booked"
    RETURNED = "returned"  # from hold, with the old place
    KEPT = "kept"  # transferred, with the old place
    TAIL = "tail"  # transferred to the tail
    REACTIVATED = "reactivated"  # passed over, came back once


# These stand ahead of people who arrived before them; their overtaking is counted apart and shown.
LET_IN = frozenset({Entry.BOOKED, Entry.RETURNED, Entry.KEPT, Entry.REACTIVATED})


JUST_BEHIND_S = 0.001  # a returning ticket stands behind its neighbour, not on the same spot


@dataclass(frozen=True, slots=True)
class Place:
    """One waiting ticket as the order sees it. Instants are seconds on any one clock."""

    ticket: TicketId
    service: ServiceId
    since: float  # the place: whoever has the smaller one is due earlier
    arrived: float  # when the ticket was issued or checked in
    serial: int = 0  # order of arrival; breaks ties between equal places
    entry: Entry = Entry.ARRIVAL
    priority: bool = False
    overtaken: int = 0  # by how many priority tickets so far

    @property
    def order(self) -> tuple[float, int]:
        return (self.since, self.serial)


class Why(StrEnum):
    """The rule that made a ticket the next one."""

    ORDER = "order"  # the longest in line
    PRIORITY = "priority"  # a priority ticket, within the bound
    BOUND = "bound"  # an ordinary ticket that priority may not overtake any further
    BOOKED = "booked"  # its booked time came
    EARLY = "early"  # booked for later, but nobody else is waiting
    RETURNED = "returned"
    KEPT = "kept"
    REACTIVATED = "reactivated"


_WHY_OF_ENTRY = {
    Entry.BOOKED: Why.BOOKED,
    Entry.RETURNED: Why.RETURNED,
    Entry.KEPT: Why.KEPT,
    Entry.REACTIVATED: Why.REACTIVATED,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The next ticket, the reason, and whom it went ahead of."""

    place: Place
    why: Why
    overtakes: tuple[TicketId, ...] = ()  # ordinary tickets a priority ticket jumps: their count grows
    lets_in: tuple[TicketId, ...] = ()  # earlier arrivals behind a booking, return or kept place


def next_for(waiting: Iterable[Place], now: float, bound: int) -> Choice | None:
    """The ticket due next among those whose service the window offers; None when nobody waits.

    `bound` is the number of priority tickets that may overtake one ordinary ticket. Booked tickets
    whose time has not come are called only when nobody else waits.
    """
    places = list(waiting)
    due = [p for p in places if p.since <= now]
    if not due:
        early = min(places, key=lambda p: p.order, default=None)
        return Choice(early, Why.EARLY) if early else None
    first = min(due, key=lambda p: p.order)
    if first.priority:
        return _choice(first, due, Why.PRIORITY)
    urgent = min((p for p in due if p.priority), key=lambda p: p.order, default=None)
    if urgent is None:
        return _choice(first, due, Why.ORDER)
    jumped = [p for p in due if not p.priority and p.order < urgent.order]
    if any(p.overtaken >= bound for p in jumped):
        return _choice(first, due, Why.BOUND)
    return Choice(urgent, Why.PRIORITY, tuple(p.ticket for p in jumped), ())


def _choice(place: Place, due: Sequence[Place], why: Why) -> Choice:
    let_in: tuple[TicketId, ...] = ()
    if place.entry in LET_IN:
        let_in = tuple(p.ticket for p in due if p.arrived < place.arrived and p.ticket != place.ticket)
    if why is Why.ORDER:
        why = _WHY_OF_ENTRY.get(place.entry, Why.ORDER)
    return Choice(place, why, (), let_in)


def place_behind(waiting: Sequence[Place], count: int, now: float) -> float:
    """The place of a passed ticket that comes back: behind the next `count` people of its line.

    With fewer people waiting it goes to the tail, that is to `now` (DOMAIN.md behaviour 18).
    """
    ordered = sorted(p.since for p in waiting)
    return ordered[count - 1] + JUST_BEHIND_S if 0 < count <= len(ordered) else now


def ahead_of(place: Place, waiting: Iterable[Place]) -> int:
    """How many people of the same line stand ahead, as a visitor would count them."""
    mine = (not place.priority, *place.order)
    return sum(
        1
        for p in waiting
        if p.service == place.service and p.ticket != place.ticket and (not p.priority, *p.order) < mine
    )
