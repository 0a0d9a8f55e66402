"""A hall's settings: hours, line rules, booking rules, planning rules. Kept as JSON beside the hall."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from hall.core.days import Interval


class PlanMode(StrEnum):
    """Who decides on a proposed plan (DOMAIN.md behaviour 7)."""

    ADVISE = "advise"  # plans are shown only
    APPROVE = "approve"  # a manager approves each; no click, no change
    AUTO = "auto"  # applied by itself inside the rules


@dataclass(frozen=True, slots=True)
class LineRules:
    overtake_bound: int = 3  # priority tickets that may pass one ordinary ticket
    reactivate_after: int = 3  # people a returning passed ticket stands behind
    recall_limit: int = 3  # calls before the console suggests passing over
    ticket_stop_s: int = 0  # tickets stop this long before closing


class QuotaRule(StrEnum):
    """Where the number of bookings that a slot takes comes from."""

    FIXED = "fixed"  # each service's own number, the same in every slot
    TIDAL = "tidal"  # from forecast and line-up, few at the peak; the service's own until they are known


# Of what a slot can serve. DOMAIN.md §B: 5-15 % booked at launch, 30-50 % as a goal, and booking must never
# be the only door; so half stays with those who walk in.
WALK_IN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class BookingRules:
    slot_s: int = 1800
    days_ahead: int = 7  # calendar days, today included when a slot is still ahead
    late_s: int = 900  # grace; later goes to the tail (DOMAIN.md §B: 15 min)
    cancel_before_s: int = 0
    quotas: QuotaRule = QuotaRule.FIXED
    walk_in_share: float = WALK_IN_SHARE  # of what a slot can serve, kept for walk-ins; for tidal quotas


@dataclass(frozen=True, slots=True)
class PlanRules:
    """The `rules` of contracts/README.md §1, in seconds; defaults are PLANNING.md's trial halls."""

    setup_s: int = 240
    move_s: int = 180
    changeover_s: int = 30
    max_families: int = 2
    min_dwell_s: int = 1200
    replan_s: int = 300
    max_flips_per_window: int | None = 6
    slot_s: int = 900
    refused_for_s: int = 1800  # a refused flip is not proposed again before this has passed
    deadline_ms: int = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """All of a hall's own choices.

    `hours`: open intervals by weekday, Monday first; `closed`: dates shut in spite of them;
    `extra`: dates with hours of their own.
    """

    hours: tuple[tuple[Interval, ...], ...] = (((30600, 63000),),) * 5 + ((), ())
    closed: tuple[str, ...] = ()
    extra: dict[str, tuple[Interval, ...]] = field(default_factory=dict)
    line: LineRules = LineRules()
    booking: BookingRules = BookingRules()
    plan: PlanRules = PlanRules()
    plan_mode: PlanMode = PlanMode.APPROVE
    public_screens: bool = True  # boards may be watched without a token
    demo: bool = False  # every page says 演示

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """The open intervals of a day; empty when the hall is shut."""
        name = day.isoformat()
        if name in self.extra:
            return self.extra[name]
        return () if name in self.closed else self.hours[day.weekday()]

    def with_plan_mode(self, mode: PlanMode) -> Settings:
        """The same settings with somebody else deciding on plans."""
        return replace(self, plan_mode=mode)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Settings:
        """Rebuild what to_json wrote. Input from people is checked by hall.store.setup, not here."""
        return cls(
            hours=tuple(_intervals(day) for day in data["hours"]),
            closed=tuple(data["closed"]),
            extra={day: _intervals(hours) for day, hours in data["extra"].items()},
            line=LineRules(**data["line"]),
            booking=_booking(data["booking"]),
            plan=PlanRules(**data["plan"]),
            plan_mode=PlanMode(data["plan_mode"]),
            public_screens=data["public_screens"],
            demo=data["demo"],
        )


def _booking(data: dict[str, Any]) -> BookingRules:
    # Halls made before there were quota rules have none written down.
    return BookingRules(**data | {"quotas": QuotaRule(data.get("quotas", QuotaRule.FIXED))})


def _intervals(pairs: Any) -> tuple[Interval, ...]:
    return tuple((int(start), int(end)) for start, end in pairs)


@dataclass(frozen=True, slots=True)
class Pace:
    """How the hall's time runs beside real time, so that a demo day can run fast and open mid-morning.

    The hall's time is `hall_at` plus `speed` times what has passed since `real_at`.
    """

    real_at: datetime
    hall_at: datetime
    speed: float = 1.0

    def at(self, real: datetime) -> datetime:
        return self.hall_at + (real - self.real_at) * self.speed

    def real_wait_s(self, hall_s: float) -> float:
        """Real seconds until `hall_s` seconds of the hall have passed."""
        return hall_s / self.speed

    def shifted(self, by: timedelta) -> Pace:
        """The same pace with the hall's clock put forward."""
        return Pace(self.real_at, self.hall_at + by, self.speed)
