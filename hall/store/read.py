"""Single things and lines as the verbs need them. A thing of another hall does not exist here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hall.core import window as rules
from hall.core.errors import Unknown, UnknownHall
from hall.core.line import Entry, Place
from hall.core.names import FamilyId, HallId, ServiceId, TicketId
from hall.core.ticket import TicketState
from hall.core.wait import LineLoad, OpenWindow
from hall.store.tables import Booking, Clerk, Family, Hall, Plan, Service, Skill, Ticket, Window


def hall(session: Session, hall_id: str) -> Hall:
    """The hall. Raises UnknownHall."""
    found = session.get(Hall, hall_id)
    if found is None:
        raise UnknownHall(id=hall_id, what="hall")
    return found


def hall_ids(session: Session) -> list[HallId]:
    """Every hall of this database."""
    return [HallId(hall_id) for hall_id in session.scalars(select(Hall.id).order_by(Hall.id))]


def service(session: Session, hall_id: str, service_id: str, path: str | None = None) -> Service:
    """A service of this hall. Raises Unknown; `path` is the input field that named it."""
    found = session.get(Service, (hall_id, service_id))
    if found is None:
        raise Unknown(path, what="service", id=service_id)
    return found


def window(session: Session, hall_id: str, window_id: str, path: str | None = None) -> Window:
    """A window of this hall. Raises Unknown."""
    found = session.get(Window, (hall_id, window_id))
    if found is None:
        raise Unknown(path, what="window", id=window_id)
    return found


def clerk(session: Session, hall_id: str, clerk_id: str) -> Clerk:
    """A clerk of this hall. Raises Unknown."""
    found = session.get(Clerk, (hall_id, clerk_id))
    if found is None:
        raise Unknown(what="clerk", id=clerk_id)
    return found


def ticket(session: Session, hall_id: str, ticket_id: str) -> Ticket:
    """A ticket of this hall. Raises Unknown."""
    found = session.get(Ticket, ticket_id)
    if found is None or found.hall_id != hall_id:
        raise Unknown(what="ticket", id=ticket_id)
    return found


def ticket_with_number(session: Session, hall_id: str, day: date, number: str) -> Ticket | None:
    """The ticket with this number on that business day."""
    return session.scalar(
        select(Ticket).where(Ticket.hall_id == hall_id, Ticket.day == day, Ticket.number == number)
    )


def booking(session: Session, hall_id: str, booking_id: str) -> Booking:
    """A booking of this hall. Raises Unknown."""
    found = session.get(Booking, booking_id)
    if found is None or found.hall_id != hall_id:
        raise Unknown(what="booking", id=booking_id)
    return found


def booking_with_code(session: Session, hall_id: str, code: str) -> Booking:
    """The booking a visitor typed the code of. Raises Unknown."""
    found = session.scalar(select(Booking).where(Booking.hall_id == hall_id, Booking.code == code))
    if found is None:
        raise Unknown("/code", what="booking", id=code)
    return found


def plan(session: Session, hall_id: str, plan_id: str) -> Plan:
    """A plan of this hall. Raises Unknown."""
    found = session.get(Plan, plan_id)
    if found is None or found.hall_id != hall_id:
        raise Unknown(what="plan", id=plan_id)
    return found


def plan_in_force(session: Session, hall_id: str) -> Plan | None:
    """The plan that holds now, if there is one."""
    return session.scalar(
        select(Plan)
        .where(Plan.hall_id == hall_id, Plan.state == "in_force")
        .order_by(Plan.version.desc())
        .limit(1)
    )


def services(session: Session, hall_id: str) -> list[Service]:
    """All services in the order of the hall's own list."""
    return list(
        session.scalars(
            select(Service).where(Service.hall_id == hall_id).order_by(Service.position, Service.id)
        )
    )


def families(session: Session, hall_id: str) -> list[Family]:
    """All families in the order of the hall's own list."""
    return list(
        session.scalars(select(Family).where(Family.hall_id == hall_id).order_by(Family.position, Family.id))
    )


def windows(session: Session, hall_id: str) -> list[Window]:
    """All windows in the order they stand in the hall."""
    return list(
        session.scalars(select(Window).where(Window.hall_id == hall_id).order_by(Window.position, Window.id))
    )


def family_of(session: Session, hall_id: str) -> dict[ServiceId, FamilyId]:
    """The family of each service."""
    rows = session.execute(select(Service.id, Service.family_id).where(Service.hall_id == hall_id))
    return {ServiceId(row[0]): FamilyId(row[1]) for row in rows}


def skills(session: Session, hall_id: str, clerk_id: str) -> dict[ServiceId, rules.Skill]:
    """What a clerk is authorised for, expired authorisations included (they say why not)."""
    rows = session.scalars(select(Skill).where(Skill.hall_id == hall_id, Skill.clerk_id == clerk_id))
    return {ServiceId(row.service_id): rules.Skill(row.pace, row.until) for row in rows}


def equipment(row: Window) -> rules.Equipment:
    """What the window's terminals and the hall's policy allow."""
    return rules.Equipment(
        frozenset(ServiceId(s) for s in row.can), row.tidal, tuple(ServiceId(s) for s in row.fixed_mode)
    )


def ticket_at(session: Session, hall_id: str, window_id: str) -> Ticket | None:
    """The ticket called to or served at a window."""
    return session.scalar(select(Ticket).where(Ticket.hall_id == hall_id, Ticket.at_window == window_id))


def places(session: Session, hall_id: str, day: date, mode: Collection[str], window_id: str) -> list[Place]:
    """Everybody waiting whom this window may call: lines of its mode, without those sent to others."""
    rows = session.execute(
        _PLACE.where(
            Ticket.hall_id == hall_id,
            Ticket.day == day,
            Ticket.state == TicketState.WAITING.value,
            Ticket.service_id.in_(sorted(mode)),
            or_(Ticket.for_window.is_(None), Ticket.for_window == window_id),
        )
    )
    return [_place(row) for row in rows]


def line(session: Session, hall_id: str, day: date, service_id: str) -> list[Place]:
    """Everybody waiting in one line."""
    rows = session.execute(
        _PLACE.where(
            Ticket.hall_id == hall_id,
            Ticket.day == day,
            Ticket.state == TicketState.WAITING.value,
            Ticket.service_id == service_id,
        )
    )
    return [_place(row) for row in rows]


_PLACE = select(
    Ticket.id, Ticket.service_id, Ticket.place, Ticket.issued_at, Ticket.issued_version, Ticket.entry,
    Ticket.priority, Ticket.overtaken,
)  # fmt: skip


def _place(row: Iterable[object]) -> Place:
    id_, service_id, place, issued_at, serial, entry, priority, overtaken = row
    return Place(
        TicketId(id_), ServiceId(service_id), place.timestamp(), issued_at.timestamp(),  # type: ignore[arg-type,attr-defined]  # a row of _PLACE, in its order
        serial, Entry(entry), priority, overtaken,  # type: ignore[arg-type]  # the same
    )  # fmt: skip


def loads(session: Session, hall_id: str, day: date) -> tuple[dict[ServiceId, LineLoad], list[OpenWindow]]:
    """All lines and the windows that serve now, as core.wait estimates from them."""
    counted = session.execute(
        select(Ticket.service_id, func.count())
        .where(Ticket.hall_id == hall_id, Ticket.day == day, Ticket.state == TicketState.WAITING.value)
        .group_by(Ticket.service_id)
    )
    waiting: dict[str, int] = dict(counted.all())
    rows = session.execute(
        select(Service.id, Service.service_s, Service.scv).where(Service.hall_id == hall_id)
    )
    lines = {ServiceId(id_): LineLoad(waiting.get(id_, 0), mean_s, scv) for id_, mean_s, scv in rows}
    open_windows = session.execute(
        select(Window.mode, Ticket.id)
        .outerjoin(Ticket, (Ticket.hall_id == Window.hall_id) & (Ticket.at_window == Window.id))
        .where(Window.hall_id == hall_id, Window.state.in_(("open", "setup")))
    )
    return lines, [
        OpenWindow(frozenset(ServiceId(s) for s in mode), ticket_id is None)
        for mode, ticket_id in open_windows
    ]
