"""The dashboard's routes. Decisions go to the API; here is only what the manager sees and asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import log
from typing import Any

from flask import Blueprint, Response, render_template, request

from hall.core.days import clock_text, instant
from hall.core.hall import PlanMode
from hall.core.people import Role
from hall.dashboard import charts
from hall.dashboard.askable import askable
from hall.dashboard.asking import WHAT_IF, asker, stream
from hall.dashboard.words import WORDS, with_names
from hall.front import speech
from hall.front.door import needs
from hall.front.house import house
from hall.front.staff import as_seen, frame, moment, regions
from hall.store import decisions, overview, read
from hall.store.moment import Moment

blueprint = Blueprint(
    "dashboard", __name__, template_folder="templates", static_folder="static",
    static_url_path="/static/dashboard",
)  # fmt: skip
MANAGERS = (Role.MANAGER, Role.ADMIN)
REGIONS = ("top", "proposal", "lines", "windows", "plan", "clerks", "recent")
FEWER, MORE, LEAST_RATIO = 0.8, 1.25, 0.01  # of what was foretold: what lies between is not worth a word
FIRST_PLAN_S = 1800  # the worker makes the day's first plan this long before opening
PIN_MINUTES = (30, 60, 120)  # offered at a pin, beside "until closing"


@blueprint.get("/h/<hall>/manage")
@needs(*MANAGERS)
def manage(hall: str) -> str:
    """The whole page."""
    with moment(hall) as at:
        context = _context(at)
    return render_template("dashboard/manage.html", regions=REGIONS, **context)


@blueprint.get("/h/<hall>/manage/state")
@needs(*MANAGERS)
def state(hall: str) -> Response:
    """The page's regions as they are now."""
    with moment(hall) as at:
        if seen := as_seen(at):
            return seen
        context = _context(at)
    return regions("dashboard", REGIONS, context)


@blueprint.get("/h/<hall>/manage/whatif")
@needs(*MANAGERS)
def whatif(hall: str) -> str:
    """The page on which decisions are tried out."""
    with moment(hall) as at:
        services, families = overview.services(at), read.families(at.session, hall)
        return render_template(
            "dashboard/whatif.html", **frame(at, services), names=_called(at, services), askable=askable(at),
            is_open_today=bool(at.hall.settings.hours_on(at.day)),
            name_of_families={row.id: speech.name(row) for row in families},
        )  # fmt: skip


@blueprint.post("/h/<hall>/manage/whatif/ask")
@needs(*MANAGERS)
def ask(hall: str) -> Response:
    """One question's answer as lines of JSON, progress first. Changes nothing in the hall.

    `run`, in the address, is the asker's own word for it, by which it can be stopped.
    """
    with moment(hall) as at:
        now, names = at.now, _called(at, overview.services(at))
    run = (hall, request.args.get("run", ""))
    return stream(asker().ask(WHAT_IF, hall, request.get_json(silent=True), now, run=run, names=names))


@blueprint.post("/h/<hall>/manage/whatif/stop")
@needs(*MANAGERS)
def stop(hall: str) -> Response:
    """Stop a question that is being worked on; one that is answered already is left so."""
    asker().stop((hall, request.args.get("run", "")))
    return Response(status=204)


@blueprint.get("/h/<hall>/manage/window/<window>")
@needs(*MANAGERS)
def sheet(hall: str, window: str) -> str:
    """The dialog in which one window is pinned, with the plan's reason to flip it or to leave it."""
    with moment(hall) as at:
        read.window(at.session, hall, window)
        known, windows = overview.services(at), overview.windows(at)
        row = next(w for w in windows if w["id"] == window)
        reason = decisions.reason(at, overview.worker(at, house().clock.real()), window)
        context = {
            **frame(at, known), **WORDS, "until": _pin_times(at), "window": row,
            "why": None if reason is None else with_names(
                reason[speech.language()], _names(known, windows, overview.clerks(at))),
        }  # fmt: skip
    return render_template("dashboard/window.html", **context)


def _context(at: Moment) -> dict[str, Any]:
    known = overview.services(at)
    lines, windows = overview.lines(at, known), overview.windows(at)
    labels = {w["id"]: w["label"] for w in windows}
    clerks = overview.clerks(at)
    names = _names(known, windows, clerks)
    plan, worker = decisions.in_force(at), overview.worker(at, house().clock.real())
    return {
        **frame(at, known),
        **WORDS,
        "lines": [{**line, "spark": charts.spark(plan, line)} for line in lines],
        "windows": windows,
        "labels": labels,
        "spoken": lambda reason: with_names(reason[speech.language()], names),
        "how": overview.how_it_is(lines, windows),
        "clerks": clerks,
        "plan": plan,
        "timeline": charts.timeline(plan, windows, at.now_s),
        "expected": [chart for line in lines if (chart := charts.expected(plan, line))],
        "proposal": decisions.proposed(at),
        "standing": decisions.standing(at),
        "recent": decisions.recent(at),
        "worker": worker,
        "mix": _mix(at, worker["state"].get("mix", {})),
        "first_plan_at": _first_plan(at),
        "plan_modes": list(PlanMode),
    }


def _mix(at: Moment, told: Mapping[str, float]) -> list[str]:
    """Families of which clearly more or fewer come than foretold, the farthest off first."""
    families = {row.id: speech.name(row) for row in read.families(at.session, at.hall.id)}
    far = sorted(
        (id_ for id_, ratio in told.items() if id_ in families and not FEWER < ratio < MORE),
        key=lambda id_: -abs(log(max(told[id_], LEAST_RATIO))),
    )
    return [f"{families[id_]} {round(100 * (told[id_] - 1)):+d} %".replace("-", "−") for id_ in far]


def _called(at: Moment, services: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Ids -> what people call them, by the field of a question that names one."""
    return {
        "service": {id_: speech.name(row) for id_, row in services.items()},
        "clerk": {row["id"]: row["name"] for row in overview.clerks(at)},
        "window": {row["id"]: row["label"] for row in overview.windows(at)},
    }


def _names(
    services: Mapping[str, Any], windows: Sequence[Mapping[str, Any]], clerks: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """How people call what the plan's sentences call by ids."""
    return (
        {c["id"]: c["name"] for c in clerks}
        | {id_: speech.name(row) for id_, row in services.items()}
        | {w["id"]: w["label"] for w in windows}
    )


def _first_plan(at: Moment) -> str | None:
    """When the day's first plan is due, while that is still to come; None after it or on a closed day."""
    hours = at.hall.settings.hours_on(at.day)
    due_s = hours[0][0] - FIRST_PLAN_S if hours else None
    return clock_text(due_s) if due_s is not None and at.now_s < due_s else None


def _pin_times(at: Moment) -> list[dict[str, Any]]:
    """Until when a pin may hold: some minutes from now, and closing time."""
    found = [{"minutes": m, "at": at.now + timedelta(minutes=m)} for m in PIN_MINUTES]
    hours = at.hall.settings.hours_on(at.day)
    if hours and at.now_s < hours[-1][1]:
        found.append({"minutes": None, "at": instant(at.day, hours[-1][1], at.hall.zone)})
    return found
