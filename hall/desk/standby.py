"""Standby: what a clerk may take on when nobody waits in the own lines, as the plan in force allows.

In mode auto it happens by itself at the press of "next"; otherwise the console offers it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.errors import FlipNotAllowed
from hall.core.hall import PlanMode
from hall.core.names import ServiceId
from hall.core.window import WindowState
from hall.desk import flips
from hall.store import read
from hall.store.journal import Change
from hall.store.tables import Flip, Hall, Window


@dataclass(frozen=True, slots=True)
class Offer:
    """A line that waits elsewhere, and the mode with which this window would serve it too."""

    service: str
    waiting: int
    mode: list[str]


def offer(session: Session, hall: Hall, window: Window, now: datetime) -> Offer | None:
    """The first standby rule of the plan that fits now; None while own people wait or a rule forbids it."""
    plan = read.plan_in_force(session, hall.id)
    if plan is None or window.state != WindowState.OPEN or _is_bound(session, hall, window, now):
        return None
    waiting = {service: load.waiting for service, load in read.loads(session, hall.id, hall.day)[0].items()}
    if any(waiting.get(ServiceId(s), 0) for s in window.mode):
        return None
    for rule in _rules(plan.plan, window):
        service = ServiceId(rule["service"])
        if waiting.get(service, 0) >= rule["at_least"]:
            return Offer(service, waiting[service], sorted(rule["mode"]))
    return None


def take(change: Change, window: Window) -> Offer:
    """Give the window the offered mode. Refuses with FlipNotAllowed when nothing is on offer."""
    found = offer(change.session, change.hall, window, change.now)
    if found is None:
        raise FlipNotAllowed(window=window.label, why="nothing is on offer")
    if why := flips.forbidden(change, window, found.mode):
        raise FlipNotAllowed(window=window.label, why=why)
    flips.set_mode(change, window, found.mode)
    return found


def take_if_auto(change: Change, window: Window) -> bool:
    """In mode auto, take what is on offer; whether the window's mode changed."""
    if change.settings.plan_mode is not PlanMode.AUTO:
        return False
    found = offer(change.session, change.hall, window, change.now)
    if found is None or flips.forbidden(change, window, found.mode):
        return False
    flips.set_mode(change, window, found.mode)
    return True


def _rules(plan: dict[str, Any], window: Window) -> list[dict[str, Any]]:
    return [rule for rule in plan["standby"] if rule["clerk"] == window.clerk_id]


def _is_bound(session: Session, hall: Hall, window: Window, now: datetime) -> bool:
    """Whether a committed flip, or what else holds the window's mode, forestalls another."""
    committed = session.scalar(
        select(Flip.id).where(Flip.hall_id == hall.id, Flip.window_id == window.id, Flip.state == "approved")
    )
    return committed is not None or flips.held(session, hall, window, now) is not None
