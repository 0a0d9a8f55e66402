"""What callers are told: the JSON of contracts/README.md §4, the same on every surface."""

from __future__ import annotations

from hall.desk.bookings import Booked
from hall.desk.calls import Called
from hall.desk.opening import Told
from hall.desk.visits import Issued
from hall.store.tables import CalendarEntry, Pin, Plan, Ticket, Window


def issued(found: Issued) -> Told:
    """A ticket just given, with its expected wait in seconds."""
    return {
        "ticket": {
            "id": found.id, "number": found.number, "service": found.service, "state": found.state,
            "class": "priority" if found.priority else "normal", "ahead": found.ahead,
            "wait": {"low_s": found.low_s, "high_s": found.high_s}, "issued_at": found.issued_at,
        }
    }  # fmt: skip


def called(found: Called | None) -> Told | None:
    """A call; None when nobody waits."""
    if found is None:
        return None
    return {
        "call": {
            "id": found.id, "ticket": found.ticket, "number": found.number, "service": found.service,
            "window": found.window, "reason": found.why, "overtakes": found.overtakes,
            "lets_in": found.lets_in, "at": found.at,
        }
    }  # fmt: skip


def ticket(row: Ticket) -> Told:
    """A ticket after a move."""
    return {
        "ticket": {
            "id": row.id, "number": row.number, "service": row.service_id, "state": row.state,
            "window": row.at_window, "for_window": row.for_window,
        }
    }  # fmt: skip


def window(row: Window) -> Told:
    """A window after its clerk came, paused, resumed or left."""
    return {
        "window": {
            "id": row.id, "state": row.state, "mode": list(row.mode), "clerk": row.clerk_id,
            "reason": row.reason, "until": row.state_until.isoformat() if row.state_until else None,
        }
    }  # fmt: skip


def booking(found: Booked) -> Told:
    """A booking with the code its holder types at the kiosk."""
    return {
        "booking": {
            "id": found.id, "code": found.code, "service": found.service, "at": found.at,
            "state": found.state,
        }
    }  # fmt: skip


def plan(row: Plan) -> Told:
    """A plan as the scheduler gave it, with what became of it."""
    return {"id": row.id, "state": row.state, "made_at": row.made_at.isoformat(), "plan": row.plan}


def pin(row: Pin) -> Told:
    """A pin as it stands."""
    return {"pin": {"window": row.window_id, "mode": list(row.mode), "until": row.until.isoformat()}}


def calendar_entry(row: CalendarEntry) -> Told:
    """What a manager said of a span of days."""
    return {
        "id": row.id, "from": row.first_day.isoformat(), "to": row.last_day.isoformat(), "kind": row.kind,
        "open_s": row.open_s, "close_s": row.close_s, "factor": row.factor, "services": list(row.services),
        "note": row.note,
    }  # fmt: skip
