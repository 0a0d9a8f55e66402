"""Days gone by, written at once: finished visits with their tickets, calls and journal entries.

For a demo's history and for taking over a hall's own past. Each event takes a version of its own, in the
order of time, and is linked into the hash chain like any other.
"""

from __future__ import annotations

import secrets
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert

from hall.core.events import DayRolled, Event, TicketCalled, TicketIssued, TicketMoved
from hall.core.line import Entry
from hall.core.ticket import Move, TicketState, number
from hall.store import journal
from hall.store.db import Session
from hall.store.tables import Call, Counter, Hall, Ticket

Told = tuple[datetime, str, Event]  # when, by whom, what


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor's day. `ended` None: was called, did not come, and the ticket expired in the evening."""

    service: str
    prefix: str
    arrived: datetime
    priority: bool
    window: str
    clerk: str
    why: str
    called: datetime
    started: datetime | None
    ended: datetime | None


def add_day(session: Session, hall: Hall, day: date, visits: Sequence[Visit], evening: datetime) -> None:
    """Write one day's visits into a hall whose last business day is before `day`, and close that day."""
    before = hall.day
    if before < day:
        journal.append(session, hall, [(visits[0].arrived, "worker", DayRolled(str(before), str(day)))])
        hall.day = day
    serials: Tally[str] = Tally()
    tickets: list[dict[str, object]] = []
    calls: list[dict[str, object]] = []
    told: list[Told] = []
    for visit in sorted(visits, key=lambda v: v.arrived):
        serials[visit.prefix] += 1
        ticket = _ticket(hall, day, visit, serials[visit.prefix], evening)
        call = {
            "id": secrets.token_hex(8), "hall_id": hall.id, "ticket_id": ticket["id"],
            "window_id": visit.window, "clerk_id": visit.clerk, "number": ticket["number"],
            "at": visit.called, "why": visit.why,
        }  # fmt: skip
        tickets.append(ticket)
        calls.append(call)
        told += _events(visit, str(ticket["id"]), str(ticket["number"]), str(call["id"]), evening)
    versions = journal.append(session, hall, sorted(told, key=lambda one: one[0]))
    _write(session, hall, day, tickets, calls, serials, _versions_by_ticket(versions))


def _ticket(hall: Hall, day: date, visit: Visit, serial: int, evening: datetime) -> dict[str, object]:
    done = visit.ended is not None
    return {
        "id": secrets.token_urlsafe(12), "hall_id": hall.id, "day": day, "prefix": visit.prefix,
        "serial": serial, "number": number(visit.prefix, serial), "service_id": visit.service,
        "state": (TicketState.DONE if done else TicketState.EXPIRED).value, "priority": visit.priority,
        "channel": "kiosk", "entry": Entry.ARRIVAL.value, "place": visit.arrived,
        "issued_at": visit.arrived, "overtaken": 0, "let_in": 0, "returned": False, "calls": 1,
        "window_id": visit.window, "clerk_id": visit.clerk, "called_at": visit.called,
        "started_at": visit.started, "ended_at": visit.ended if done else evening,
        "reason": None if done else TicketState.PASSED.value,
    }  # fmt: skip


def _events(visit: Visit, ticket: str, shown: str, call: str, evening: datetime) -> Iterable[Told]:
    yield visit.arrived, "demo-kiosk", TicketIssued(ticket, visit.service, shown)
    by = f"demo-{visit.clerk}"
    yield visit.called, by, TicketCalled(ticket, visit.window, visit.clerk, call, visit.why)
    if visit.started is None or visit.ended is None:
        yield visit.called, by, _moved(ticket, Move.PASS_OVER, TicketState.PASSED, visit.window)
        yield evening, "worker", _moved(ticket, Move.EXPIRE, TicketState.EXPIRED, None, "passed")
        return
    yield visit.started, by, _moved(ticket, Move.START, TicketState.SERVING, visit.window)
    yield visit.ended, by, _moved(ticket, Move.FINISH, TicketState.DONE, visit.window)


def _moved(
    ticket: str, move: Move, state: TicketState, window: str | None, reason: str | None = None
) -> TicketMoved:
    return TicketMoved(ticket, move.value, state.value, window, reason=reason)


def _versions_by_ticket(versions: Iterable[tuple[int, Event]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for version, event in versions:
        ticket: str | None = getattr(event, "ticket", None)
        if ticket is not None:
            found.setdefault(ticket, []).append(version)
    return found


def _write(
    session: Session, hall: Hall, day: date, tickets: list[dict[str, object]],
    calls: list[dict[str, object]], serials: Tally[str], versions: dict[str, list[int]],
) -> None:  # fmt: skip
    for ticket, call in zip(tickets, calls, strict=True):
        own = versions[str(ticket["id"])]
        ticket["issued_version"], call["version"], ticket["version"] = own[0], own[1], own[-1]
    session.execute(insert(Ticket), tickets)
    session.execute(insert(Call), calls)
    session.execute(
        insert(Counter),
        [{"hall_id": hall.id, "day": day, "prefix": p, "next": n + 1} for p, n in serials.items()],
    )
