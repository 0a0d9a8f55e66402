"""Plans: propose, approve, refuse, undo; pins; who decides. A flip once approved is a commitment.

A plan never forces anything by itself: its flips become rows that the window's next verb applies
(hall.desk.flips), its posts tell clerks where to sit.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from hall.core import window as rules
from hall.core.days import instant
from hall.core.errors import AdviceOnly, FlipNotAllowed, FlipsSpent, Invalid, PlanStale, PlanState, Unknown
from hall.core.events import PinChanged, PlanDecided, PlanMade, SettingsChanged
from hall.core.hall import PlanMode
from hall.core.names import ServiceId
from hall.desk import flips
from hall.store import read
from hall.store.journal import Change
from hall.store.tables import Flip, Pin, Plan, Window


def propose(change: Change, plan: dict[str, Any]) -> Plan:
    """Take a checked plan (tidehall.plan/1) in. It replaces the proposal before it, never a commitment.

    In mode auto, and where it changes no window, it is in force at once; else it waits for a manager.
    A flip whose window changed since the snapshot is left to the next plan.
    """
    row = Plan(
        id=secrets.token_hex(8), hall_id=change.hall_id, made_at=change.now, state="proposed", plan=plan,
        solve_ms=int(plan["solve_ms"]), version=change.version,
    )  # fmt: skip
    _supersede_proposals(change)
    change.session.add(row)
    change.session.flush()
    _drop_named(change, plan)
    wanted = _flips_of(change, row)
    change.session.add_all(wanted)
    mode = change.settings.plan_mode
    if mode is PlanMode.AUTO or (mode is PlanMode.APPROVE and not wanted):
        wanted = [flip for flip in wanted if not _outdated(change, flip)]
        _approve(change, wanted)
        _put_in_force(change, row)
    change.write(PlanMade(row.id, row.state, plan["status"]))
    if row.state == "in_force" and wanted:
        change.write(PlanDecided(row.id, row.state, change.by.id, [f.window_id for f in wanted]))
    return row


def approve(change: Change, plan_id: str, windows: Collection[str] | None = None) -> Plan:
    """Say yes to a plan, or to its flips of some windows. Each flip is checked once more.

    Refuses with Unknown, AdviceOnly, PlanState, PlanStale or FlipNotAllowed; then none is approved.
    """
    if change.settings.plan_mode is PlanMode.ADVISE:
        raise AdviceOnly()
    plan, chosen = _open_flips(change, plan_id, windows)
    for flip in chosen:
        _check(change, flip)
    _approve(change, chosen)
    _put_in_force(change, plan)
    _decided(change, plan, chosen, "approved")
    return plan


def refuse(change: Change, plan_id: str, reason: str, windows: Collection[str] | None = None) -> Plan:
    """Say no; the flips are not proposed again for a while (PlanRules.refused_for_s)."""
    plan, chosen = _open_flips(change, plan_id, windows)
    for flip in chosen:
        _decide(change, flip, "refused", reason)
    if plan.state == "proposed" and not _of(change, plan_id, "proposed"):
        plan.state, plan.version = "refused", change.version
    _decided(change, plan, chosen, "refused")
    return plan


def undo(change: Change, plan_id: str, windows: Collection[str] | None = None) -> Plan:
    """Take approved flips back. One that is applied already is turned round when the case in hand ends.

    Refuses with Unknown, or PlanState when nothing of this plan is approved or applied.
    """
    plan = read.plan(change.session, change.hall_id, plan_id)
    chosen = _chosen(_of(change, plan_id, "approved", "applied"), windows)
    if not chosen:
        raise PlanState(state=plan.state)
    for flip in chosen:
        if flip.state == "applied" and flip.before:
            change.session.add(_back(change, plan, flip))
        _decide(change, flip, "undone", None)
    if not _of(change, plan_id, "applied", "approved", "proposed"):
        plan.state, plan.version = "undone", change.version
    _decided(change, plan, chosen, "undone")
    change.session.flush()
    _apply_now(change, [f.window_id for f in chosen])
    return plan


def pin(change: Change, window_id: str, mode: Sequence[str], until: datetime) -> Pin:
    """Hold a window in a mode until a time; [] keeps it closed. Overrides dwell and open proposals.

    Refuses with Unknown, Invalid, FlipNotAllowed or FlipsSpent.
    """
    window = read.window(change.session, change.hall_id, window_id)
    for index, service in enumerate(mode):
        read.service(change.session, change.hall_id, service, f"/mode/{index}")
    if until <= change.now:
        raise Invalid("/until", field="until", allowed="a time still to come")
    why = rules.why_not(
        [ServiceId(s) for s in mode], read.equipment(window), None,
        read.family_of(change.session, change.hall_id), change.settings.plan.max_families, change.day,
    )  # fmt: skip
    if why:
        raise FlipNotAllowed("/mode", window=window.label, why=why)
    if flips.is_flip(window, mode) and flips.are_spent(change.settings.plan, window):
        raise FlipsSpent("/mode", window=window.label, flips=window.flips_today)
    row = change.session.merge(
        Pin(hall_id=change.hall_id, window_id=window_id, mode=sorted(mode), until=until, by=change.by.id)
    )
    _end_flips(change, window_id)
    change.write(PinChanged(window_id, change.by.id, sorted(mode), until.isoformat()))
    if mode and sorted(mode) != sorted(window.mode) and window.clerk_id is not None:
        _commit_pin(change, window, row)
    return row


def unpin(change: Change, window_id: str) -> None:
    """Take a pin away. Refuses with Unknown when there is none."""
    gone = change.session.execute(
        delete(Pin).where(Pin.hall_id == change.hall_id, Pin.window_id == window_id).returning(Pin.window_id)
    ).first()
    if gone is None:
        raise Unknown(what="pin", id=window_id)
    change.write(PinChanged(window_id, change.by.id))


def set_plan_mode(change: Change, mode: str) -> None:
    """Choose who decides on plans: advise | approve | auto. Refuses with Invalid."""
    if mode not in set(PlanMode):
        raise Invalid("/mode", field="mode", allowed="advise | approve | auto")
    change.hall.settings = change.settings.with_plan_mode(PlanMode(mode))
    change.write(SettingsChanged(change.by.id, "plan_mode"))


def _flips_of(change: Change, row: Plan) -> list[Flip]:
    """The plan's changes of windows as rows: its flips, and modes it narrows at once.

    A window with a standing commitment gets no second one; of several flips of one window the first counts.
    """
    plan = row.plan
    committed = set(
        change.session.scalars(
            select(Flip.window_id).where(Flip.hall_id == change.hall_id, Flip.state == "approved")
        )
    )
    modes = {w.id: sorted(w.mode) for w in read.windows(change.session, change.hall_id)}
    wanted = {f["window"]: (f["to"], f["at_s"], f.get("clerk")) for f in reversed(plan["flips"])}
    for post in plan["posts"]:
        window, mode = post["window"], post["mode"]
        if window and post["from_s"] <= plan["now_s"] and modes[window] and set(mode) < set(modes[window]):
            wanted.setdefault(window, (mode, plan["now_s"], post["clerk"]))
    return [
        Flip(
            id=secrets.token_hex(8), hall_id=change.hall_id, plan_id=row.id, window_id=window, clerk_id=clerk,
            mode=sorted(mode), before=modes[window], at=instant(change.day, at_s, change.hall.zone),
            state="proposed", version=change.version,
        )
        for window, (mode, at_s, clerk) in wanted.items()
        if window not in committed and sorted(mode) != modes[window]
    ]  # fmt: skip


def _supersede_proposals(change: Change) -> None:
    for table in (Flip, Plan):
        change.session.execute(
            update(table)
            .where(table.hall_id == change.hall_id, table.state == "proposed")
            .values(state="superseded", version=change.version)
        )


def _drop_named(change: Change, plan: dict[str, Any]) -> None:
    for dropped in plan["dropped"]:
        for flip in _committed(change, dropped["window"]):
            window = read.window(change.session, change.hall_id, flip.window_id)
            flips.drop(change, window, flip, dropped["reason"])


def _committed(change: Change, window_id: str) -> Sequence[Flip]:
    return change.session.scalars(
        select(Flip).where(
            Flip.hall_id == change.hall_id, Flip.window_id == window_id, Flip.state == "approved"
        )
    ).all()


def _open_flips(change: Change, plan_id: str, windows: Collection[str] | None) -> tuple[Plan, Sequence[Flip]]:
    plan = read.plan(change.session, change.hall_id, plan_id)
    chosen = _chosen(_of(change, plan_id, "proposed"), windows)
    if plan.state not in ("proposed", "in_force") or not (chosen or plan.state == "proposed"):
        raise PlanState(state=plan.state)
    return plan, chosen


def _chosen(found: Sequence[Flip], windows: Collection[str] | None) -> Sequence[Flip]:
    if windows is None:
        return found
    known = {flip.window_id for flip in found}
    for index, window in enumerate(windows):
        if window not in known:
            raise Unknown(f"/flips/{index}", what="flip of window", id=window)
    return [flip for flip in found if flip.window_id in windows]


def _of(change: Change, plan_id: str, *states: str) -> Sequence[Flip]:
    change.session.flush()
    return change.session.scalars(
        select(Flip).where(Flip.plan_id == plan_id, Flip.state.in_(states)).order_by(Flip.window_id)
    ).all()


def _check(change: Change, flip: Flip) -> None:
    window = read.window(change.session, change.hall_id, flip.window_id)
    if why := flips.forbidden(change, window, flip.mode):
        raise FlipNotAllowed(window=window.label, why=why)
    if why := _outdated(change, flip):
        raise PlanStale(window=window.label, why=why)


def _outdated(change: Change, flip: Flip) -> str | None:
    """What happened to the window since the plan was made (a pin, standby) that forbids this flip."""
    window = read.window(change.session, change.hall_id, flip.window_id)
    if not flips.is_flip(window, flip.mode):
        return None
    return flips.held(change.session, change.hall, window, max(flip.at, change.now))


def _approve(change: Change, chosen: Sequence[Flip]) -> None:
    for flip in chosen:
        _decide(change, flip, "approved", None)
    change.session.flush()
    _apply_now(change, [flip.window_id for flip in chosen])


def _apply_now(change: Change, windows: Sequence[str]) -> None:
    """Begin what is due at windows where a clerk sits with nobody before them."""
    for window_id in windows:
        window = read.window(change.session, change.hall_id, window_id)
        if window.clerk_id is not None:
            flips.apply_due(change, window)


def _put_in_force(change: Change, plan: Plan) -> None:
    change.session.execute(
        update(Plan)
        .where(Plan.hall_id == change.hall_id, Plan.state == "in_force", Plan.id != plan.id)
        .values(state="superseded", version=change.version)
    )
    plan.state, plan.version = "in_force", change.version


def _decide(change: Change, flip: Flip, state: str, reason: str | None) -> None:
    flip.state, flip.reason, flip.version = state, reason, change.version
    flip.decided_by, flip.decided_at = change.by.id, change.now
    # The sign speaks of approved flips, so it changes whenever one is made or taken back.
    read.window(change.session, change.hall_id, flip.window_id).version = change.version


def _decided(change: Change, plan: Plan, chosen: Sequence[Flip], word: str) -> None:
    change.write(PlanDecided(plan.id, word, change.by.id, [f.window_id for f in chosen]))


def _back(change: Change, plan: Plan, flip: Flip) -> Flip:
    return Flip(
        id=secrets.token_hex(8), hall_id=change.hall_id, plan_id=plan.id, window_id=flip.window_id,
        clerk_id=None, mode=flip.before, before=flip.mode, at=change.now, state="approved",
        decided_by=change.by.id, decided_at=change.now, version=change.version,
    )  # fmt: skip


def _end_flips(change: Change, window_id: str) -> None:
    change.session.execute(
        update(Flip)
        .where(
            Flip.hall_id == change.hall_id, Flip.window_id == window_id,
            Flip.state.in_(("proposed", "approved")),
        )
        .values(state="superseded", version=change.version)
    )  # fmt: skip
    read.window(change.session, change.hall_id, window_id).version = change.version


def _commit_pin(change: Change, window: Window, row: Pin) -> None:
    """A pin that changes the mode is a commitment of its own, due now."""
    in_force = read.plan_in_force(change.session, change.hall_id)
    change.session.add(
        Flip(
            id=secrets.token_hex(8), hall_id=change.hall_id, plan_id=in_force.id if in_force else None,
            window_id=window.id, clerk_id=window.clerk_id, mode=row.mode, before=list(window.mode),
            at=change.now, state="approved", decided_by=change.by.id, decided_at=change.now,
            version=change.version,
        )
    )  # fmt: skip
    change.session.flush()
    _apply_now(change, [window.id])
