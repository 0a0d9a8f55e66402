"""Single things and lines as the verbs need them. A thing of another hall does not exist here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func, or_, select
from sqlalchemy.orm import Session

from hall.core import window as rules
from hall.core.errors import Invalid, Unknown, UnknownHall
from hall.core.line import LET_IN, Entry, Place
from hall.core.names import FamilyId, HallId, ServiceId, TicketId
from hall.core.ticket import TicketState
from hall.core.wait import LineLoad, Lines, OpenWindow
from hall.store.prepared import Prepared, as_row, keep
from hall.store.tables import Booking, Clerk, Family, Hall, Plan, Service, Skill, Ticket, Window


def hall(session: Session, hall_id: str) -> Hall:
    """The hall. Raises UnknownHall."""
    row = _HALL.first(session, hall=hall_id)
    if row is None:
        raise UnknownHall(id=hall_id, what="hall")
    return keep(session, Hall, row)


def hall_ids(session: Session) -> list[HallId]:
    """Every hall of this database."""
    return [HallId(hall_id) for hall_id in session.scalars(select(Hall.id).order_by(Hall.id))]


def meant(session: Session, named: str | None) -> HallId:
    """The hall meant on a command line: the named one, or the only one. Raises Invalid, which lists all."""
    known = hall_ids(session)
    if named is None and len(known) == 1:
        return known[0]
    if named not in known:
        halls = ", ".join(known) or "none; “tidehall init” makes one"
        why = "name one" if named is None else f"there is no “{named}”"
        raise Invalid("--hall", field="--hall", allowed=f"{why}; the halls here are: {halls}")
    return HallId(named)


def service(session: Session, hall_id: str, service_id: str, path: str | None = None) -> Service:
    """A copy of a service of this hall. Raises Unknown; `path` is the input field that named it."""
    row = _SERVICE.first(session, hall=hall_id, service=service_id)
    if row is None:
        raise Unknown(path, what="service", id=service_id)
    return as_row(Service, dict(zip(_S.keys(), row, strict=True)))


def family(session: Session, hall_id: str, service_id: str) -> str:
    """The family of a service of this hall."""
    row = _FAMILY.first(session, hall=hall_id, service=service_id)
    if row is None:
        raise Unknown(what="service", id=service_id)
    return str(row[0])


def window(session: Session, hall_id: str, window_id: str, path: str | None = None) -> Window:
    """A window of this hall. Raises Unknown."""
    row = _WINDOW.first(session, hall=hall_id, window=window_id)
    if row is None:
        raise Unknown(path, what="window", id=window_id)
    return keep(session, Window, row)


def clerk(session: Session, hall_id: str, clerk_id: str) -> Clerk:
    """A clerk of this hall. Raises Unknown."""
    found = session.get(Clerk, (hall_id, clerk_id))
    if found is None:
        raise Unknown(what="clerk", id=clerk_id)
    return found


def ticket(session: Session, hall_id: str, ticket_id: str) -> Ticket:
    """A ticket of this hall. Raises Unknown."""
    row = _TICKET.first(session, ticket=ticket_id)
    found = keep(session, Ticket, row) if row else None
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


def clerks(session: Session, hall_id: str) -> list[Clerk]:
    """All clerks of a hall by id."""
    return list(session.scalars(select(Clerk).where(Clerk.hall_id == hall_id).order_by(Clerk.id)))


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
    row = _TICKET_AT.first(session, hall=hall_id, window=window_id)
    return keep(session, Ticket, row) if row else None


def places(session: Session, hall_id: str, day: date, mode: Collection[str], window_id: str) -> list[Place]:
    """Whom core.line must see to name this window's next: lines of its mode, without those sent to others.

    Where nobody has priority and the first of all was let in before nobody, the fronts of the lines say
    it all; lines of hundreds are then not read at every press.
    """
    asked = {"hall": hall_id, "day": day, "window": window_id} | {
        f"service_{n}": service for n, service in enumerate(mode)
    }
    rows = _fronts(len(mode)).all(session, **asked) if mode else []
    fronts = [_place(row) for row in rows]
    first = min(fronts, key=lambda place: place.order, default=None)
    if first is None or (first.entry not in LET_IN and not any(row[-1] for row in rows)):
        return fronts
    return [_place(row) for row in _callable(len(mode)).all(session, **asked)]


def line(session: Session, hall_id: str, day: date, service_id: str) -> list[Place]:
    """Everybody waiting in one line."""
    return [_place(row) for row in _LINE.all(session, hall=hall_id, day=day, service=service_id)]


def loads(session: Session, hall_id: str, day: date) -> Lines:
    """All lines and the windows that serve now, as core.wait estimates from them."""
    lines = {
        ServiceId(id_): LineLoad(waiting, mean_s, scv)
        for id_, mean_s, scv, waiting in _LOADS.all(session, hall=hall_id, day=day)
    }
    return lines, [
        OpenWindow(frozenset(ServiceId(s) for s in mode), ticket_id is None)
        for mode, ticket_id in _OPEN_WINDOWS.all(session, hall=hall_id)
    ]


def _place(row: Sequence[Any]) -> Place:
    id_, service_id, place, issued_at, serial, entry, priority, overtaken = row[:8]
    return Place(
        TicketId(id_), ServiceId(service_id), place.timestamp(), issued_at.timestamp(), serial, Entry(entry),
        priority, overtaken,
    )  # fmt: skip


# Run at every press, so prepared.
_T, _S, _W = Ticket.__table__.c, Service.__table__.c, Window.__table__.c
_IN_LINE = (
    _T.hall_id == bindparam("hall"), _T.day == bindparam("day"), _T.state == TicketState.WAITING.value
)  # fmt: skip
_PLACED = (
    _T.id, _T.service_id, _T.place, _T.issued_at, _T.issued_version, _T.entry, _T.priority, _T.overtaken
)  # fmt: skip
_LINE = Prepared(select(*_PLACED).where(*_IN_LINE, _T.service_id == bindparam("service")))
_MINE = or_(_T.for_window.is_(None), _T.for_window == bindparam("window"))
_FIRST = Ticket.__table__.alias("first")


def _in_mode(column: ColumnElement[str], services: int) -> ColumnElement[bool]:
    return column.in_([bindparam(f"service_{n}", type_=String()) for n in range(services)])


@cache
def _callable(services: int) -> Prepared:
    """Everybody in the lines of a mode whom one window may call."""
    return Prepared(select(*_PLACED).where(*_IN_LINE, _in_mode(_T.service_id, services), _MINE))


@cache
def _fronts(services: int) -> Prepared:
    """The front of each line of a mode, and whether anybody in that line has priority."""
    line = *_IN_LINE, _MINE, _T.service_id == _S.id
    front = select(_T.id).where(*line).order_by(_T.place, _T.issued_version).limit(1)
    urgent = select(_T.id).where(*line, _T.priority)
    first = [_FIRST.c[column.key] for column in _PLACED]
    return Prepared(
        select(*first, urgent.correlate(Service.__table__).exists())
        .join_from(
            Service.__table__, _FIRST, _FIRST.c.id == front.correlate(Service.__table__).scalar_subquery()
        )
        .where(_S.hall_id == bindparam("hall"), _in_mode(_S.id, services))
    )


# By their keys: an object that the session has already wins, so what is still to be written may wait.
_TICKET = Prepared(select(*_T).where(_T.id == bindparam("ticket")), apart=True)
_TICKET_AT = Prepared(select(*_T).where(_T.hall_id == bindparam("hall"), _T.at_window == bindparam("window")))
_WINDOW = Prepared(
    select(*_W).where(_W.hall_id == bindparam("hall"), _W.id == bindparam("window")), apart=True
)
_WAITING = select(func.count()).where(*_IN_LINE, _T.service_id == _S.id).scalar_subquery()
_HALL = Prepared(select(*Hall.__table__.c).where(Hall.__table__.c.id == bindparam("hall")))
_ONE_SERVICE = _S.hall_id == bindparam("hall"), _S.id == bindparam("service")
_SERVICE = Prepared(select(*_S).where(*_ONE_SERVICE))
_FAMILY = Prepared(select(_S.family_id).where(*_ONE_SERVICE))
_LOADS = Prepared(select(_S.id, _S.service_s, _S.scv, _WAITING).where(_S.hall_id == bindparam("hall")))
_OPEN_WINDOWS = Prepared(
    select(_W.mode, _T.id)
    .join_from(
        Window.__table__, Ticket.__table__, (_T.hall_id == _W.hall_id) & (_T.at_window == _W.id), isouter=True
    )
    .where(_W.hall_id == bindparam("hall"), or_(_W.state == "open", _W.state == "setup"))
)
