"""What the journal records: one frozen record per kind, ids and numbers only, never a person's data.

What people typed (why a plan was refused, what a ticket is held for) stays on its row, where it can be
erased; a hash chain forgets nothing.

Each event names the boards it changes, so that the feed builds only those. hall.core.retold tells the hall
from events alone; the journal must give the same as the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

HALL_BOARD = "hall"
EVERY_BOARD = "*"  # the feed builds all boards of the hall


def window_board(window: str) -> str:
    """The board's name of one window's sign."""
    return f"window:{window}"


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; `kind` is stable and stored."""

    kind: ClassVar[str] = ""
    staff_only: ClassVar[bool] = False  # changes no public board

    def payload(self) -> dict[str, Any]:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in given.items() if value is not None}

    def boards(self) -> tuple[str, ...]:
        """Names of the public boards this changes."""
        if self.staff_only:
            return ()
        window = getattr(self, "window", None)
        return (HALL_BOARD, window_board(window)) if window else (HALL_BOARD,)


@dataclass(frozen=True, slots=True)
class TicketIssued(Event):
    kind = "ticket.issued"
    ticket: str
    service: str
    number: str
    entry: str = "arrival"
    booking: str | None = None


@dataclass(frozen=True, slots=True)
class TicketCalled(Event):
    kind = "ticket.called"
    ticket: str
    window: str
    clerk: str
    call: str
    why: str
    overtakes: int = 0  # ordinary tickets a priority ticket jumped
    lets_in: int = 0  # earlier arrivals behind a booking, return or kept place


@dataclass(frozen=True, slots=True)
class TicketMoved(Event):
    """Every other legal move of core.ticket: start, finish, recall, pass_over, reactivate, hold, …"""

    kind = "ticket.moved"
    ticket: str
    move: str
    state: str
    window: str | None = None
    service: str | None = None  # where a transfer leads
    reason: str | None = None  # of an expiry: the state before it


@dataclass(frozen=True, slots=True)
class BookingMade(Event):
    kind = "booking.made"
    staff_only = True
    booking: str
    service: str
    at: str


@dataclass(frozen=True, slots=True)
class BookingChanged(Event):
    kind = "booking.changed"
    staff_only = True
    booking: str
    state: str
    at: str | None = None


@dataclass(frozen=True, slots=True)
class WindowChanged(Event):
    """Sign-in, pause, resume, sign-out: the window's state after it."""

    kind = "window.changed"
    window: str
    state: str
    clerk: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WindowFlipped(Event):
    """A window's mode changed: a flip, a narrowing or the first mode of the day."""

    kind = "window.flipped"
    window: str
    mode: list[str]
    before: list[str]
    flip: str | None = None


@dataclass(frozen=True, slots=True)
class PlanMade(Event):
    kind = "plan.made"
    staff_only = True
    plan: str
    state: str
    status: str


@dataclass(frozen=True, slots=True)
class PlanDecided(Event):
    """approve, refuse or undo, by `by`; `windows` are the flips it was said of."""

    kind = "plan.decided"
    plan: str
    state: str
    by: str
    windows: list[str]

    def boards(self) -> tuple[str, ...]:
        return (HALL_BOARD, *(window_board(w) for w in self.windows))


@dataclass(frozen=True, slots=True)
class FlipDropped(Event):
    """A committed flip that a rule forbids now; it leaves the sign again."""

    kind = "flip.dropped"
    window: str
    flip: str
    reason: str | dict[str, str]  # a rule's msgid, or the planner's own sentence by language


@dataclass(frozen=True, slots=True)
class PinChanged(Event):
    """A pin was set or taken away; a set one ends the flips its window's sign promised."""

    kind = "pin.changed"
    window: str
    by: str
    mode: list[str] | None = None  # None: the pin was taken away
    until: str | None = None


@dataclass(frozen=True, slots=True)
class SlotsSet(Event):
    """Bookings that a day's slots may take, and waits expected in them, were worked out anew."""

    kind = "slots.set"
    staff_only = True
    day: str
    places: int  # in all


@dataclass(frozen=True, slots=True)
class CalendarChanged(Event):
    """An entry of the hall's own calendar was added, altered or removed; it says `says` of a span of days."""

    kind = "calendar.changed"
    staff_only = True
    entry: str
    word: str
    by: str
    says: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class ClerkAbsent(Event):
    kind = "clerk.absent"
    staff_only = True
    clerk: str
    absent: bool


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    kind = "settings.changed"
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class DayRolled(Event):
    """A business day was closed and the next began; what was still open was expired just before."""

    kind = "day.rolled"
    day: str
    today: str

    def boards(self) -> tuple[str, ...]:
        return (EVERY_BOARD,)


KINDS: dict[str, type[Event]] = {
    event.kind: event
    for event in (
        TicketIssued, TicketCalled, TicketMoved, BookingMade, BookingChanged, WindowChanged, WindowFlipped,
        PlanMade, PlanDecided, FlipDropped, PinChanged, ClerkAbsent, SettingsChanged, SlotsSet,
        CalendarChanged, DayRolled,
    )
}  # fmt: skip


def from_payload(kind: str, payload: Mapping[str, Any]) -> Event:
    """The event a journal row holds, without what later versions no longer write. KeyError: unknown kind."""
    known = {field.name for field in fields(KINDS[kind])}
    return KINDS[kind](**{name: value for name, value in payload.items() if name in known})
