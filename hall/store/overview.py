"""A hall at a glance for its staff: lines, windows, clerks, and how the whole is doing. Dicts only.

Each list is one or two queries however large the hall is; the console and the dashboard read these on
every hint, so nothing here may look a thing up row by row. Instants are aware, durations seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, true

from hall.core.names import ServiceId
from hall.core.ticket import TicketState
from hall.core.wait import OpenWindow, estimate
from hall.core.window import WindowState
from hall.store import read
from hall.store.moment import Moment
from hall.store.tables import Attendance, Clerk, Flip, Lease, Pin, Service, Shift, Ticket, Window

Row = dict[str, Any]


def services(moment: Moment) -> dict[str, Row]:
    """Names, family and promise of every service, in the hall's order."""
    return {row.id: _service(row) for row in read.services(moment.session, moment.hall.id)}


def _service(row: Service) -> Row:
    return {
        "id": row.id, "name_zh": row.name_zh, "name_en": row.name_en, "family": row.family_id,
        "prefix": row.prefix, "target_wait_s": row.target_wait_s, "floor": row.floor,
    }  # fmt: skip


def lines(moment: Moment, known: Mapping[str, Row]) -> list[Row]:
    """Every line: people waiting, the longest wait so far, the range for a newcomer, windows offering it.

    A booked visitor waits from the booked time on, so somebody early counts with no wait yet.
    """
    loads, offering = read.loads(moment.session, moment.hall.id, moment.day)
    counted = _counted(moment)
    return [
        {
            **row, **counted.get(id_, {"waiting": 0, "priority": 0, "oldest_s": None}),
            **_range(ServiceId(id_), loads, offering),
            "offered": sum(id_ in window.mode for window in offering),
        }
        for id_, row in known.items()
    ]  # fmt: skip


def _counted(moment: Moment) -> dict[str, Row]:
    rows = moment.session.execute(
        select(
            Ticket.service_id, func.count(), func.sum(case((Ticket.priority, 1), else_=0)),
            func.min(Ticket.place),
        )
        .where(
            Ticket.hall_id == moment.hall.id, Ticket.day == moment.day,
            Ticket.state == TicketState.WAITING.value,
        )
        .group_by(Ticket.service_id)
    )  # fmt: skip
    return {
        service: {"waiting": count, "priority": int(priority), "oldest_s": since_s(moment, first)}
        for service, count, priority, first in rows
    }


def _range(service: ServiceId, loads: Mapping[ServiceId, Any], offering: Sequence[OpenWindow]) -> Row:
    found = estimate(service, loads[service].waiting, loads, offering)
    return {"low_s": found.low_s, "high_s": found.high_s}


def windows(moment: Moment, only: str | None = None) -> list[Row]:
    """Every window in the order it stands: state, mode, clerk, ticket in hand, pin, next flip.

    `only` names the one that is wanted.
    """
    session, hall_id = moment.session, moment.hall.id
    rows = session.execute(
        select(Window, Clerk.name, Ticket)
        .outerjoin(Clerk, (Clerk.hall_id == Window.hall_id) & (Clerk.id == Window.clerk_id))
        .outerjoin(Ticket, (Ticket.hall_id == Window.hall_id) & (Ticket.at_window == Window.id))
        .where(Window.hall_id == hall_id, Window.id == only if only else true())
        .order_by(Window.position, Window.id)
    ).all()
    held, coming = pins(moment), next_flips(moment)
    return [
        {
            **_window(window), "clerk_name": name, "ticket": in_hand(moment, ticket) if ticket else None,
            "pin": held.get(window.id), "next": coming.get(window.id),
        }
        for window, name, ticket in rows
    ]  # fmt: skip


def _window(row: Window) -> Row:
    return {
        "id": row.id, "label": row.label, "state": row.state, "mode": list(row.mode), "tidal": row.tidal,
        "can": list(row.can), "fixed_mode": list(row.fixed_mode), "usable": row.usable,
        "clerk": row.clerk_id, "reason": row.reason, "since": row.state_since, "until": row.state_until,
        "mode_since": row.mode_since, "flips_today": row.flips_today,
    }  # fmt: skip


def in_hand(moment: Moment, row: Ticket) -> Row:
    """A ticket at a window and since when it is there."""
    since = row.started_at or row.called_at or moment.now
    return {
        "id": row.id, "number": row.number, "service": row.service_id, "state": row.state,
        "priority": row.priority, "entry": row.entry, "calls": row.calls, "returned": row.returned,
        "overtaken": row.overtaken, "let_in": row.let_in,
        "since": since, "since_s": since_s(moment, since),
        "waited_s": max(0, int(((row.called_at or moment.now) - row.place).total_seconds())),
        "booked_at": row.booked_at, "called_at": row.called_at, "place": row.place,
        "issued_at": row.issued_at,
    }  # fmt: skip


def pins(moment: Moment) -> dict[str, Row]:
    """The pins that hold now, by window."""
    rows = moment.session.scalars(
        select(Pin).where(Pin.hall_id == moment.hall.id, Pin.until > moment.now).order_by(Pin.window_id)
    )
    return {row.window_id: {"mode": list(row.mode), "until": row.until} for row in rows}


def next_flips(moment: Moment) -> dict[str, Row]:
    """The earliest announced flip of each window."""
    rows = moment.session.scalars(
        select(Flip)
        .where(Flip.hall_id == moment.hall.id, Flip.state == "approved")
        .order_by(Flip.at.desc(), Flip.version.desc())
    )
    return {row.window_id: {"mode": list(row.mode), "at": row.at} for row in rows}


def clerks(moment: Moment) -> list[Row]:
    """Who works today or sits at a window: shift, window, absence. Those at no window come first."""
    hall_id, day = moment.hall.id, moment.day
    rows: Sequence[Any] = moment.session.execute(  # outer joins: all but the clerk may be None
        select(Clerk, Shift, Attendance.absent, Window.label)
        .outerjoin(
            Shift,
            (Shift.hall_id == Clerk.hall_id)
            & (Shift.clerk_id == Clerk.id)
            & (Shift.weekday == day.weekday()),
        )
        .outerjoin(
            Attendance,
            (Attendance.hall_id == Clerk.hall_id)
            & (Attendance.clerk_id == Clerk.id)
            & (Attendance.day == day),
        )
        .outerjoin(Window, (Window.hall_id == Clerk.hall_id) & (Window.clerk_id == Clerk.id))
        .where(Clerk.hall_id == hall_id)
        .order_by(Window.position, Clerk.id)
    ).all()
    found = [
        {
            "id": clerk.id, "name": clerk.name, "window": label, "absent": absent is True,
            "start_s": shift.start_s if shift else None, "end_s": shift.end_s if shift else None,
        }
        for clerk, shift, absent, label in rows
        if shift is not None or label is not None
    ]  # fmt: skip
    return sorted(found, key=lambda clerk: clerk["window"] is not None)


def how_it_is(lines: Sequence[Row], windows: Sequence[Row]) -> Row:
    """The hall in one line: people waiting, the line that is worst against its promise, windows at work.

    `worst` is the line with the largest share of its promised wait used up; None while nobody waits.
    """
    waiting = [line for line in lines if line["waiting"]]
    worst = max(waiting, key=lambda line: line["oldest_s"] / line["target_wait_s"], default=None)
    states = [window["state"] for window in windows]
    return {
        "waiting": sum(line["waiting"] for line in lines),
        "worst": worst,
        "late": [line for line in waiting if line["oldest_s"] > line["target_wait_s"]],
        "open": sum(state in (WindowState.OPEN, WindowState.SETUP) for state in states),
        "paused": states.count(WindowState.PAUSED),
        "serving": sum(window["ticket"] is not None for window in windows),
        "usable": sum(window["usable"] for window in windows),
    }


def worker(moment: Moment, real: datetime) -> Row:
    """What the planning process last said, and for how many real seconds its lease has been over.

    `alive` False with `silent_s` None: it has never been seen.
    """
    row = moment.session.get(Lease, (moment.hall.id, "worker"))
    if row is None:
        return {"alive": False, "silent_s": None, "state": {}}
    silent_s = max(0, int((real - row.until).total_seconds()))
    return {"alive": row.until > real, "silent_s": silent_s, "state": dict(row.state)}


def since_s(moment: Moment, at: datetime) -> int:
    """Whole seconds from an instant until now; 0 for one still to come."""
    return max(0, int((moment.now - at).total_seconds()))
