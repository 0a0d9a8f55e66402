"""Calling and what follows a call: start, finish, recall, pass over, hold, return, transfer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update

from hall.core.errors import N_, NotAble, NotYourWindow, StillServing, WindowClosed
from hall.core.events import TicketCalled, TicketMoved
from hall.core.line import Choice, Entry, next_for
from hall.core.people import Role
from hall.core.ticket import Move, TicketState, after
from hall.core.window import WindowState
from hall.desk import flips, standby
from hall.store import read
from hall.store.journal import Change
from hall.store.prepared import Prepared, save
from hall.store.tables import Call, Ticket, Window

_WRITE = Prepared(insert(Call), apart=True)


@dataclass(frozen=True, slots=True)
class Called:
    """A call as the clerk is told of it. `why` is core.line.Why."""

    id: str
    ticket: str
    number: str
    window: str
    service: str
    why: str
    overtakes: int
    lets_in: int
    at: str


def call_next(
    change: Change,
    window_id: str,
    *,
    finish: bool = False,
) -> Called | None:
    """Give this window the ticket that is due now; None when nobody waits or a flip just began.

    `finish` closes the case in hand first, in the same transaction. Refuses with Unknown,
    NotYourWindow, WindowClosed or StillServing.
    """
    window = mine(change, window_id)
    in_hand = read.ticket_at(change.session, change.hall_id, window_id)
    if in_hand and not finish:
        raise StillServing(window=window.label, number=in_hand.number)
    if in_hand:
        _leave(change, in_hand, window, Move.FINISH)
    if flips.apply_due(change, window):
        return None
    if window.state != WindowState.OPEN and not in_hand:
        raise WindowClosed(window=window.label, state=window.state)
    choice = _choose(change, window) if window.state == WindowState.OPEN else None
    if choice is None:
        standby.take_if_auto(change, window)
        return None
    return _call(change, window, choice)


def start(change: Change, ticket_id: str) -> Ticket:
    """The visitor sat down."""
    ticket, window = _at_window(change, ticket_id, Move.START)
    ticket.state = after(TicketState(ticket.state), Move.START, ticket.number)
    ticket.started_at = change.now
    _told(change, ticket, window, Move.START)
    return ticket


def finish(change: Change, ticket_id: str) -> Ticket:
    """The case is done; a flip that was waiting for it begins."""
    return _free(change, ticket_id, Move.FINISH)


def pass_over(change: Change, ticket_id: str) -> Ticket:
    """The called visitor did not come. May return once; the second time it is a no-show."""
    return _free(change, ticket_id, Move.PASS_OVER)


def hold(change: Change, ticket_id: str, reason: str) -> Ticket:
    """Set the ticket aside, for instance while the visitor fetches papers."""
    return _free(change, ticket_id, Move.HOLD, reason)


def recall(change: Change, ticket_id: str) -> Ticket:
    """Announce the called ticket once more, as a call of its own."""
    ticket, window = _at_window(change, ticket_id, Move.RECALL)
    ticket.state = after(TicketState(ticket.state), Move.RECALL, ticket.number)
    ticket.calls += 1
    _announce(change, ticket, window, "recall")
    _told(change, ticket, window, Move.RECALL)
    return ticket


def return_(change: Change, ticket_id: str) -> Ticket:
    """A held visitor is back: into the line with the old place, so ahead of newer arrivals."""
    ticket = read.ticket(change.session, change.hall_id, ticket_id)
    ticket.state = after(TicketState(ticket.state), Move.RETURN, ticket.number)
    ticket.entry, ticket.reason, ticket.version = Entry.RETURNED.value, None, change.version
    ticket.started_at = ticket.called_at = None
    change.write(TicketMoved(ticket.id, Move.RETURN.value, ticket.state))
    return ticket


def transfer(
    change: Change,
    ticket_id: str,
    *,
    to_service: str | None = None,
    to_window: str | None = None,
    keep: bool = True,
) -> Ticket:
    """Move the visitor on to another line or to one window, with the same number.

    `keep`: with the old place, else to the tail. Refuses with Unknown, WrongState or NotAble.
    """
    ticket, window = _at_window(change, ticket_id, Move.TRANSFER)
    target = (
        read.service(change.session, change.hall_id, to_service, "/to_service").id
        if to_service
        else ticket.service_id
    )
    if to_window:
        _check_offers(read.window(change.session, change.hall_id, to_window, "/to_window"), target)
    _leave(change, ticket, window, Move.TRANSFER)
    ticket.service_id, ticket.for_window = target, to_window
    ticket.entry = (Entry.KEPT if keep else Entry.TAIL).value
    if not keep:
        ticket.place = change.now
    _told(change, ticket, window, Move.TRANSFER)
    flips.apply_due(change, window)
    return ticket


def _check_offers(window: Window, service_id: str) -> None:
    # Only that window may call the ticket, so somebody must sit there: the visitor would wait for nobody.
    why = N_("nobody sits there") if window.clerk_id is None else None
    if why is None and service_id not in window.mode:
        why = N_("not in its mode")
    if why:
        raise NotAble("/to_window", who=window.label, service=service_id, why=why)


def mine(change: Change, window_id: str) -> Window:
    """The window, if this actor may work it: the clerk signed in there, or a manager."""
    window = read.window(change.session, change.hall_id, window_id)
    if change.by.role is Role.CLERK and window.clerk_id != change.by.clerk:
        if window.state == WindowState.CLOSED:
            raise WindowClosed(window=window.label, state=window.state)
        raise NotYourWindow(window=window.label)
    return window


def _choose(change: Change, window: Window) -> Choice | None:
    waiting = read.places(change.session, change.hall_id, change.day, window.mode, window.id)
    return next_for(waiting, change.now.timestamp(), change.settings.line.overtake_bound)


def _call(change: Change, window: Window, choice: Choice) -> Called:
    ticket = read.ticket(change.session, change.hall_id, choice.place.ticket)
    ticket.state = after(TicketState(ticket.state), Move.CALL, ticket.number)
    ticket.at_window = ticket.window_id = window.id
    ticket.clerk_id, ticket.called_at, ticket.for_window = window.clerk_id, change.now, None
    ticket.calls, ticket.version = 1, change.version
    _count(change, Ticket.overtaken, choice.overtakes)
    _count(change, Ticket.let_in, choice.lets_in)
    call = _announce(change, ticket, window, choice.why.value)
    window.version = change.version
    change.write(
        TicketCalled(
            ticket.id, window.id, call.clerk_id, call.id, call.why, len(choice.overtakes), len(choice.lets_in)
        )
    )
    return Called(
        call.id, ticket.id, ticket.number, window.id, ticket.service_id, call.why, len(choice.overtakes),
        len(choice.lets_in), change.now.isoformat(),
    )  # fmt: skip


def _count(change: Change, column: Any, tickets: tuple[str, ...]) -> None:
    if tickets:
        change.session.execute(
            update(Ticket)
            .where(Ticket.id.in_(tickets))
            .values({column: column + 1})
            .execution_options(synchronize_session=False)
        )


def _announce(change: Change, ticket: Ticket, window: Window, why: str) -> Call:
    call = Call(
        id=secrets.token_hex(8), hall_id=change.hall_id, ticket_id=ticket.id, window_id=window.id,
        clerk_id=window.clerk_id or "", number=ticket.number, at=change.now, why=why, version=change.version,
    )  # fmt: skip
    _WRITE.all(change.session, **{name: getattr(call, name) for name in Call.__table__.c.keys()})  # noqa: SIM118
    return call


def _at_window(change: Change, ticket_id: str, move: Move) -> tuple[Ticket, Window]:
    """A ticket that is at a window, and that window, which must be the actor's."""
    ticket = read.ticket(change.session, change.hall_id, ticket_id)
    if ticket.at_window is None:
        after(TicketState(ticket.state), move, ticket.number, ticket.returned)
        raise RuntimeError(f"ticket {ticket.id} is {ticket.state} without a window")
    return ticket, mine(change, ticket.at_window)


def _free(
    change: Change, ticket_id: str, move: Move,
    reason: str | None = None,
) -> Ticket:  # fmt: skip
    ticket, window = _at_window(change, ticket_id, move)
    ticket.reason = reason
    _leave(change, ticket, window, move)
    flips.apply_due(change, window)
    return ticket


def _leave(change: Change, ticket: Ticket, window: Window, move: Move) -> None:
    """The ticket leaves the window by this move."""
    window.last_family = read.family(change.session, change.hall_id, ticket.service_id)
    state = after(TicketState(ticket.state), move, ticket.number, ticket.returned)
    ticket.at_window = None
    if move is Move.FINISH:
        ticket.started_at = ticket.started_at or ticket.called_at
    if state in (TicketState.DONE, TicketState.NO_SHOW):
        ticket.ended_at = change.now
    ticket.state = state
    if move is not Move.TRANSFER:  # a transfer tells where it leads, once that is known
        _told(change, ticket, window, move)
    save(change.session, ticket)  # at once: a window holds one, and the next may be called to it now


def _told(change: Change, ticket: Ticket, window: Window, move: Move) -> None:
    ticket.version = window.version = change.version
    service = ticket.service_id if move is Move.TRANSFER else None
    change.write(TicketMoved(ticket.id, move.value, ticket.state, window.id, service))
