"""What a visitor can ask for now: services with their lines, and the turn of one ticket. Dicts only."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from hall.core.days import business_day, wall_s
from hall.core.errors import CapReached, HallError
from hall.core.line import Entry, Place, ahead_of
from hall.core.names import ServiceId, TicketId
from hall.core.opening import refusal
from hall.core.ticket import TicketState
from hall.core.wait import estimate
from hall.store import read
from hall.store.moment import Moment
from hall.store.tables import Service, Ticket

Row = dict[str, Any]


def services(moment: Moment) -> list[Row]:
    """Every service in the hall's order: names, people waiting, range, and whether tickets are given now.

    `refused` is null, or the code that a press would get, with today's hours where they are the reason.
    """
    # Not the day the hall is in: before the morning's first change that is still yesterday.
    today = business_day(moment.now, moment.hall.zone)
    loads, windows = read.loads(moment.session, moment.hall.id, today)
    issued = _issued(moment, today)
    rows = []
    for service in read.services(moment.session, moment.hall.id):
        id_ = ServiceId(service.id)
        wait = estimate(id_, loads[id_].waiting, loads, windows)
        why = _refusal(moment, service, today, issued.get(service.id, 0))
        refused = None if why is None else {"code": why.code, "hours": why.details.get("hours")}
        rows.append(
            {
                "id": service.id, "family": service.family_id, "prefix": service.prefix,
                "name_zh": service.name_zh, "name_en": service.name_en,
                "open": why is None, "refused": refused, "bookable": service.quota > 0,
                "waiting": loads[id_].waiting, "wait": {"low_s": wait.low_s, "high_s": wait.high_s},
            }
        )  # fmt: skip
    return rows


def turn(moment: Moment, ticket: Ticket) -> Row:
    """A ticket as its holder sees it; `ahead` and `wait` are null unless it is waiting."""
    ahead = wait = None
    if ticket.state == TicketState.WAITING:
        ahead = ahead_of(
            _place(ticket), read.line(moment.session, moment.hall.id, moment.day, ticket.service_id)
        )
        loads, windows = read.loads(moment.session, moment.hall.id, moment.day)
        found = estimate(ServiceId(ticket.service_id), ahead, loads, windows)
        wait = {"low_s": found.low_s, "high_s": found.high_s}
    return {
        "id": ticket.id, "number": ticket.number, "service": ticket.service_id, "state": ticket.state,
        "class": "priority" if ticket.priority else "normal", "ahead": ahead, "wait": wait,
        "issued_at": ticket.issued_at.isoformat(), "window": ticket.at_window,
        "for_window": ticket.for_window,
    }  # fmt: skip


def _refusal(moment: Moment, service: Service, today: date, issued: int) -> HallError | None:
    """What keeps visitors from a ticket now: the hours, then the day's cap."""
    second = wall_s(moment.now, moment.hall.zone, today)
    closed = refusal(moment.hall.settings, today, second, service.hours)
    if closed is None and service.daily_cap is not None and issued >= service.daily_cap:
        return CapReached()
    return closed


def _issued(moment: Moment, today: date) -> dict[str, int]:
    """Tickets given today, of services that have a cap only: the others need no count."""
    rows = moment.session.execute(
        select(Ticket.service_id, func.count().label("given"))
        .join(Service, (Service.hall_id == Ticket.hall_id) & (Service.id == Ticket.service_id))
        .where(Ticket.hall_id == moment.hall.id, Ticket.day == today, Service.daily_cap.is_not(None))
        .group_by(Ticket.service_id)
    )
    return {row.service_id: row.given for row in rows}


def _place(ticket: Ticket) -> Place:
    return Place(
        TicketId(ticket.id), ServiceId(ticket.service_id), ticket.place.timestamp(),
        ticket.issued_at.timestamp(), ticket.issued_version, Entry(ticket.entry), ticket.priority,
    )  # fmt: skip
