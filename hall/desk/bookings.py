"""Bookings: make, check in, move, cancel. A slot never holds more than its quota."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hall.core.days import business_day, wall_s
from hall.core.errors import BookingOtherDay, BookingState, SlotClosed, SlotFull, SlotShut
from hall.core.events import BookingChanged, BookingMade
from hall.core.line import Entry
from hall.desk.visits import Issued, new_ticket, told
from hall.store import calendar, read, slots
from hall.store.journal import Change
from hall.store.tables import Booking, Service

CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as its holder is told of it. `at`: ISO instant of the slot's start, in the hall's zone."""

    id: str
    code: str
    service: str
    at: str
    state: str


def book(
    change: Change,
    service_id: str,
    at: datetime,
) -> Booked:
    """Take one place in a slot. Refuses with Unknown, SlotShut, SlotClosed or SlotFull."""
    service = read.service(change.session, change.hall_id, service_id, "/service")
    day = _check_slot(change, service, at)
    booking = Booking(
        id=secrets.token_urlsafe(12), hall_id=change.hall_id, code=_new_code(change), service_id=service.id,
        day=day, at=at, state="booked", made_at=change.now, version=change.version,
    )  # fmt: skip
    change.session.add(booking)
    change.write(BookingMade(booking.id, service.id, at.isoformat()))
    return as_told(change, booking)


def check_in(change: Change, booking_id: str) -> Issued:
    """The booked visitor is here: a ticket whose turn counts from the slot, or from now when late.

    Late is more than BookingRules.late_s after the slot's start. Refuses with BookingState or
    BookingOtherDay.
    """
    booking = _live(change, booking_id)
    if booking.day != change.day:
        raise BookingOtherDay(code=booking.code, day=booking.day.isoformat())
    late = change.now > booking.at + timedelta(seconds=change.settings.booking.late_s)
    entry, place = (Entry.TAIL, change.now) if late else (Entry.BOOKED, booking.at)
    ticket = new_ticket(
        change, read.service(change.session, change.hall_id, booking.service_id), entry, place,
        priority=False, channel="booking", booking=booking.id, booked_at=booking.at,
    )  # fmt: skip
    booking.state, booking.ticket_id, booking.version = "checked_in", ticket.id, change.version
    change.write(BookingChanged(booking.id, booking.state))
    return told(change, ticket)


def move(
    change: Change,
    booking_id: str,
    at: datetime,
) -> Booked:
    """Another slot with the same code; the old place is free again. Refuses like `book`."""
    booking = _live(change, booking_id)
    service = read.service(change.session, change.hall_id, booking.service_id)
    if at != booking.at:
        booking.day = _check_slot(change, service, at)
        booking.at = at
    booking.version = change.version
    change.write(BookingChanged(booking.id, booking.state, at.isoformat()))
    return as_told(change, booking)


def cancel(change: Change, booking_id: str) -> Booked:
    """Give the place back. Refuses with BookingState, also when it is too late for the hall's rule."""
    booking = _live(change, booking_id)
    if change.now > booking.at - timedelta(seconds=change.settings.booking.cancel_before_s):
        raise BookingState(code=booking.code, state="due")
    booking.state, booking.version = "cancelled", change.version
    change.write(BookingChanged(booking.id, booking.state))
    return as_told(change, booking)


def as_told(change: Change, booking: Booking) -> Booked:
    """The booking in the hall's local time."""
    return Booked(
        booking.id, booking.code, booking.service_id,
        slots.local(booking.at, change.hall.zone).isoformat(), booking.state,
    )  # fmt: skip


def _live(change: Change, booking_id: str) -> Booking:
    booking = read.booking(change.session, change.hall_id, booking_id)
    if booking.state != "booked":
        raise BookingState(code=booking.code, state=booking.state)
    return booking


def _check_slot(change: Change, service: Service, at: datetime) -> date:
    """The day of a slot that can be booked. The hall's lock is held, so 40 at once count rightly."""
    day = business_day(at, change.hall.zone)
    offered = slots.on(change.session, change.hall, service, day, change.now)
    slot = next((s for s in offered if s.at == at), None)
    if slot is None:
        raise SlotShut("/at") if _is_shut(change, day, at) else SlotClosed("/at")
    if slot.free < 1:
        raise SlotFull("/at")
    return day


def _is_shut(change: Change, day: date, at: datetime) -> bool:
    """Whether it is the hall's own calendar that keeps a slot from beginning then."""
    second = wall_s(at, change.hall.zone, day)
    own = calendar.own(change.session, change.hall_id, day, day)
    return not own.leaves_open(day, second, second + change.settings.booking.slot_s)


def _new_code(change: Change) -> str:
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        if not slots.code_taken(change.session, change.hall_id, code):
            return code
