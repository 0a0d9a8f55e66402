"""A clerk at a window: sign in, pause, resume, sign out; and absence for the day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from hall.core.errors import (
    Forbidden,
    Invalid,
    NotAble,
    NotYourWindow,
    SignedInElsewhere,
    StillServing,
    WindowClosed,
    WindowTaken,
)
from hall.core.events import ClerkAbsent, WindowChanged
from hall.core.names import ClerkId, ServiceId
from hall.core.people import Role
from hall.core.ticket import TicketState
from hall.core.window import WindowState
from hall.desk import flips
from hall.store import read, roster
from hall.store.journal import Change
from hall.store.tables import Attendance, Pin, Ticket, Window

PAUSE_REASONS = ("break", "papers", "meeting", "equipment", "other")


def sign_in(change: Change, window_id: str) -> Window:
    """The acting clerk sits down at a window and opens it.

    The window keeps its mode as far as the clerk is authorised. An unused one takes the plan's mode, its
    fixed mode, or what window and clerk can do together. Refuses with Forbidden for anybody who is no
    clerk, SignedInElsewhere, WindowTaken, WindowClosed (out of order or pinned shut) or NotAble.
    """
    clerk = change.by.clerk
    if clerk is None:
        raise Forbidden()
    window = read.window(change.session, change.hall_id, window_id)
    if window.clerk_id == clerk:
        return window
    _check_free(change, window, clerk)
    window.clerk_id, window.state, window.state_since = clerk, WindowState.OPEN.value, change.now
    window.state_until = window.reason = None
    window.version = change.version
    change.session.flush()
    if not flips.apply_due(change, window):
        _take_mode(change, window, clerk)
    change.write(WindowChanged(window.id, window.state, clerk))
    return window


def pause(change: Change, window_id: str, reason: str) -> Window:
    """Stop calling for a while. `reason` is one of PAUSE_REASONS; a break is booked against the roster.

    A flip that has come begins before; its set-up is over when the clerk resumes.

    Refuses with Invalid, NotYourWindow, WindowClosed or StillServing.
    """
    if reason not in PAUSE_REASONS:
        raise Invalid("/reason", field="reason", allowed=" | ".join(PAUSE_REASONS))
    window = _worked(change, window_id)
    if window.state not in (WindowState.OPEN, WindowState.SETUP):
        raise WindowClosed(window=window.label, state=window.state)
    _check_empty(change, window)
    flips.apply_due(change, window)
    length_s = _take_break(change, window) if reason == "break" else None
    _set_state(change, window, WindowState.PAUSED, reason)
    window.state_until = change.now + timedelta(seconds=length_s) if length_s else None
    return window


def resume(change: Change, window_id: str) -> Window:
    """Back from a pause, or ready after set-up. A flip that came due meanwhile begins instead."""
    window = _worked(change, window_id)
    if window.state not in (WindowState.PAUSED, WindowState.SETUP):
        raise WindowClosed(window=window.label, state=window.state)
    _set_state(change, window, WindowState.OPEN)
    flips.apply_due(change, window)
    return window


def sign_out(change: Change, window_id: str) -> Window:
    """Leave the window; it keeps its mode. Refuses while a ticket is there.

    A flip that has come waits for whoever signs in next: it was planned for the one who sits there then.
    """
    window = _worked(change, window_id)
    _check_empty(change, window)
    change.session.execute(
        update(Ticket)
        .where(
            Ticket.hall_id == change.hall_id,
            Ticket.for_window == window.id,
            Ticket.state == TicketState.WAITING.value,
        )
        .values(for_window=None)
    )
    window.clerk_id = None
    _set_state(change, window, WindowState.CLOSED)
    return window


def mark_absent(change: Change, clerk_id: str, absent: bool = True) -> Attendance:
    """Say that a clerk is not here today (or is after all); the next plan counts on it."""
    read.clerk(change.session, change.hall_id, clerk_id)
    row = roster.attendance(change.session, change.hall_id, clerk_id, change.day)
    row.absent = absent
    change.write(ClerkAbsent(clerk_id, absent))
    return row


def _check_free(change: Change, window: Window, clerk: ClerkId) -> None:
    if window.clerk_id is not None:
        raise WindowTaken(window=window.label)
    other = change.session.scalar(
        select(Window).where(Window.hall_id == change.hall_id, Window.clerk_id == clerk)
    )
    if other is not None:
        raise SignedInElsewhere(window=other.label)
    pin = _pin(change, window)
    if not window.usable or (pin is not None and not pin.mode):
        raise WindowClosed(window=window.label, state="shut")


def _pin(change: Change, window: Window) -> Pin | None:
    pin = change.session.get(Pin, (change.hall_id, window.id))
    return pin if pin is not None and pin.until > change.now else None


def _take_mode(change: Change, window: Window, clerk: ClerkId) -> None:
    """The mode to open with: kept and narrowed to the clerk, or the first of the day."""
    skills = read.skills(change.session, change.hall_id, clerk)
    able = {s for s, skill in skills.items() if skill.holds(change.day) and s in window.can}
    mode: list[str]
    mode = sorted(able & set(window.mode)) if window.mode else _first_mode(change, window, clerk, able)
    if not mode:
        raise NotAble(who=clerk, service=", ".join(window.mode or window.can), why="no authorisation")
    if mode != sorted(window.mode):
        flips.set_mode(change, window, mode)


def _first_mode(change: Change, window: Window, clerk: ClerkId, able: set[ServiceId]) -> list[str]:
    if not window.tidal:
        return sorted(able & set(window.fixed_mode))
    pin = _pin(change, window)
    wished = pin.mode if pin else roster.planned_mode(change, window.id, clerk)
    if wished and set(wished) <= able:
        return sorted(wished)
    families = read.family_of(change.session, change.hall_id)
    kept: list[str] = []
    for service in (ServiceId(s.id) for s in read.services(change.session, change.hall_id)):
        allowed = {families[ServiceId(s)] for s in (*kept, service)}
        if service in able and len(allowed) <= change.settings.plan.max_families:
            kept.append(service)
    return sorted(kept)


def _worked(change: Change, window_id: str) -> Window:
    """The window, if the actor sits there or is a manager."""
    window = read.window(change.session, change.hall_id, window_id)
    if window.state == WindowState.CLOSED:
        raise WindowClosed(window=window.label, state=window.state)
    if change.by.role is Role.CLERK and window.clerk_id != change.by.clerk:
        raise NotYourWindow(window=window.label)
    return window


def _check_empty(change: Change, window: Window) -> None:
    in_hand = read.ticket_at(change.session, change.hall_id, window.id)
    if in_hand is not None:
        raise StillServing(window=window.label, number=in_hand.number)


def _take_break(change: Change, window: Window) -> int | None:
    """Mark the roster's next break as taken; its length in seconds, None when none is left."""
    if window.clerk_id is None:
        return None
    row = roster.attendance(change.session, change.hall_id, window.clerk_id, change.day)
    shift = roster.shift(change.session, change.hall_id, window.clerk_id, change.day)
    left = [i for i, _ in enumerate(shift.breaks if shift else []) if i not in row.breaks_taken]
    if shift is None or not left:
        return None
    index = min(left, key=lambda i: abs(shift.breaks[i]["earliest_s"] - change.wall_s))
    row.breaks_taken = [*row.breaks_taken, index]
    return int(shift.breaks[index]["length_s"])


def _set_state(change: Change, window: Window, state: WindowState, reason: str | None = None) -> None:
    window.state, window.state_since, window.reason = state.value, change.now, reason
    window.state_until, window.version = None, change.version
    change.write(WindowChanged(window.id, state.value, window.clerk_id, reason))
