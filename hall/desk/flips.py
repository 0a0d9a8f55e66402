"""Flips that are due: applied by whichever verb touches the window next, in that verb's transaction.

So a promised flip happens even with the worker dead, and never while a visitor is at the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from hall.core import window as rules
from hall.core.errors import N_
from hall.core.events import FlipDropped, WindowFlipped
from hall.core.hall import PlanRules
from hall.core.names import HallId, ServiceId, WindowId
from hall.core.ticket import TicketState
from hall.core.window import WindowState
from hall.store import read
from hall.store.journal import Change
from hall.store.prepared import Prepared
from hall.store.tables import Flip, Hall, Pin, Ticket, Window


def apply_due(change: Change, window: Window) -> bool:
    """Apply the earliest approved flip of this window if its time has come and nobody is at it.

    A flip that the rules forbid by now is dropped with the reason. Returns whether one was applied.
    """
    if not _DUE.first(change.session, hall=change.hall_id, window=window.id, now=change.now):
        return False
    flip = change.session.scalar(
        select(Flip)
        .where(
            Flip.hall_id == change.hall_id, Flip.window_id == window.id, Flip.state == "approved",
            Flip.at <= change.now,
        )
        .order_by(Flip.at, Flip.version)
        .limit(1)
    )  # fmt: skip
    if flip is None or read.ticket_at(change.session, change.hall_id, window.id) is not None:
        return False
    if why := forbidden(change, window, flip.mode):
        drop(change, window, flip, why)
        return False
    set_mode(change, window, flip.mode, flip.id)
    flip.state, flip.version = "applied", change.version
    return True


def due(session: Session, hall_id: HallId, now: datetime) -> list[WindowId]:
    """Open windows with nobody at them whose approved flip has come."""
    busy = select(Ticket.at_window).where(Ticket.hall_id == hall_id, Ticket.at_window.is_not(None))
    rows = session.scalars(
        select(Window.id)
        .join(Flip, (Flip.hall_id == Window.hall_id) & (Flip.window_id == Window.id))
        .where(
            Window.hall_id == hall_id, Window.state == WindowState.OPEN.value, Flip.state == "approved",
            Flip.at <= now, Window.id.not_in(busy),
        )
        .order_by(Window.id)
    )  # fmt: skip
    return [WindowId(window) for window in dict.fromkeys(rows)]


def apply_all_due(change: Change) -> None:
    """Begin every flip that has come at a window nobody is at, for windows where no verb happens."""
    for window in due(change.session, change.hall_id, change.now):
        apply_due(change, read.window(change.session, change.hall_id, window))


def forbidden(change: Change, window: Window, mode: list[str]) -> str | None:
    """Why this window, with the clerk who sits there, may not offer the mode; None when it may."""
    session, hall_id = change.session, change.hall_id
    skills = read.skills(session, hall_id, window.clerk_id) if window.clerk_id else None
    return rules.why_not(
        [ServiceId(s) for s in mode],
        read.equipment(window),
        skills,
        read.family_of(session, hall_id),
        change.settings.plan.max_families,
        change.day,
    )


def held(session: Session, hall: Hall, window: Window, at: datetime) -> str | None:
    """What holds the window's mode at that time: a pin, the dwell or the day's number of flips; or None."""
    plan = hall.settings.plan
    pin = session.get(Pin, (hall.id, window.id))
    if pin is not None and pin.until > at:
        return N_("a manager has pinned it")
    if are_spent(plan, window):
        return N_("it has changed as often today as the hall allows")
    if window.mode_since is not None and at - window.mode_since < timedelta(seconds=plan.min_dwell_s):
        return N_("it has not kept its present mode long enough")
    return None


def are_spent(plan: PlanRules, window: Window) -> bool:
    """Whether the window has flipped as often today as the hall allows."""
    most = plan.max_flips_per_window
    return most is not None and window.flips_today >= most


def is_flip(window: Window, mode: Sequence[str]) -> bool:
    """Whether the mode would be a flip of this window as it is set up now."""
    return rules.is_flip([ServiceId(s) for s in window.mode], [ServiceId(s) for s in mode])


def drop(change: Change, window: Window, flip: Flip, why: str | dict[str, str]) -> None:
    """Take a committed flip off the sign, with its reason: a rule's msgid, or a sentence by language."""
    flip.state, flip.version = "dropped", change.version
    window.version = change.version
    change.write(FlipDropped(window.id, flip.id, why))


def set_mode(change: Change, window: Window, mode: list[str], flip_id: str | None = None) -> None:
    """Give the window its new mode. A real flip starts set-up, restarts the dwell and is counted."""
    before = list(window.mode)
    if is_flip(window, mode):
        window.flips_today += 1
        window.mode_since = change.now
        if window.state == WindowState.OPEN:
            window.state = WindowState.SETUP.value
            window.state_since = change.now
            window.state_until = change.now + timedelta(seconds=change.settings.plan.setup_s)
    elif not before:
        window.mode_since = change.now
    window.mode, window.version = sorted(mode), change.version
    _free_sent(change, window)
    change.write(WindowFlipped(window.id, window.mode, before, flip_id))


def _free_sent(change: Change, window: Window) -> None:
    # A ticket sent to this very window must not be stuck behind its new mode: any window may call it.
    change.session.execute(
        update(Ticket)
        .where(
            Ticket.hall_id == change.hall_id, Ticket.for_window == window.id,
            Ticket.state == TicketState.WAITING.value, Ticket.service_id.not_in(window.mode),
        )
        .values(for_window=None)
    )  # fmt: skip


_F = Flip.__table__.c
_DUE = Prepared(
    select(_F.id)
    .where(
        _F.hall_id == bindparam("hall"), _F.window_id == bindparam("window"), _F.state == "approved",
        _F.at <= bindparam("now"),
    )
    .limit(1)
)  # fmt: skip
