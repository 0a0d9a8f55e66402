"""Bookings over HTTP: slots looked at, booked, checked in, moved, cancelled."""

from __future__ import annotations

from datetime import date, datetime

from hall.desk import bookings, told
from hall.store import read, slots
from hall.store.moment import Moment
from hall.web.api.fields import day, id_, instant
from hall.web.api.operations import EVERYBODY, ISSUERS, VISITORS, Verb, change, look


@look("/halls/{hall}/slots", roles=EVERYBODY, query=(id_("service"), day("day")), answer="Slots")
def free_slots(moment: Moment, service: str, day: date) -> dict[str, object]:
    """The slots of a service on a day that are still ahead, with the places left."""
    row = read.service(moment.session, moment.hall.id, service, "/service")
    found = slots.on(moment.session, moment.hall, row, day, moment.now)
    return {
        "slots": [
            {"at": slots.local(s.at, moment.hall.zone).isoformat(), "quota": s.quota, "free": max(0, s.free)}
            for s in found
        ]
    }


@look("/halls/{hall}/bookings", roles=ISSUERS, query=(id_("code"),), answer="Booked")
def booking_with_code(moment: Moment, code: str) -> dict[str, object]:
    """The booking whose code a visitor typed."""
    row = read.booking_with_code(moment.session, moment.hall.id, code)
    at = slots.local(row.at, moment.hall.zone).isoformat()
    return told.booking(bookings.Booked(row.id, row.code, row.service_id, at, row.state))


@change(
    "/halls/{hall}/bookings",
    roles=ISSUERS,
    body=(id_("service"), instant("at")),
    answer="Booked",
    status=201,
)
def book(service: str, at: datetime) -> Verb:
    """Take one place in a slot. `at` is the slot's start."""
    return lambda c: told.booking(bookings.book(c, service, at))


@change("/bookings/{booking}/check-in", roles=VISITORS, answer="Issued")
def check_in(booking: str) -> Verb:
    """The booked visitor is here: a ticket whose turn counts from the booked time."""
    return lambda c: told.issued(bookings.check_in(c, booking))


@change("/bookings/{booking}/move", roles=VISITORS, body=(instant("at"),), answer="Booked")
def move_booking(booking: str, at: datetime) -> Verb:
    """Another slot, with the same code."""
    return lambda c: told.booking(bookings.move(c, booking, at))


@change("/bookings/{booking}/cancel", roles=VISITORS, answer="Booked")
def cancel_booking(booking: str) -> Verb:
    """Give the place back."""
    return lambda c: told.booking(bookings.cancel(c, booking))
