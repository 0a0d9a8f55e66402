"""A plan 排窗方案: posts, breaks, standby rules and flips with their reasons, frozen. JSON both ways
(docs/formats/plan.schema.json). Whether it keeps the rules is `check`'s part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, TypeVar

from hall.core.names import ClerkId, ServiceId, WindowId
from scheduler.snapshot import Mode

FORMAT = "tidehall.plan/1"

Status = Literal["optimal", "feasible", "fallback"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence for a duty manager, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Post:
    """A clerk at a window in a mode, [from_s, to_s). No window = at work without one."""

    clerk: ClerkId
    window: WindowId | None
    mode: Mode
    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True)
class PlannedBreak:
    """When a clerk takes the break with this index in the snapshot's list."""

    clerk: ClerkId
    index: int
    start_s: int


@dataclass(frozen=True, slots=True)
class Standby:
    """What a clerk may do until the next plan when nobody waits in the own mode."""

    clerk: ClerkId
    service: ServiceId
    at_least: int  # people waiting for the service
    mode: Mode  # to switch to


@dataclass(frozen=True, slots=True)
class Flip:
    """A change of a window's mode: waiting seconds it saves its receivers and costs its givers."""

    window: WindowId
    at_s: int
    from_mode: Mode
    to_mode: Mode
    clerk: ClerkId
    gain_s: int
    cost_s: int
    givers: tuple[ServiceId, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Expected:
    """Mean waits expected per slot from `from_s` on."""

    from_s: int
    slot_s: int
    wait_s: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A floor that the clerks present cannot meet, and by how many windows."""

    service: ServiceId
    short: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """A committed flip that a rule forbids now."""

    window: WindowId
    reason: Reason


@dataclass(frozen=True)
class Plan:
    """What each window offers now, and what is meant to come."""

    hall: str
    day: str
    now_s: int
    status: Status
    gap: float | None
    solve_ms: float
    posts: tuple[Post, ...]
    breaks: tuple[PlannedBreak, ...]
    standby: tuple[Standby, ...]
    flips: tuple[Flip, ...]
    expected: Mapping[ServiceId, Expected]
    unmet: tuple[Unmet, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    def now(self, clerk: ClerkId) -> Post | None:
        """The clerk's post that covers the plan's moment."""
        return next((p for p in self.posts if p.clerk == clerk and p.from_s <= self.now_s < p.to_s), None)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT, "hall": self.hall, "day": self.day, "now_s": self.now_s, "status": self.status,
            "gap": self.gap, "solve_ms": self.solve_ms, "posts": _told(self.posts),
            "breaks": _told(self.breaks), "standby": _told(self.standby), "flips": _told(self.flips),
            "expected": {service: _row(each) for service, each in self.expected.items()},
            "unmet": _told(self.unmet), "dropped": _told(self.dropped),
        }  # fmt: skip

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Plan:
        """Read a plan that this project wrote. Raises KeyError or TypeError on anything else."""
        if document["format"] != FORMAT:
            raise KeyError(f"format {document['format']!r} is not {FORMAT}")
        return cls(
            **{name: document[name] for name in ("hall", "day", "now_s", "status", "gap", "solve_ms")},
            posts=_each(Post, document["posts"]),
            breaks=_each(PlannedBreak, document["breaks"]),
            standby=_each(Standby, document["standby"]),
            flips=tuple(_flip(flip) for flip in document["flips"]),
            expected={
                ServiceId(s): Expected(each["from_s"], each["slot_s"], tuple(each["wait_s"]))
                for s, each in document["expected"].items()
            },
            unmet=_each(Unmet, document["unmet"]),
            dropped=tuple(Dropped(d["window"], Reason(**d["reason"])) for d in document["dropped"]),
        )


T = TypeVar("T")
_RENAMED = {"from_mode": "from", "to_mode": "to"}  # the one is a word of Python


def _told(rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: Any) -> dict[str, Any]:
    """A row as JSON. dataclasses.asdict, which copies every string's tuple, takes four times as long."""
    found = {}
    for name in _names(row.__class__):
        value = getattr(row, name)
        found[_RENAMED.get(name, name)] = _row(value) if isinstance(value, Reason) else value
    return found


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _each(kind: type[T], rows: list[Mapping[str, Any]]) -> tuple[T, ...]:
    names = [f.name for f in fields(kind)]  # type: ignore[arg-type]  # every kind here is a dataclass
    return tuple(
        kind(**{n: tuple(row[n]) if isinstance(row[n], list) else row[n] for n in names}) for row in rows
    )


def _flip(row: Mapping[str, Any]) -> Flip:
    return Flip(
        window=row["window"],
        at_s=row["at_s"],
        from_mode=tuple(row["from"]),
        to_mode=tuple(row["to"]),
        clerk=row["clerk"],
        gain_s=row["gain_s"],
        cost_s=row["cost_s"],
        givers=tuple(row["givers"]),
        reason=Reason(**row["reason"]),
    )
