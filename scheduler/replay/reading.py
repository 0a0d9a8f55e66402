"""`tidehall.scenario/1` from JSON (docs/formats/scenario.schema.json). The first wrong place is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from scheduler.field import MOST, Field, SnapshotError
from scheduler.replay import fitting
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
        **_optional(at, rules=_rules, zone=Field.zone, hours=_spans, visits=_visits, here=_visits),
    )
    fitting.check(found)
    return found


def _optional(at: Field, **fields: Any) -> dict[str, Any]:
    """What is there, each read by its own reader; what is not keeps its default. Null is no default."""
    there = at.members()
    return {name: read_member(at.get(name)) for name, read_member in fields.items() if name in there}


def _nullable(read_member: Callable[[Field], Any]) -> Callable[[Field], Any]:
    """A reader of what may be null, as in a snapshot (contracts/README.md §1)."""
    return lambda at: None if at.value is None else read_member(at)


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
            cap_wait_s=_nullable(Field.duration_s),
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
    start_s, end_s = at.get("start_s").time_s(), at.get("end_s").time_s()
    if end_s <= start_s:
        raise SnapshotError("out_of_range", f"{at.path}/end_s", "must be after start_s")
    return Clerk(
        id=at.get("id").text(),
        pace={service: pace.number(0, 100, above=True) for service, pace in at.get("pace").entries()},
        start_s=start_s,
        end_s=end_s,
        **_optional(at, breaks=_breaks, window=_nullable(Field.text), mode=_names, absent=_spans),
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
    return Rules(
        **_optional(
            at,
            setup_s=Field.duration_s,
            move_s=Field.duration_s,
            changeover_s=Field.duration_s,
            max_families=lambda f: f.whole(1),
            min_dwell_s=Field.duration_s,
            replan_s=lambda f: f.whole(1, 86_400),
            max_flips_per_window=_nullable(Field.whole),
            overtake_bound=Field.whole,
        )
    )


def _visits(at: Field) -> tuple[Visit, ...]:
    return tuple(
        Visit(
            each.get("service").text(),
            each.get("at_s").number(0, 172_800),
            **_optional(
                each,
                booked_s=_nullable(Field.time_s),
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
