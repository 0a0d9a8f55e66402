"""What a clerk needs to know at a window: the ticket in hand, who comes back, the lines, what is coming."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, or_, select

from hall.core.ticket import TicketState
from hall.store import overview, read, roster
from hall.store.moment import Moment
from hall.store.overview import Row
from hall.store.tables import Attendance, Call, Clerk, Plan, Ticket, Window

MOVE_SEEN_S = 1800  # a move to another window is told half an hour ahead
SET_ASIDE_SHOWN = 12  # the screen stays calm; older ones are found by number at a kiosk


def at(moment: Moment, window_id: str, clerk_id: str | None, known: Mapping[str, Row]) -> Row:
    """Everything on the console of one window. Raises Unknown.

    `clerk_id` None: a manager looks over the clerk's shoulder.
    """
    read.window(moment.session, moment.hall.id, window_id)
    window = overview.windows(moment, window_id)[0]
    sitting = clerk_id or window["clerk"]
    plan = read.plan_in_force(moment.session, moment.hall.id)
    ticket = window["ticket"]
    return {
        **window,
        "ticket": ticket and {**ticket, **_why_called(moment, ticket["id"])},
        "lines": [line for line in overview.lines(moment, known) if line["id"] in window["mode"]],
        "aside": _set_aside(moment, window_id, sitting),
        "move": _move(moment, plan, sitting, window_id),
        "break": _next_break(moment, plan, sitting) if sitting else None,
        "handled": _handled(moment, sitting) if sitting else 0,
    }


def places_for(moment: Moment, clerk_id: str | None) -> list[Row]:
    """The windows a clerk may choose from, with where the plan and the roster want this clerk.

    `wish`: plan | home | None. `free`: nobody sits there, it works, and it is not pinned shut.
    """
    wanted = _wanted(moment, clerk_id)
    return [
        {
            **window,
            "wish": wanted.get(window["id"]),
            "free": window["clerk"] is None and window["usable"] and not _is_shut(window),
        }
        for window in overview.windows(moment)
    ]


def window_of(moment: Moment, clerk_id: str) -> str | None:
    """Where the clerk is signed in."""
    return moment.session.scalar(
        select(Window.id).where(Window.hall_id == moment.hall.id, Window.clerk_id == clerk_id)
    )


def _is_shut(window: Row) -> bool:
    return window["pin"] is not None and not window["pin"]["mode"]


def _wanted(moment: Moment, clerk_id: str | None) -> dict[str | None, str]:
    if clerk_id is None:
        return {}
    clerk = moment.session.get(Clerk, (moment.hall.id, clerk_id))
    plan = read.plan_in_force(moment.session, moment.hall.id)
    post = roster.post_now(plan.plan, clerk_id, moment.now_s) if plan else None
    found: dict[str | None, str] = {clerk.home: "home"} if clerk and clerk.home else {}
    if post and post["window"]:
        found[post["window"]] = "plan"
    return found


def _why_called(moment: Moment, ticket_id: str) -> Row:
    """The rule that made this ticket the next one; a recall says nothing new."""
    why = moment.session.scalar(
        select(Call.why)
        .where(Call.ticket_id == ticket_id, Call.why != "recall")
        .order_by(Call.version.desc())
        .limit(1)
    )
    return {"why": why}


def _move(moment: Moment, plan: Plan | None, clerk_id: str | None, window_id: str) -> Row | None:
    """The other window where the plan wants this clerk, now or soon; None when the clerk sits rightly."""
    posts = sorted(
        (p for p in (plan.plan["posts"] if plan else []) if p["clerk"] == clerk_id and p["window"]),
        key=lambda p: p["from_s"],
    )
    soon = [p for p in posts if p["to_s"] > moment.now_s and p["from_s"] <= moment.now_s + MOVE_SEEN_S]
    away = next((p for p in soon if p["window"] != window_id), None)
    if away is None:
        return None
    there = read.window(moment.session, moment.hall.id, away["window"])
    return {"label": there.label, "from_s": max(away["from_s"], moment.now_s)}


def _set_aside(moment: Moment, window_id: str, clerk_id: str | None) -> list[Row]:
    """Held and passed tickets of this window or clerk, newest first."""
    rows = moment.session.scalars(
        select(Ticket)
        .where(
            Ticket.hall_id == moment.hall.id, Ticket.day == moment.day,
            Ticket.state.in_((TicketState.HELD.value, TicketState.PASSED.value)),
            or_(Ticket.window_id == window_id, Ticket.clerk_id == clerk_id),
        )
        .order_by(Ticket.version.desc())
        .limit(SET_ASIDE_SHOWN)
    )  # fmt: skip
    return [
        {
            "id": row.id, "number": row.number, "service": row.service_id, "state": row.state,
            "reason": row.reason, "may_return": row.state == TicketState.HELD or not row.returned,
        }
        for row in rows
    ]  # fmt: skip


def _next_break(moment: Moment, plan: Plan | None, clerk_id: str) -> Row | None:
    """The clerk's next break: when the plan wants it, else when the roster allows it first."""
    shift = roster.shift(moment.session, moment.hall.id, clerk_id, moment.day)
    if shift is None:
        return None
    day = moment.session.get(Attendance, (moment.hall.id, clerk_id, moment.day))
    planned = {
        b["index"]: b["start_s"] for b in (plan.plan["breaks"] if plan else []) if b["clerk"] == clerk_id
    }
    left: list[dict[str, Any]] = [
        {"start_s": planned.get(index, b["earliest_s"]), "length_s": b["length_s"]}
        for index, b in enumerate(shift.breaks)
        if index not in (day.breaks_taken if day else [])
    ]
    return min(left, key=lambda b: b["start_s"], default=None)


def _handled(moment: Moment, clerk_id: str) -> int:
    """How many visitors this clerk has served today."""
    count = moment.session.scalar(
        select(func.count()).where(
            Ticket.hall_id == moment.hall.id, Ticket.day == moment.day,
            Ticket.state == TicketState.DONE.value, Ticket.clerk_id == clerk_id,
        )
    )  # fmt: skip
    return count or 0
