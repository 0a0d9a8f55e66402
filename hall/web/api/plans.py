"""Plans over HTTP: looked at, approved, refused, undone; pins; who decides."""

from __future__ import annotations

from datetime import datetime

from hall.core.errors import Unknown
from hall.core.hall import PlanMode
from hall.desk import plans, told
from hall.desk.opening import Told
from hall.store import decisions, read
from hall.store.journal import Change
from hall.store.moment import Moment
from hall.web.api.fields import choice, id_, ids, instant, text
from hall.web.api.operations import MANAGERS, STAFF, Verb, change, look

FLIPS = ids("flips").optional()
STATES = ("proposed", "in_force", "superseded", "refused", "undone")


@look("/halls/{hall}/plan", roles=STAFF, answer="Plan")
def plan_in_force(moment: Moment) -> dict[str, object]:
    """The plan that holds now. 404 before the first one of the day."""
    found = read.plan_in_force(moment.session, moment.hall.id)
    if found is None:
        raise Unknown(what="plan", id="in_force")
    return told.plan(found)


@look("/halls/{hall}/plans", roles=STAFF, query=(choice("state", *STATES).optional(),), answer="Plans")
def today_plans(moment: Moment, state: str | None) -> list[dict[str, object]]:
    """Today's plans, newest first, or only those in one state."""
    return [told.plan(row) for row in decisions.plans(moment, state)]


@change("/plans/{plan}/approve", roles=MANAGERS, body=(FLIPS,), answer="Plan")
def approve_plan(plan: str, flips: list[str] | None) -> Verb:
    """Say yes to the plan, or to its flips of the windows named."""
    return lambda c: told.plan(plans.approve(c, plan, flips))


@change("/plans/{plan}/refuse", roles=MANAGERS, body=(text("reason"), FLIPS), answer="Plan")
def refuse_plan(plan: str, reason: str, flips: list[str] | None) -> Verb:
    """Say no; the flips are not proposed again for a while."""
    return lambda c: told.plan(plans.refuse(c, plan, reason, flips))


@change("/plans/{plan}/undo", roles=MANAGERS, body=(FLIPS,), answer="Plan")
def undo_plan(plan: str, flips: list[str] | None) -> Verb:
    """Take approved flips back; one that is applied is turned round when the case in hand ends."""
    return lambda c: told.plan(plans.undo(c, plan, flips))


@change(
    "/halls/{hall}/pins",
    roles=MANAGERS,
    body=(id_("window"), ids("mode"), instant("until")),
    answer="Pin",
    status=201,
)
def set_pin(window: str, mode: list[str], until: datetime) -> Verb:
    """Hold a window in a mode until a time; an empty mode keeps it closed."""
    return lambda c: told.pin(plans.pin(c, window, mode, until))


@change("/halls/{hall}/pins/{window}", method="DELETE", roles=MANAGERS, answer=None)
def take_pin(window: str) -> Verb:
    """Take a window's pin away."""

    def take(c: Change) -> Told:
        plans.unpin(c, window)
        return {}

    return take


@change(
    "/halls/{hall}/plan-mode",
    method="PUT",
    roles=MANAGERS,
    body=(choice("mode", *(mode.value for mode in PlanMode)),),
    answer="PlanMode",
)
def set_plan_mode(mode: str) -> Verb:
    """Choose who decides on proposed plans."""

    def choose(c: Change) -> Told:
        plans.set_plan_mode(c, mode)
        return {"plan_mode": mode}

    return choose
