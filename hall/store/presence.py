"""Which clerks are here and what each of them is doing, as the snapshot tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from hall.core.window import WindowState
from hall.store import read
from hall.store.moment import Moment
from hall.store.tables import Attendance, Clerk, Shift, Skill, Ticket, Window

NOWHERE: Mapping[str, Any] = {
    "status": "off", "window": None, "mode": [], "serving": None, "serving_for_s": 0, "until_s": None,
}  # fmt: skip
ARRIVAL_GRACE_S = 900  # a clerk not signed in this long after the shift's start is taken as not here


def clerks(moment: Moment, close_s: int) -> list[dict[str, Any]]:
    """The `clerks` of a snapshot: who has a shift today or sits at a window."""
    session, hall_id = moment.session, moment.hall.id
    at = {
        w.clerk_id: w
        for w in session.scalars(
            select(Window).where(Window.hall_id == hall_id, Window.clerk_id.is_not(None))
        )
    }
    in_hand = {
        t.at_window: t
        for t in session.scalars(
            select(Ticket).where(Ticket.hall_id == hall_id, Ticket.at_window.is_not(None))
        )
    }
    shifts = {
        s.clerk_id: s
        for s in session.scalars(
            select(Shift).where(Shift.hall_id == hall_id, Shift.weekday == moment.day.weekday())
        )
    }
    days = {
        a.clerk_id: a
        for a in session.scalars(
            select(Attendance).where(Attendance.hall_id == hall_id, Attendance.day == moment.day)
        )
    }
    pace = _paces(moment)
    starts = _break_starts(moment)
    found = []
    for clerk in session.scalars(select(Clerk).where(Clerk.hall_id == hall_id).order_by(Clerk.id)):
        shift, window = shifts.get(clerk.id), at.get(clerk.id)
        if shift is None and window is None:
            continue
        start_s, end_s = (shift.start_s, shift.end_s) if shift else (moment.now_s, close_s)
        row = days.get(clerk.id)
        found.append(
            {
                "id": clerk.id, "pace": pace[clerk.id], "start_s": start_s, "end_s": end_s,
                **_doing(
 moment, start_s, end_s, row, pace[clerk.id], window, in_hand.get(window.id) if window else None),
                "breaks": _breaks(shift, row, starts.get(clerk.id, {})),
            }
        )  # fmt: skip
    return found


def rostered(moment: Moment) -> list[dict[str, Any]]:
    """The same for the opening of a day to come: whoever's shift has begun is there, at no window yet."""
    rows: Sequence[Any] = moment.session.execute(  # outer join: attendance may be None
        select(Shift, Attendance)
        .outerjoin(
            Attendance,
            (Attendance.hall_id == Shift.hall_id)
            & (Attendance.clerk_id == Shift.clerk_id)
            & (Attendance.day == moment.day),
        )
        .where(Shift.hall_id == moment.hall.id, Shift.weekday == moment.day.weekday())
        .order_by(Shift.clerk_id)
    ).all()
    pace = _paces(moment)
    return [
        {
            "id": shift.clerk_id, "pace": pace[shift.clerk_id], "start_s": shift.start_s,
            "end_s": shift.end_s, **NOWHERE, "status": "idle" if shift.start_s <= moment.now_s else "off",
            "breaks": _breaks(shift, None, {}),
        }
        for shift, row in rows
        if not (row and row.absent)
    ]  # fmt: skip


def _paces(moment: Moment) -> defaultdict[str, dict[str, float]]:
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for skill in moment.session.scalars(select(Skill).where(Skill.hall_id == moment.hall.id)):
        if skill.until is None or moment.day <= skill.until:
            found[skill.clerk_id][skill.service_id] = skill.pace
    return found


def _doing(
    moment: Moment,
    start_s: int,
    end_s: int,
    row: Attendance | None,
    pace: Mapping[str, float],
    window: Window | None,
    ticket: Ticket | None,
) -> dict[str, Any]:
    found = dict(NOWHERE)
    if window is None:
        here = start_s <= moment.now_s < min(start_s + ARRIVAL_GRACE_S, end_s)
        if here and not (row and row.absent):
            found["status"] = "idle"
        return found
    able = sorted(s for s in window.mode if s in pace)  # an authorisation may end while the mode stands
    found |= {"window": window.id, "mode": able, "status": "idle"}
    if ticket is not None:
        since = ticket.started_at or ticket.called_at or moment.now
        found |= {
            "status": "serving",
            "serving": ticket.service_id,
            "serving_for_s": max(0, round((moment.now - since).total_seconds())),
        }
    elif window.state in (WindowState.PAUSED, WindowState.SETUP):
        found["status"] = "break" if window.state == WindowState.PAUSED else "setup"
        found["until_s"] = moment.second(window.state_until) if window.state_until else None
    return found


def _breaks(shift: Shift | None, row: Attendance | None, starts: Mapping[int, int]) -> list[dict[str, Any]]:
    taken = row.breaks_taken if row else []
    return [
        {**b, "start_s": starts.get(i, b["earliest_s"]), "taken": i in taken}
        for i, b in enumerate(shift.breaks if shift else [])
    ]


def _break_starts(moment: Moment) -> dict[str, dict[int, int]]:
    plan = read.plan_in_force(moment.session, moment.hall.id)
    found: dict[str, dict[int, int]] = {}
    for planned in plan.plan["breaks"] if plan else []:
        found.setdefault(planned["clerk"], {})[planned["index"]] = planned["start_s"]
    return found
