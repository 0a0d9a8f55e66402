"""A hall and a day's demand as the simulator takes them: `tidehall.scenario/1` as frozen values.

Times are seconds of wall clock since midnight, durations seconds (contracts/README.md, head). The same
names mean the same as in a snapshot; what a snapshot cannot know (true rates, patience, absences) is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduler.wishes import Committed, Pin

Span = tuple[float, float]  # [from, to)


@dataclass(frozen=True, slots=True)
class Service:
    """`service_s` and `scv` are what the hall plans with; Demand.work_factor says how wrong that is."""

    id: str
    family: str
    service_s: float
    scv: float = 0.5
    target_wait_s: float = 900
    weight: float = 1.0
    floor: int = 1
    cap_wait_s: float | None = None
    hours: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """`shut`: spans in which nobody may sit there. `mode`: what it is set up for at opening.

    `mode_since_s`, `flips_today`: of a day that begins in the middle, as its morning left them.
    """

    id: str
    can: tuple[str, ...]
    tidal: bool = True
    fixed_mode: tuple[str, ...] = ()
    open: bool = True
    mode: tuple[str, ...] = ()
    shut: tuple[Span, ...] = ()
    mode_since_s: float | None = None  # None = since opening
    flips_today: int = 0


@dataclass(frozen=True, slots=True)
class Break:
    earliest_s: float
    latest_s: float
    length_s: float
    start_s: float  # as planned; a policy may move it inside the limits


@dataclass(frozen=True, slots=True)
class Clerk:
    """`pace` holds the services the clerk is authorised for. `absent`: spans nobody planned for.

    `busy_until_s`: of a day that begins in the middle, when the case in hand or the break is over; until then
    the window is kept.
    """

    id: str
    pace: Mapping[str, float]
    start_s: float
    end_s: float
    breaks: tuple[Break, ...] = ()
    window: str | None = None
    mode: tuple[str, ...] = ()
    absent: tuple[Span, ...] = ()
    busy_until_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Rules:
    """The snapshot's rules, and the line's bound on overtaking (hall.core.line)."""

    setup_s: float = 240
    move_s: float = 180
    changeover_s: float = 30
    max_families: int = 2
    min_dwell_s: float = 1200
    replan_s: int = 300
    max_flips_per_window: int | None = 6
    overtake_bound: int = 3


@dataclass(frozen=True, slots=True)
class Patience:
    """Lognormal: half of the visitors leave within `median_s`; `sigma` is the spread of its logarithm."""

    median_s: float = 4800
    sigma: float = 0.6


@dataclass(frozen=True, slots=True)
class Demand:
    """Who comes. `rate` and `booked` are expected people per slot and service, opening to closing.

    `forecast` is what the planner is told (default: the truth). `day_cv` and `slot_cv` are the spreads
    of one factor per day and of one per service and slot. `work_factor`: real over planned handling time.
    """

    rate: Mapping[str, tuple[float, ...]]
    forecast: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    booked: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    work_factor: Mapping[str, float] = field(default_factory=dict)
    day_cv: float = 0.0
    slot_cv: float = 0.0
    show_up: float = 0.85
    early_s: float = 300  # booked visitors check in this much before their time in the mean
    early_sd_s: float = 420
    priority_share: float = 0.0
    patience: Patience | None = None

    def told(self, service: str) -> tuple[float, ...]:
        """Expected walk-ins per slot as the planner believes them."""
        return self.forecast.get(service, self.rate.get(service, ()))


@dataclass(frozen=True, slots=True)
class Visit:
    """One recorded visitor. What is None is drawn like everybody else's."""

    service: str
    at_s: float
    booked_s: float | None = None
    priority: bool = False
    work_s: float | None = None
    patience_s: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One hall on one day. `visits`, where given, take the place of drawn people; `here` wait at opening.

    `pins` and `committed`: what people have decided about windows when a day begins in the middle.
    """

    hall: str
    day: str
    open_s: int
    close_s: int
    slot_s: int
    services: tuple[Service, ...]
    windows: tuple[Window, ...]
    clerks: tuple[Clerk, ...]
    demand: Demand
    rules: Rules = Rules()
    zone: str = "Asia/Shanghai"
    hours: tuple[Span, ...] = ()
    visits: tuple[Visit, ...] | None = None
    here: tuple[Visit, ...] = ()
    pins: tuple[Pin, ...] = ()
    committed: tuple[Committed, ...] = ()

    @property
    def slots(self) -> int:
        return -(-(self.close_s - self.open_s) // self.slot_s)

    @property
    def open_hours(self) -> tuple[Span, ...]:
        return self.hours or ((self.open_s, self.close_s),)
