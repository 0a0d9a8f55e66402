"""A snapshot 快照: everything a plan is made from, frozen. JSON both ways
(docs/formats/snapshot.schema.json). Reading names the place of the first field that is wrong; whether
the fields fit each other is the part of `references`.

Times of day are whole seconds since local midnight of `day`; durations are seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from hall.core.names import ServiceId
from scheduler import references
from scheduler.demand import Booked, Handled, PriorityClass, Waiting
from scheduler.field import MOST, Field, SnapshotError
from scheduler.premises import Break, Clerk, Hours, Mode, Rules, Service, Status, Window, read_hours
from scheduler.wishes import Committed, Pin, Refused

__all__ = [
    "Booked", "Break", "Clerk", "Committed", "Handled", "Hours", "Mode", "Pin", "PriorityClass", "Refused",
    "Rules", "Service", "Snapshot", "SnapshotError", "Status", "Waiting", "Window",
]  # fmt: skip

FORMAT = "tidehall.snapshot/1"
DISPERSION = 1.2  # variance/mean of a slot's walk-ins where the hall names none (contracts §1)


@dataclass(frozen=True)
class Snapshot:
    """The hall at one moment, with the day around it."""

    hall: str
    day: date
    zone: str
    now_s: int
    open_s: int
    close_s: int
    slot_s: int
    services: tuple[Service, ...]
    windows: tuple[Window, ...]
    clerks: tuple[Clerk, ...]
    waiting: tuple[Waiting, ...]
    booked: tuple[Booked, ...]
    arrived: Mapping[ServiceId, tuple[int, ...]]  # walk-ins per slot so far, the present slot partial
    forecast: Mapping[ServiceId, tuple[float, ...]]  # expected walk-ins per slot, open_s to close_s
    handled: Mapping[ServiceId, Handled]
    rules: Rules
    seed: int
    deadline_ms: float
    hours: Hours = ()  # open intervals; from_json puts [[open_s, close_s]] where none are named
    dispersion: Mapping[ServiceId, float] = field(default_factory=dict)
    foretold: Mapping[ServiceId, tuple[float, ...]] = field(default_factory=dict)  # see as_foretold
    pins: tuple[Pin, ...] = ()
    committed: tuple[Committed, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def slots(self) -> int:
        """Number of slots of the day; the last one may be cut short by closing."""
        return -(-(self.close_s - self.open_s) // self.slot_s)

    def as_foretold(self, service: ServiceId) -> tuple[float, ...]:
        """Walk-ins per slot as expected before the day began, where `forecast` has followed the day since."""
        return self.foretold.get(service, self.forecast.get(service, ()))

    def is_open(self, service: Service, at_s: float) -> bool:
        """Whether the hall, and this service in it, takes visitors at that time."""
        spans = (self.hours,) if service.hours is None else (self.hours, service.hours)
        return all(any(start <= at_s < end for start, end in hours) for hours in spans)

    @classmethod
    def from_json(cls, document: Any) -> Snapshot:
        """Read and check one snapshot. Raises SnapshotError naming the first place that is wrong."""
        at = Field(document)
        at.members()
        at.get("format").choice((FORMAT,))
        found = cls(**_day(at), **_hall(at), **_demand(at), **_wishes(at))
        references.check(found)
        return found

    def to_json(self) -> dict[str, Any]:
        """The same document again, defaults written out."""
        document: dict[str, Any] = {"format": FORMAT} | asdict(self)
        document["day"] = self.day.isoformat()
        for window in document["windows"]:
            window["can"] = sorted(window["can"])
        for one in document["waiting"]:
            one["class"] = one.pop("priority")
        return document


def _day(at: Field) -> dict[str, Any]:
    open_s, close_s = at.get("open_s").time_s(), at.get("close_s").time_s()
    if close_s < open_s:
        raise SnapshotError("out_of_range", "/close_s", "must not be before open_s")
    hours = at.optional("hours")
    return {
        "hall": at.get("hall").text(),
        "day": at.get("day").day(),
        "zone": at.get("zone").text(),
        "now_s": at.get("now_s").time_s(),
        "open_s": open_s,
        "close_s": close_s,
        "slot_s": at.get("slot_s").whole(1, 86_400),
        "hours": read_hours(hours) if hours else ((open_s, close_s),),
        "seed": at.get("seed").whole(-(2**63), 2**63),
        "deadline_ms": at.get("deadline_ms").number(0, 86_400_000),
    }


def _hall(at: Field) -> dict[str, Any]:
    return {
        "services": tuple(Service.read(each) for each in at.get("services").items()),
        "windows": tuple(Window.read(each) for each in at.get("windows").items()),
        "clerks": tuple(Clerk.read(each) for each in at.get("clerks").items()),
        "rules": Rules.read(at.get("rules")),
    }


def _demand(at: Field) -> dict[str, Any]:
    spread, foretold = at.optional("dispersion"), at.optional("foretold")
    return {
        "waiting": tuple(Waiting.read(each) for each in at.get("waiting").items()),
        "booked": tuple(Booked.read(each) for each in at.get("booked").items()),
        "arrived": {
            ServiceId(s): tuple(n.whole() for n in counts.items())
            for s, counts in at.get("arrived").entries()
        },
        "forecast": _means(at.get("forecast")),
        "foretold": _means(foretold) if foretold else {},
        "dispersion": {ServiceId(s): d.number(0, 1000) for s, d in spread.entries()} if spread else {},
        "handled": {ServiceId(s): Handled.read(each) for s, each in at.get("handled").entries()},
    }


def _means(at: Field) -> dict[ServiceId, tuple[float, ...]]:
    return {ServiceId(s): tuple(mean.number(0, MOST) for mean in means.items()) for s, means in at.entries()}


def _wishes(at: Field) -> dict[str, Any]:
    committed, refused = at.optional("committed"), at.optional("refused")
    return {
        "pins": tuple(Pin.read(each) for each in at.get("pins").items()),
        "committed": tuple(Committed.read(each) for each in committed.items()) if committed else (),
        "refused": tuple(Refused.read(each) for each in refused.items()) if refused else (),
    }
