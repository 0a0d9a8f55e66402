"""Taking a ticket, giving it up, coming back after having been passed over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from hall.core.errors import CapReached
from hall.core.events import TicketIssued, TicketMoved
from hall.core.line import Entry, place_behind
from hall.core.names import ServiceId
from hall.core.opening import refusal
from hall.core.ticket import Move, TicketState, after, number
from hall.core.wait import estimate
from hall.desk import calls, flips
from hall.store import read
from hall.store.journal import Change
from hall.store.prepared import Prepared, as_row
from hall.store.tables import Counter, Service, Ticket


@dataclass(frozen=True, slots=True)
class Issued:
    """A ticket as its holder is told of it."""

    id: str
    number: str
    service: str
    state: str
    ahead: int
    low_s: int
    high_s: int
    issued_at: str
    priority: bool = False


def issue(
    change: Change,
    service_id: str,
    *,
    priority: bool = False,
    channel: str = "kiosk",
) -> Issued:
    """Give a walk-in the next number of a service.

    Refuses with Unknown, HallClosed, ServiceClosed or CapReached.
    """
    service = read.service(change.session, change.hall_id, service_id, "/service")
    check_open(change, service)
    _check_cap(change, service)
    ticket = new_ticket(change, service, Entry.ARRIVAL, change.now, priority=priority, channel=channel)
    return told(change, ticket)


def new_ticket(
    change: Change,
    service: Service,
    entry: Entry,
    place: datetime,
    *,
    priority: bool,
    channel: str,
    booking: str | None = None,
    booked_at: datetime | None = None,
) -> Ticket:
    """Write a ticket with the next number and its event. What is given back is a copy, to be told of."""
    serial = _next_serial(change, service.prefix)
    values = _BLANK | {
        "id": secrets.token_urlsafe(12), "hall_id": change.hall_id, "day": change.day,
        "prefix": service.prefix, "serial": serial, "number": number(service.prefix, serial),
        "service_id": service.id, "state": TicketState.WAITING.value, "priority": priority,
        "channel": channel, "entry": entry.value, "place": place, "booked_at": booked_at,
        "issued_at": change.now, "issued_version": change.version, "version": change.version,
        "overtaken": 0, "let_in": 0, "returned": False, "calls": 0,
    }  # fmt: skip
    ticket = as_row(Ticket, dict(values))
    _WRITE.all(change.session, **values)
    change.write(TicketIssued(ticket.id, service.id, ticket.number, entry.value, booking))
    return ticket


def told(change: Change, ticket: Ticket) -> Issued:
    """What the holder of a ticket just written is told: people ahead and the expected range."""
    sitting = change.sitting
    sitting.lines = sitting.lines or read.loads(change.session, change.hall_id, change.day)
    lines, windows = sitting.lines
    service = ServiceId(ticket.service_id)
    ahead = lines[service].waiting - 1
    if ticket.priority:
        ahead = _priority_waiting(change, ticket.service_id) - 1
    wait = estimate(service, ahead, lines, windows)
    return Issued(
        ticket.id, ticket.number, ticket.service_id, ticket.state, ahead, wait.low_s, wait.high_s,
        change.now.isoformat(), ticket.priority,
    )  # fmt: skip


def cancel(change: Change, ticket_id: str) -> Ticket:
    """The visitor gives the ticket up, or staff withdraws it.

    Refuses with WrongState, or NotYourWindow for a clerk while another window has the ticket.
    """
    ticket = read.ticket(change.session, change.hall_id, ticket_id)
    ticket.state = after(TicketState(ticket.state), Move.CANCEL, ticket.number)
    at_window = ticket.at_window
    window = calls.mine(change, at_window) if at_window else None
    ticket.ended_at, ticket.at_window, ticket.version = change.now, None, change.version
    change.write(TicketMoved(ticket.id, Move.CANCEL.value, ticket.state, window=at_window))
    if window:
        window.version = change.version
        change.session.flush()
        flips.apply_due(change, window)
    return ticket


def reactivate(change: Change, ticket_id: str) -> Ticket:
    """A passed ticket comes back, once, behind the next few people (LineRules.reactivate_after).

    Refuses with WrongState or AlreadyReturned.
    """
    ticket = read.ticket(change.session, change.hall_id, ticket_id)
    waiting = read.line(change.session, change.hall_id, change.day, ticket.service_id)
    ticket.state = after(TicketState(ticket.state), Move.REACTIVATE, ticket.number, ticket.returned)
    behind = place_behind(waiting, change.settings.line.reactivate_after, change.now.timestamp())
    ticket.place = datetime.fromtimestamp(behind, change.now.tzinfo)
    ticket.entry, ticket.returned = Entry.REACTIVATED.value, True
    ticket.window_id = ticket.clerk_id = ticket.called_at = None
    ticket.version = change.version
    change.write(TicketMoved(ticket.id, Move.REACTIVATE.value, ticket.state))
    return ticket


def check_open(change: Change, service: Service) -> None:
    """Refuse tickets outside the hall's and the service's hours."""
    if refused := refusal(change.settings, change.day, change.wall_s, service.hours):
        raise refused


def _check_cap(change: Change, service: Service) -> None:
    if service.daily_cap is None:
        return
    issued = change.session.scalar(
        select(func.count()).where(
            Ticket.hall_id == change.hall_id, Ticket.day == change.day, Ticket.service_id == service.id
        )
    )
    if (issued or 0) >= service.daily_cap:
        raise CapReached()


def _priority_waiting(change: Change, service_id: str) -> int:
    found = change.session.scalar(
        select(func.count()).where(
            Ticket.hall_id == change.hall_id, Ticket.day == change.day, Ticket.service_id == service_id,
            Ticket.state == TicketState.WAITING.value, Ticket.priority,
        )
    )  # fmt: skip
    return found or 0


def _next_serial(change: Change, prefix: str) -> int:
    return take_block(change.session, change.hall_id, change.day, prefix, 1)


def take_block(session: Session, hall_id: str, day: date, prefix: str, size: int) -> int:
    """Reserve `size` serials of a prefix and give the first; under the hall's lock no two meet."""
    following = _TAKE.first(session, hall=hall_id, on=day, letters=prefix, size=size)
    if following is not None:
        return int(following[0]) - size
    session.execute(insert(Counter).values(hall_id=hall_id, day=day, prefix=prefix, next=1 + size))
    return 1


_BLANK = dict.fromkeys(Ticket.__table__.c.keys())
_WRITE = Prepared(insert(Ticket), apart=True)
_COUNTERS = Counter.__table__.c
_TAKE = Prepared(
    update(Counter)
    .where(
        _COUNTERS.hall_id == bindparam("hall"), _COUNTERS.day == bindparam("on"),
        _COUNTERS.prefix == bindparam("letters"),
    )
    .values(next=_COUNTERS.next + bindparam("size"))
    .returning(_COUNTERS.next)
)  # fmt: skip
