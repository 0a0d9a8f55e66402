"""Plans as a manager decides on them: what is proposed, what is announced, what was decided. Dicts only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from hall.core.days import instant
from hall.store import read
from hall.store.moment import Moment
from hall.store.overview import Row
from hall.store.tables import Account, Flip, JournalRow, Plan

UNDO_FOR = timedelta(hours=2)  # an applied flip older than this is history, not a slip of the hand
LOOK_BACK = 4000  # versions; about a busy day, so that a quiet journal is not read to its beginning
DECISIONS = ("plan.decided", "flip.dropped", "pin.changed", "clerk.absent", "settings.changed")


def proposed(moment: Moment) -> Row | None:
    """The plan that waits for a yes or no, with its open flips; None when nothing is asked.

    A plan of which some flips were decided is in force already and asks about the others.
    """
    asking = select(Flip.plan_id).where(Flip.hall_id == moment.hall.id, Flip.state == "proposed")
    plan = moment.session.scalar(
        select(Plan)
        .where(Plan.hall_id == moment.hall.id, or_(Plan.state == "proposed", Plan.id.in_(asking)))
        .order_by(Plan.version.desc())
        .limit(1)
    )
    return _plan(plan, _flips(moment, Flip.plan_id == plan.id, Flip.state == "proposed")) if plan else None


def in_force(moment: Moment) -> Row | None:
    """The plan that holds now; None before the first one of the day."""
    plan = read.plan_in_force(moment.session, moment.hall.id)
    return _plan(plan, ()) if plan else None


def newest(moment: Moment, not_before: datetime) -> Plan | None:
    """The day's newest plan made since then that holds or may yet hold: what is known best of the day.

    One that still waits for a manager counts too: it knows the lines of now, which tell more about waits
    than the one or two flips it asks for.
    """
    since = max(not_before, instant(moment.day, 0, moment.hall.zone))
    return moment.session.scalar(
        select(Plan)
        .where(
            Plan.hall_id == moment.hall.id, Plan.state.in_(("in_force", "proposed")), Plan.made_at >= since
        )
        .order_by(Plan.version.desc())
        .limit(1)
    )  # fmt: skip


def reason(moment: Moment, worker: Row, window: str) -> Row | None:
    """Why the newest plan flips this window or leaves it, in both languages; None where it did not say.

    `worker`: what the planning process last told (overview.worker); its reasons belong to that one plan.
    """
    told = worker["state"]
    row = moment.session.get(Plan, told["plan"]) if "plan" in told else None
    if row is None or row.made_at < instant(moment.day, 0, moment.hall.zone):
        return None
    flips = {flip["window"]: flip["reason"] for flip in reversed(row.plan["flips"])}  # the first of several
    found: Row | None = flips.get(window) or told.get("stays", {}).get(window)
    return found


def plans(moment: Moment, state: str | None = None) -> Sequence[Plan]:
    """The business day's plans, newest first; `state` keeps those in one state."""
    statement = (
        select(Plan)
        .where(Plan.hall_id == moment.hall.id, Plan.made_at >= instant(moment.day, 0, moment.hall.zone))
        .order_by(Plan.version.desc())
    )
    return moment.session.scalars(statement.where(Plan.state == state) if state else statement).all()


def standing(moment: Moment) -> list[Row]:
    """Flips that a manager can still take back: announced ones, and those applied in the last two hours.

    One that a pin made without a plan is not among them; unpinning takes it back.
    """
    rows = _flips(
        moment,
        Flip.plan_id.is_not(None),
        Flip.decided_at > moment.now - UNDO_FOR,
        Flip.state.in_(("approved", "applied")),
    )
    plans = {
        p.id: p.plan
        for p in moment.session.scalars(select(Plan).where(Plan.id.in_({r.plan_id for r in rows})))
    }
    return [_flip(row, plans[row.plan_id or ""]) for row in rows]


def recent(moment: Moment, limit: int = 12) -> list[Row]:
    """What people decided lately, newest first, with who it was."""
    rows = moment.session.execute(
        select(JournalRow.at, JournalRow.kind, JournalRow.payload, JournalRow.actor, Account.login)
        .outerjoin(Account, Account.id == JournalRow.actor)
        .where(
            JournalRow.hall_id == moment.hall.id,
            JournalRow.version > moment.hall.version - LOOK_BACK,
            JournalRow.kind.in_(DECISIONS),
        )
        .order_by(JournalRow.version.desc(), JournalRow.seq.desc())
        .limit(limit)
    )
    found = [
        {"at": at, "kind": kind, **payload, "who": login or actor} for at, kind, payload, actor, login in rows
    ]
    said = _reasons(moment, {row["plan"] for row in found if row["kind"] == "plan.decided"})
    for row in found:
        if row["kind"] == "plan.decided" and row["state"] == "refused":
            row["reason"] = next(
                (said[w] for w in ((row["plan"], w) for w in row["windows"]) if w in said), None
            )
    return found


def _reasons(moment: Moment, plans: Collection[str]) -> dict[tuple[str, str], str]:
    """Why flips of these plans were refused, by plan and window."""
    rows = moment.session.execute(
        select(Flip.plan_id, Flip.window_id, Flip.reason).where(
            Flip.plan_id.in_(plans), Flip.state == "refused", Flip.reason.is_not(None)
        )
    )
    return {(plan, window): reason for plan, window, reason in rows if plan and reason}


def _flips(moment: Moment, *which: Any) -> Sequence[Flip]:
    return moment.session.scalars(
        select(Flip).where(Flip.hall_id == moment.hall.id, *which).order_by(Flip.at, Flip.window_id)
    ).all()


def _plan(row: Plan, flips: Sequence[Flip]) -> Row:
    plan = row.plan
    return {
        "id": row.id, "state": row.state, "made_at": row.made_at, "status": plan["status"],
        "gap": plan["gap"],
        "solve_ms": row.solve_ms, "now_s": plan["now_s"], "flips": [_flip(flip, plan) for flip in flips],
        "posts": plan["posts"], "breaks": plan["breaks"], "expected": plan["expected"],
        "unmet": plan["unmet"], "dropped": plan["dropped"],
    }  # fmt: skip


def _flip(row: Flip, plan: dict[str, Any]) -> Row:
    """A flip with the plan's own words about it; a mere narrowing of a mode has none."""
    said = next(
        (f for f in plan["flips"] if f["window"] == row.window_id and sorted(f["to"]) == row.mode), None
    )
    return {
        "plan": row.plan_id, "window": row.window_id, "clerk": row.clerk_id, "at": row.at,
        "before": list(row.before), "mode": list(row.mode), "state": row.state,
        "gain_s": said["gain_s"] if said else None, "cost_s": said["cost_s"] if said else None,
        "givers": said["givers"] if said else [], "reason": said["reason"] if said else None,
        "decided_at": row.decided_at,
    }  # fmt: skip
