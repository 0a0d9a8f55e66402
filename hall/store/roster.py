"""Shifts, attendance, and where the plan in force wants a clerk."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from hall.store import read
from hall.store.journal import Change
from hall.store.tables import Attendance, Shift


def shift(session: Session, hall_id: str, clerk_id: str, day: date) -> Shift | None:
    """The clerk's working time on this weekday; None when off."""
    return session.get(Shift, (hall_id, clerk_id, day.weekday()))


def attendance(session: Session, hall_id: str, clerk_id: str, day: date) -> Attendance:
    """The clerk's row of the day, made if it is the first word about it."""
    row = session.get(Attendance, (hall_id, clerk_id, day))
    if row is None:
        row = Attendance(hall_id=hall_id, clerk_id=clerk_id, day=day, absent=False, breaks_taken=[])
        session.add(row)
    return row


def post_now(plan: dict[str, Any], clerk_id: str, now_s: int) -> dict[str, Any] | None:
    """The plan's post of a clerk at a second of the day; the last one begun when it runs out of posts."""
    begun = [p for p in plan["posts"] if p["clerk"] == clerk_id and p["from_s"] <= now_s]
    return max(begun, key=lambda p: p["from_s"], default=None)


def planned_mode(change: Change, window_id: str, clerk_id: str) -> list[str]:
    """The mode the plan in force gives this clerk at this window now; [] without one."""
    plan = read.plan_in_force(change.session, change.hall_id)
    post = post_now(plan.plan, clerk_id, change.wall_s) if plan else None
    if post is None or post["window"] != window_id:
        return []
    return list(post["mode"])
