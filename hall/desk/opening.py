"""How every change begins and ends: the hall's lock and version, a request answered once, the day rolled.

`perform` is the one door: a surface names the verb, the verb takes the open Change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from hall.clock import Clock
from hall.core.days import business_day
from hall.core.events import DayRolled, TicketMoved
from hall.core.names import HallId
from hall.core.people import Actor
from hall.core.ticket import FINAL, Move, TicketState, after
from hall.store import journal
from hall.store.db import Database
from hall.store.journal import Change, Request, Sitting
from hall.store.tables import Answer, Booking, Flip, Pin, Plan, Ticket, Window

Told = dict[str, Any]  # an answer as JSON


@dataclass(frozen=True, slots=True)
class Done:
    """What a change was answered with. `again`: the same request had been answered before.

    `answer` None: there was nothing to do (nobody waits).
    """

    answer: Told | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Press:
    """One verb that somebody asks for."""

    clock: Clock
    by: Actor
    request: Request
    verb: Callable[[Change], Told | None]


def perform(
    db: Database,
    clock: Clock,
    by: Actor,
    hall_id: HallId,
    request: Request,
    verb: Callable[[Change], Told | None],
) -> Done:
    """Run one verb, whole or not at all; those that meet here share a transaction (hall.store.meeting).

    A request id seen before gets its old answer and changes nothing. A verb may be run more than once
    before it holds. Raises UnknownHall, RequestIdReused and whatever the verb refuses with.
    """
    press = _Press(clock, by, request, verb)
    done: Done = db.meeting(hall_id).settle(press, lambda party: _perform(db, hall_id, party))
    return done


def _perform(db: Database, hall_id: HallId, presses: Sequence[_Press]) -> list[Done]:
    with db.change() as session:
        sitting = journal.open(session, hall_id, [press.request.id for press in presses if press.request.id])
        done = [_answer(begin(sitting, press.clock, press.by), press) for press in presses]
        sitting.close()
    return done


def _answer(change: Change, press: _Press) -> Done:
    earlier = change.answered(press.request)
    if earlier is not None:
        return Done(earlier, again=True)
    answer = press.verb(change)
    if answer is not None:
        change.answer(press.request, answer)
    return Done(answer)


def begin(sitting: Sitting, clock: Clock, by: Actor) -> Change:
    """The next change of a hall; the first one of a new business day closes the old day.

    So a new day starts rightly even with the worker dead.
    """
    change = sitting.change(clock, by)
    today = business_day(change.now, change.hall.zone)
    if today > change.hall.day:
        _roll_over(change, today)
    return change


def _roll_over(change: Change, today: date) -> None:
    """Expire open tickets, with the state they were left in as the reason; start every window afresh."""
    _expire_tickets(change, today)
    _clear_day(change, today)
    _reset_windows(change)
    before, change.hall.day = change.hall.day, today
    change.session.flush()
    change.write(DayRolled(before.isoformat(), today.isoformat()))


def _expire_tickets(change: Change, today: date) -> None:
    left = change.session.scalars(
        select(Ticket).where(
            Ticket.hall_id == change.hall_id,
            Ticket.state.not_in([state.value for state in FINAL]),
            Ticket.day < today,
        )
    ).all()
    for ticket in left:
        reason = ticket.state
        ticket.state = after(TicketState(ticket.state), Move.EXPIRE, ticket.number)
        ticket.ended_at, ticket.reason, ticket.at_window = change.now, reason, None
        ticket.version = change.version
        change.write(TicketMoved(ticket.id, Move.EXPIRE.value, ticket.state, reason=reason))


def _reset_windows(change: Change) -> None:
    change.session.execute(
        update(Window)
        .where(Window.hall_id == change.hall_id)
        .values(
            state="closed", clerk_id=None, mode=[], mode_since=None, flips_today=0, reason=None,
            state_since=change.now, state_until=None, last_family=None, version=change.version,
        )
    )  # fmt: skip


def _clear_day(change: Change, today: date) -> None:
    """Bookings nobody came for are missed; plans, flips, pins and answers of the old day are over."""
    session, hall_id, version = change.session, change.hall_id, change.version
    session.execute(
        update(Booking)
        .where(Booking.hall_id == hall_id, Booking.state == "booked", Booking.day < today)
        .values(state="missed", version=version)
    )
    session.execute(
        update(Plan)
        .where(Plan.hall_id == hall_id, Plan.state.in_(("proposed", "in_force")))
        .values(state="superseded", version=version)
    )
    session.execute(
        update(Flip)
        .where(Flip.hall_id == hall_id, Flip.state.in_(("proposed", "approved")))
        .values(state="superseded", version=version)
    )
    session.execute(delete(Pin).where(Pin.hall_id == hall_id, Pin.until <= change.now))
    session.execute(delete(Answer).where(Answer.hall_id == hall_id, Answer.day < today))
