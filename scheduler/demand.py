"""Who is in the hall, who is expected, and what was handled today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from hall.core.names import ServiceId
from scheduler.field import Field

CLASSES = ("normal", "priority")

PriorityClass = Literal["normal", "priority"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the hall. A booked visitor's wait counts from max(since_s, booked_s)."""

    service: ServiceId
    since_s: int
    booked_s: int | None
    priority: PriorityClass

    @property
    def counts_from_s(self) -> int:
        return self.since_s if self.booked_s is None else max(self.since_s, self.booked_s)

    @classmethod
    def read(cls, at: Field) -> Waiting:
        booked = at.nullable("booked_s")
        return cls(
            service=ServiceId(at.get("service").text()),
            since_s=at.get("since_s").time_s(),
            booked_s=booked.time_s() if booked else None,
            priority=cast(PriorityClass, at.get("class").choice(CLASSES)),
        )


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking that has not checked in yet."""

    service: ServiceId
    at_s: int

    @classmethod
    def read(cls, at: Field) -> Booked:
        return cls(ServiceId(at.get("service").text()), at.get("at_s").time_s())


@dataclass(frozen=True, slots=True)
class Handled:
    """What was handled of a service today: visits and the seconds they took."""

    count: int
    total_s: float

    @classmethod
    def read(cls, at: Field) -> Handled:
        return cls(at.get("count").whole(), at.get("total_s").number(0, 1e9))
