"""A hall as the scheduler sees it: rows in, one `tidehall.snapshot/1` out (contracts/README.md §1).

Read in one look, so that lines, windows and clerks are of the same version. Times become whole seconds
of wall clock since midnight of the business day.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.days import instant
from hall.core.line import Entry
from hall.core.ticket import TicketState
from hall.store import read
from hall.store.history import walk_ins
from hall.store.moment import Moment
from hall.store.presence import clerks, rostered
from hall.store.tables import (
    Booking,
    Flip,
    Hall,
    Pin,
    Service,
    Ticket,
    Window,
)

LOOK_AHEAD_MS = 1_000


def build(
    session: Session,
    hall: Hall,
    now: datetime,
    forecast: Mapping[str, Sequence[float]],
    deadline_ms: int,
    dispersion: Mapping[str, float] | None = None,
    foretold: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, Any] | None:
    """The snapshot of a hall at `now`; None on a day when it does not open.

    `forecast`: expected walk-ins per slot of PlanRules.slot_s from opening to closing, by service;
    `dispersion`: a slot's variance over its mean, where it is known; `foretold`: the forecast as it stood
    before the day began, if `forecast` has followed the day since.
    """
    hours = hall.settings.hours_on(hall.day)
    if not hours:
        return None
    moment, plan = Moment(session, hall, now), hall.settings.plan
    open_s, close_s = hours[0][0], hours[-1][1]
    services = read.services(session, hall.id)
    slots = ceil((close_s - open_s) / plan.slot_s)
    return {
        "format": "tidehall.snapshot/1",
        "hall": hall.id,
        "day": hall.day.isoformat(),
        "zone": hall.zone,
        "now_s": moment.now_s,
        "open_s": open_s,
        "close_s": close_s,
        "slot_s": plan.slot_s,
        "hours": [list(interval) for interval in hours],
        "services": [_service(row) for row in services],
        "windows": [_window(moment, row) for row in read.windows(session, hall.id)],
        "clerks": clerks(moment, close_s),
        "waiting": _waiting(moment),
        "booked": _booked(moment),
        "arrived": _arrived(moment, [s.id for s in services], open_s, plan.slot_s, slots),
        "forecast": {s.id: _fitted(forecast.get(s.id, ()), slots) for s in services},
        "foretold": {s: _fitted(means, slots) for s, means in (foretold or {}).items()},
        "dispersion": dict(dispersion or {}),
        "handled": _handled(moment),
        "rules": {
            "setup_s": plan.setup_s, "move_s": plan.move_s, "changeover_s": plan.changeover_s,
            "max_families": plan.max_families, "min_dwell_s": plan.min_dwell_s, "replan_s": plan.replan_s,
            "max_flips_per_window": plan.max_flips_per_window,
            "overtake_bound": hall.settings.line.overtake_bound,
        },
        "pins": _pins(moment),
        "committed": _committed(moment),
        "refused": _refused(moment, plan.refused_for_s),
        "seed": zlib.crc32(f"{hall.id} {hall.day}".encode()),
        "deadline_ms": deadline_ms,
    }  # fmt: skip


def opening(
    session: Session, hall: Hall, day: date, forecast: Mapping[str, Sequence[float]]
) -> dict[str, Any] | None:
    """The hall as it will open on a day to come, for looking ahead: nobody in it yet, clerks by the roster.

    Clerks whose shift begins after the opening are left out, so what it can serve is rather too little.
    Breaks stay where the roster has them: a plan would have all rest where nobody walks in, and nobody
    could book then.
    """
    hours = hall.settings.hours_on(day)
    if not hours:
        return None
    then = Hall(id=hall.id, zone=hall.zone, settings=hall.settings, day=day)  # never added to the session
    now = instant(day, hours[0][0], hall.zone)
    found = build(session, then, now, forecast, LOOK_AHEAD_MS)
    assert found is not None, "it opens on that day"
    for window in found["windows"]:
        window |= {"mode": window["fixed_mode"], "mode_since_s": 0, "flips_today": 0}
    clerks = rostered(Moment(session, then, now))
    for one in (pause for clerk in clerks for pause in clerk["breaks"]):
        one |= {"earliest_s": one["start_s"], "latest_s": one["start_s"]}
    return found | {"clerks": clerks, "committed": [], "refused": []}


def _service(row: Service) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": row.id, "family": row.family_id, "service_s": row.service_s, "scv": row.scv,
        "target_wait_s": row.target_wait_s, "weight": row.weight, "floor": row.floor,
        "cap_wait_s": row.cap_wait_s,
    }  # fmt: skip
    if row.hours is not None:
        found["hours"] = row.hours
    return found


def _window(moment: Moment, row: Window) -> dict[str, Any]:
    return {
        "id": row.id, "can": sorted(row.can), "tidal": row.tidal, "fixed_mode": sorted(row.fixed_mode),
        "open": row.usable, "mode": sorted(row.mode), "flips_today": row.flips_today,
        "mode_since_s": moment.second(row.mode_since) if row.mode_since else 0,
    }  # fmt: skip


def _waiting(moment: Moment) -> list[dict[str, Any]]:
    rows = moment.session.scalars(
        select(Ticket)
        .where(
            Ticket.hall_id == moment.hall.id, Ticket.day == moment.day,
            Ticket.state == TicketState.WAITING.value,
        )
        .order_by(Ticket.place, Ticket.issued_version)
    )  # fmt: skip
    return [
        {
            "service": row.service_id,
            "since_s": moment.second(row.issued_at if row.entry == Entry.BOOKED else row.place),
            "booked_s": moment.second(row.booked_at) if row.entry == Entry.BOOKED and row.booked_at else None,
            "class": "priority" if row.priority else "normal",
        }
        for row in rows
    ]


def _booked(moment: Moment) -> list[dict[str, Any]]:
    grace = timedelta(seconds=moment.hall.settings.booking.late_s)
    rows = moment.session.scalars(
        select(Booking)
        .where(
            Booking.hall_id == moment.hall.id, Booking.day == moment.day, Booking.state == "booked",
            Booking.at >= moment.now - grace,
        )
        .order_by(Booking.at, Booking.id)
    )  # fmt: skip
    return [{"service": row.service_id, "at_s": moment.second(row.at)} for row in rows]


def _arrived(
    moment: Moment, services: Sequence[str], open_s: int, slot_s: int, slots: int
) -> dict[str, list[int]]:
    length = min(slots, (moment.now_s - open_s) // slot_s + 1) if moment.now_s >= open_s else 0
    counts = walk_ins(moment.session, moment.hall, moment.day, open_s, slot_s)
    last = max(length - 1, 0)
    return {
        s: [
            counts[s, i] if i < last else sum(n for (t, j), n in counts.items() if t == s and j >= last)
            for i in range(length)
        ]
        for s in services
    }


def _handled(moment: Moment) -> dict[str, dict[str, int]]:
    rows = moment.session.execute(
        select(Ticket.service_id, Ticket.started_at, Ticket.ended_at).where(
            Ticket.hall_id == moment.hall.id, Ticket.day == moment.day,
            Ticket.state == TicketState.DONE.value, Ticket.started_at.is_not(None),
        )
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for service, started, ended in rows:
        cell = found.setdefault(service, {"count": 0, "total_s": 0})
        cell["count"] += 1
        cell["total_s"] += _whole_s(started, ended)
    return found


def _whole_s(start: datetime | None, end: datetime | None) -> int:
    return max(0, round((end - start).total_seconds())) if start and end else 0


def _pins(moment: Moment) -> list[dict[str, Any]]:
    rows = moment.session.scalars(
        select(Pin).where(Pin.hall_id == moment.hall.id, Pin.until > moment.now).order_by(Pin.window_id)
    )
    return [{"window": p.window_id, "mode": p.mode, "until_s": moment.second(p.until)} for p in rows]


def _committed(moment: Moment) -> list[dict[str, Any]]:
    rows = moment.session.scalars(
        select(Flip)
        .where(Flip.hall_id == moment.hall.id, Flip.state == "approved")
        .order_by(Flip.at, Flip.window_id)
    )
    return [
        {"window": f.window_id, "mode": f.mode, "clerk": f.clerk_id, "at_s": moment.second(f.at)}
        for f in rows
    ]


def _refused(moment: Moment, for_s: int) -> list[dict[str, Any]]:
    since = moment.now - timedelta(seconds=for_s)
    rows = moment.session.scalars(
        select(Flip)
        .where(Flip.hall_id == moment.hall.id, Flip.state.in_(("refused", "undone")), Flip.decided_at > since)
        .order_by(Flip.decided_at, Flip.window_id)
    )
    return [
        {"window": f.window_id, "mode": f.mode, "until_s": moment.second(f.decided_at) + for_s}
        for f in rows
        if f.decided_at is not None
    ]


def _fitted(counts: Sequence[float], slots: int) -> list[float]:
    return [float(n) for n in counts[:slots]] + [0.0] * (slots - len(counts))
