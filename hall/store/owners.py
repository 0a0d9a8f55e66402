"""Which hall a thing belongs to, for addresses that name the thing alone."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.errors import Unknown
from hall.core.names import HallId
from hall.store.tables import Booking, Plan, Ticket


def ticket(session: Session, ticket_id: str) -> HallId:
    """The hall of a ticket. Raises Unknown."""
    return _known(session.scalar(select(Ticket.hall_id).where(Ticket.id == ticket_id)), "ticket", ticket_id)


def booking(session: Session, booking_id: str) -> HallId:
    """The hall of a booking. Raises Unknown."""
    found = session.scalar(select(Booking.hall_id).where(Booking.id == booking_id))
    return _known(found, "booking", booking_id)


def plan(session: Session, plan_id: str) -> HallId:
    """The hall of a plan. Raises Unknown."""
    return _known(session.scalar(select(Plan.hall_id).where(Plan.id == plan_id)), "plan", plan_id)


def _known(hall_id: str | None, what: str, id_: str) -> HallId:
    if hall_id is None:
        raise Unknown(what=what, id=id_)
    return HallId(hall_id)
