"""`tidehall.scenario/1` from JSON (docs/formats/scenario.schema.json). The first wrong place is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scheduler.field import MOST, Field, SnapshotError, pointer
from scheduler.replay.layout import layout
from scheduler.replay.scenario import (
    Break,
    Clerk,
    Demand,
    Patience,
    Rules,
    Scenario,
    Service,
    Span,
    Visit,
    Window,
)

FORMAT = "tidehall.scenario/1"
LEAST_CV = 1e-6  # a smaller spread is none, and its inverse square no number any more


def read(document: Any) -> Scenario:
    """Read and check one scenario. Raises SnapshotError naming the first place that is wrong."""
    at = Field(document)
    at.get("format").choice((FORMAT,))
    open_s, close_s = at.get("open_s").time_s(), at.get("close_s").time_s()
    if close_s <= open_s:
        raise SnapshotError("out_of_range", "/close_s", "must be after open_s")
    found = Scenario(
        hall=at.get("hall").text(),
        day=at.get("day").day().isoformat(),
        open_s=open_s,
        close_s=close_s,
        slot_s=at.get("slot_s").whole(1, 86_400),
        services=tuple(_service(each) for each in at.get("services").items()),
        windows=tuple(_window(each) for each in at.get("windows").items()),
        clerks=tuple(_clerk(each) for each in at.get("clerks").items()),
        demand=_demand(at.get("demand")),
        **_optional(at, rules=_rules, zone=Field.text, hours=_spans, visits=_visits, here=_visits),
    )
    _check(found)
    return found


def _optional(at: Field, **fields: Any) -> dict[str, Any]:
    """What is there, each read by its own reader; what is not keeps its default."""
    there = {name: at.optional(name) for name in fields}
    return {name: fields[name](member) for name, member in there.items() if member is not None}


def _service(at: Field) -> Service:
    return Service(
        id=at.get("id").text(),
        family=at.get("family").text(),
        service_s=at.get("service_s").number(0, 86_400, above=True),
        **_optional(
            at,
            scv=lambda f: f.number(0, 100),
            target_wait_s=Field.duration_s,
            weight=Field.number,
            floor=Field.whole,
            cap_wait_s=Field.duration_s,
            hours=_spans,
        ),
    )


def _window(at: Field) -> Window:
    return Window(
        id=at.get("id").text(),
        can=_names(at.get("can")),
        **_optional(at, tidal=Field.flag, fixed_mode=_names, open=Field.flag, mode=_names, shut=_spans),
    )


def _clerk(at: Field) -> Clerk:
    return Clerk(
        id=at.get("id").text(),
        pace={service: pace.number(0, 100, above=True) for service, pace in at.get("pace").entries()},
        start_s=at.get("start_s").time_s(),
        end_s=at.get("end_s").time_s(),
        **_optional(at, breaks=_breaks, window=Field.text, mode=_names, absent=_spans),
    )


def _breaks(at: Field) -> tuple[Break, ...]:
    found = []
    for each in at.items():
        one = Break(
            earliest_s=each.get("earliest_s").time_s(),
            latest_s=each.get("latest_s").time_s(),
            length_s=each.get("length_s").duration_s(),
            start_s=each.get("start_s").time_s(),
        )
        if not one.earliest_s <= one.start_s <= one.latest_s:
            raise SnapshotError("out_of_range", f"{each.path}/start_s", "must lie in [earliest_s, latest_s]")
        found.append(one)
    return tuple(found)


def _demand(at: Field) -> Demand:
    return Demand(
        rate=_per_slot(at.get("rate")),
        **_optional(
            at,
            forecast=_per_slot,
            booked=_per_slot,
            work_factor=lambda f: {s: x.number(0, 100, above=True) for s, x in f.entries()},
            day_cv=_cv,
            slot_cv=_cv,
            show_up=lambda f: f.number(0, 1),
            early_s=lambda f: f.number(-86_400, 86_400),
            early_sd_s=Field.duration_s,
            priority_share=lambda f: f.number(0, 1),
            patience=_patience,
        ),
    )


def _cv(at: Field) -> float:
    found = at.number(0, 10)
    if 0 < found < LEAST_CV:
        raise SnapshotError("out_of_range", at.path, f"must be 0, or from {LEAST_CV:f} to 10")
    return found


def _patience(at: Field) -> Patience:
    return Patience(at.get("median_s").number(0, MOST, above=True), at.get("sigma").number(0, 10))


def _rules(at: Field) -> Rules:
    found = Rules(
        **_optional(
            at,
            setup_s=Field.duration_s,
            move_s=Field.duration_s,
            changeover_s=Field.duration_s,
            max_families=lambda f: f.whole(1),
            min_dwell_s=Field.duration_s,
            replan_s=lambda f: f.whole(1, 86_400),
            max_flips_per_window=Field.whole,
            overtake_bound=Field.whole,
        )
    )
    if "max_flips_per_window" in at.members() and at.nullable("max_flips_per_window") is None:
        return replace(found, max_flips_per_window=None)  # null is a value of its own: no limit
    return found


def _visits(at: Field) -> tuple[Visit, ...]:
    return tuple(
        Visit(
            each.get("service").text(),
            each.get("at_s").number(0, 172_800),
            **_optional(
                each,
                booked_s=Field.time_s,
                priority=Field.flag,
                work_s=Field.duration_s,
                patience_s=Field.duration_s,
            ),
        )
        for each in at.items()
    )


def _per_slot(at: Field) -> Mapping[str, tuple[float, ...]]:
    return {service: tuple(x.number() for x in counts.items()) for service, counts in at.entries()}


def _names(at: Field) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.text() for each in at.items()))


def _spans(at: Field) -> tuple[Span, ...]:
    spans = []
    for each in at.items():
        ends = each.items()
        if len(ends) != 2:
            raise each.wrong("a pair [from, to]")
        start, end = ends[0].time_s(), ends[1].time_s()
        if end < start:
            raise SnapshotError("out_of_range", ends[1].path, "must not be before the interval's start")
        spans.append((float(start), float(end)))
    return tuple(spans)


def _check(scenario: Scenario) -> None:
    """Names must fit each other, and each series must be as long as the day."""
    services = {s.id for s in scenario.services}
    _known("/windows", [(w.can + w.fixed_mode + w.mode) for w in scenario.windows], services)
    _known("/clerks", [(*c.pace, *c.mode) for c in scenario.clerks], services)
    _known("/visits", [(v.service,) for v in scenario.visits or ()], services)
    _known("/here", [(v.service,) for v in scenario.here], services)
    windows = {w.id for w in scenario.windows}
    _known("/clerks", [(c.window,) if c.window else () for c in scenario.clerks], windows)
    for things in ("services", "windows", "clerks"):
        names = [thing.id for thing in getattr(scenario, things)]
        if twice := {n for n in names if names.count(n) > 1}:
            raise SnapshotError("not_unique", f"/{things}", f"twice: {', '.join(sorted(twice))}")
    _posts(scenario)
    for name in ("rate", "forecast", "booked"):
        series: Mapping[str, tuple[float, ...]] = getattr(scenario.demand, name)
        for service, counts in series.items():
            _known(f"/demand/{name}", [(service,)], services)
            if len(counts) != scenario.slots:
                message = f"must have {scenario.slots} entries, one per slot"
                raise SnapshotError("wrong_length", pointer(f"/demand/{name}", service), message)
    _known("/demand/work_factor", [tuple(scenario.demand.work_factor)], services)


def _posts(scenario: Scenario) -> None:
    """Who sits where at opening: one clerk at a window, with what the rules allow there."""
    numbered, taken = layout(scenario), dict[str, str]()
    for number, clerk in enumerate(scenario.clerks):
        path = f"/clerks/{number}"
        if strange := set(clerk.mode) - set(clerk.pace):
            known = ", ".join(clerk.pace) or "none"
            message = f"“{min(strange)}” is not among the clerk's services: {known}"
            raise SnapshotError("not_allowed", f"{path}/mode", message)
        if clerk.window is None:
            continue
        if other := taken.get(clerk.window):
            message = f"window {clerk.window} is the one of clerk “{other}” already; one clerk at a window"
            raise SnapshotError("not_unique", f"{path}/window", message)
        taken[clerk.window] = clerk.id
        window = numbered.windows.index(clerk.window)
        if why := numbered.refusal(numbered.mode(clerk.mode), window, number):
            raise SnapshotError("not_allowed", f"{path}/mode", f"window {clerk.window}: {why}")


def _known(path: str, rows: list[tuple[str, ...]], known: set[str]) -> None:
    for number, row in enumerate(rows):
        for name in row:
            if name not in known:
                raise SnapshotError("unknown", f"{path}/{number}", f"“{name}” is not in this scenario")
