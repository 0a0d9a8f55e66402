"""What a public screen shows: the hall's board and each window's sign (contracts/README.md §4).

A board holds nothing that changes by the clock alone, so its version says all about it: the hall's
version at which it last changed. Numbers, states and names of services only, never a person's data.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.days import instant
from hall.core.errors import Unknown
from hall.core.events import HALL_BOARD, KINDS
from hall.core.names import ServiceId
from hall.core.wait import estimate
from hall.store import read, slots
from hall.store.tables import Call, Flip, Hall, JournalRow, Service, Ticket, Window

Board = dict[str, Any]  # {name, version, board} as JSON

# More than a screen shows: one that was away for a moment still hears of each call made meanwhile.
LAST_CALLS = 24
_RECENT = 2 * LAST_CALLS  # calls looked at, since a recall is one more call of the same ticket
_STAFF_KINDS = tuple(sorted(kind for kind, event in KINDS.items() if event.staff_only))


def build(session: Session, hall: Hall, name: str) -> Board:
    """One board as it stands in this reading. `name` is `hall` or `window:ID`. Raises Unknown."""
    if name == HALL_BOARD:
        return {"name": name, "version": _hall_version(session, hall.id), "board": _hall(session, hall)}
    kind, _, window_id = name.partition(":")
    window = session.get(Window, (hall.id, window_id)) if kind == "window" else None
    if window is None:
        raise Unknown(what="board", id=name)
    return {"name": name, "version": window.version, "board": _window(session, hall, window)}


def _hall_version(session: Session, hall_id: str) -> int:
    """The last version with an event that a public board may show; the primary key makes it one step."""
    found = session.scalar(
        select(JournalRow.version)
        .where(JournalRow.hall_id == hall_id, JournalRow.kind.not_in(_STAFF_KINDS))
        .order_by(JournalRow.version.desc())
        .limit(1)
    )
    return found or 0


def _hall(session: Session, hall: Hall) -> dict[str, Any]:
    windows = read.windows(session, hall.id)
    labels = {window.id: window.label for window in windows}
    return {
        "hall": _named(hall),
        "calls": _calls(session, hall, labels),
        "lines": _lines(session, hall),
        "windows": _windows(session, hall, windows),
    }


def _named(hall: Hall) -> dict[str, Any]:
    """Whose board it is, and its clock: hall time = hall_at + speed · (real time − real_at)."""
    return {
        "id": hall.id, "name_zh": hall.name_zh, "name_en": hall.name_en, "demo": hall.settings.demo,
        "zone": hall.zone, "day": hall.day.isoformat(),
        "hours": [list(interval) for interval in hall.settings.hours_on(hall.day)],
        "clock": {
            "real_at": hall.pace_real_at.isoformat(), "hall_at": _at(hall.pace_hall_at, hall),
            "speed": hall.pace_speed,
        },
    }  # fmt: skip


def _calls(session: Session, hall: Hall, labels: dict[str, str]) -> list[dict[str, Any]]:
    """The last calls, newest first, each ticket once with its newest call."""
    rows = session.execute(
        select(Call.id, Call.ticket_id, Call.number, Call.window_id, Call.at)
        .where(Call.hall_id == hall.id, Call.at >= _midnight(hall.day, hall.zone))
        .order_by(Call.at.desc(), Call.version.desc())
        .limit(_RECENT)
    ).all()
    newest: dict[str, dict[str, Any]] = {}
    for id_, ticket, number, window, at in rows:
        call = {
            "id": id_, "number": number, "window": window, "label": labels.get(window, window),
            "at": _at(at, hall),
        }  # fmt: skip
        newest.setdefault(ticket, call)
    return list(newest.values())[:LAST_CALLS]


def _lines(session: Session, hall: Hall) -> list[dict[str, Any]]:
    """Each service's line: people waiting, and the range of waits of whoever joins it now."""
    loads, windows = read.loads(session, hall.id, hall.day)
    lines = []
    for service in read.services(session, hall.id):
        id_ = ServiceId(service.id)
        wait = estimate(id_, loads[id_].waiting, loads, windows)
        lines.append(
            {
                **_service(service), "waiting": loads[id_].waiting, "low_s": wait.low_s,
                "high_s": wait.high_s,
            }
        )  # fmt: skip
    return lines


def _windows(session: Session, hall: Hall, windows: list[Window]) -> list[dict[str, Any]]:
    following = _next_flips(session, hall)
    at_window = select(Ticket.at_window, Ticket.number).where(
        Ticket.hall_id == hall.id, Ticket.at_window.is_not(None)
    )
    numbers: dict[str, str] = {window: number for window, number in session.execute(at_window) if window}
    return [
        {
            "id": window.id, "label": window.label, "state": window.state, "mode": list(window.mode),
            "tidal": window.tidal, "next": following.get(window.id), "number": numbers.get(window.id),
        }
        for window in windows
    ]  # fmt: skip


def _window(session: Session, hall: Hall, window: Window) -> dict[str, Any]:
    return {
        "hall": _named(hall),
        "id": window.id,
        "label": window.label,
        "call": _call_at(session, hall, window.id),
        "state": window.state,
        "until": _at(window.state_until, hall) if window.state_until else None,
        "mode": list(window.mode),
        "tidal": window.tidal,
        "next": _next_flips(session, hall, window.id).get(window.id),
        "services": [_service(service) for service in read.services(session, hall.id)],
    }


def _service(service: Service) -> dict[str, Any]:
    return {"service": service.id, "name_zh": service.name_zh, "name_en": service.name_en}


def _call_at(session: Session, hall: Hall, window_id: str) -> dict[str, Any] | None:
    """The newest call of the ticket that is at the window now; None when nobody is."""
    row = session.execute(
        select(Call.id, Call.number, Call.at, Ticket.state)
        .join(Ticket, Ticket.id == Call.ticket_id)
        .where(Ticket.hall_id == hall.id, Ticket.at_window == window_id, Call.window_id == window_id)
        .order_by(Call.version.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return {"id": row.id, "number": row.number, "at": _at(row.at, hall), "state": row.state}


def _next_flips(session: Session, hall: Hall, window_id: str | None = None) -> dict[str, dict[str, Any]]:
    """The next promised flip of each window; proposals are not for the public."""
    statement = (
        select(Flip.window_id, Flip.mode, Flip.at)
        .where(Flip.hall_id == hall.id, Flip.state == "approved")
        .order_by(Flip.at, Flip.version)
    )
    if window_id is not None:
        statement = statement.where(Flip.window_id == window_id)
    following: dict[str, dict[str, Any]] = {}
    for window, mode, at in session.execute(statement):
        following.setdefault(window, {"mode": list(mode), "at": _at(at, hall)})
    return following


def _at(at: datetime, hall: Hall) -> str:
    return slots.local(at, hall.zone).isoformat()


def _midnight(day: date, zone: str) -> datetime:
    return instant(day, 0, zone)
