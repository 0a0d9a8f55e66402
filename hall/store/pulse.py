"""Signs of life of an installation, for monitoring: workers seen and people waiting. Counts only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hall.core.ticket import TicketState
from hall.store.tables import Hall, Lease, Ticket


def workers(session: Session, real: datetime) -> dict[str, bool]:
    """For each hall, whether a worker holds its lease now."""
    rows = session.execute(
        select(Hall.id, Lease.until).outerjoin(Lease, (Lease.hall_id == Hall.id) & (Lease.role == "worker"))
    )
    return {hall_id: until is not None and until > real for hall_id, until in rows}


def waiting(session: Session) -> dict[tuple[str, str], int]:
    """People waiting by hall and service; lines with nobody are left out."""
    rows = session.execute(
        select(Ticket.hall_id, Ticket.service_id, func.count())
        .join(Hall, (Hall.id == Ticket.hall_id) & (Hall.day == Ticket.day))
        .where(Ticket.state == TicketState.WAITING.value)
        .group_by(Ticket.hall_id, Ticket.service_id)
    )
    return {(hall_id, service): count for hall_id, service, count in rows}


def versions(session: Session) -> dict[str, int]:
    """The version of each hall: how many changes it has seen."""
    found: dict[str, int] = dict(session.execute(select(Hall.id, Hall.version)).all())
    return found
