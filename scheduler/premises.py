"""What a hall has for the day: services, windows, clerks with their breaks, and rules of change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from hall.core.names import ClerkId, FamilyId, ServiceId, WindowId
from scheduler.field import Field, SnapshotError

STATUSES = ("off", "idle", "serving", "setup", "break")
AT_WORK = ("idle", "serving", "setup")
OVERTAKE_BOUND = 3  # as hall.core.hall.LineRules has it, where a snapshot does not say

Status = Literal["off", "idle", "serving", "setup", "break"]
Mode = tuple[ServiceId, ...]  # no service twice
Hours = tuple[tuple[int, int], ...]  # [from, to) each


@dataclass(frozen=True, slots=True)
class Service:
    """A service 事项. `service_s` is the planned mean at pace 1, `scv` its squared variation."""

    id: ServiceId
    family: FamilyId
    service_s: float
    scv: float
    target_wait_s: float
    weight: float
    floor: int  # least number of windows that offer it while it is open
    cap_wait_s: float | None = None  # mean wait that lending a window must not push it above
    hours: Hours | None = None

    @classmethod
    def read(cls, at: Field) -> Service:
        cap = at.optional("cap_wait_s")
        hours = at.optional("hours")
        return cls(
            id=ServiceId(at.get("id").text()),
            family=FamilyId(at.get("family").text()),
            service_s=at.get("service_s").number(0, 86_400, above=True),
            scv=at.get("scv").number(0, 100),
            target_wait_s=at.get("target_wait_s").duration_s(),
            weight=at.get("weight").number(),
            floor=at.get("floor").whole(),
            cap_wait_s=cap.duration_s() if cap else None,
            hours=read_hours(hours) if hours else None,
        )


@dataclass(frozen=True, slots=True)
class Window:
    """A window 窗口. It owns its mode and keeps it while nobody sits there; () = not used yet today."""

    id: WindowId
    can: frozenset[ServiceId]
    tidal: bool
    fixed_mode: Mode
    mode: Mode
    mode_since_s: int
    open: bool = True
    flips_today: int = 0

    @classmethod
    def read(cls, at: Field) -> Window:
        shut, flips = at.optional("open"), at.optional("flips_today")
        return cls(
            id=WindowId(at.get("id").text()),
            can=frozenset(read_mode(at.get("can"))),
            tidal=at.get("tidal").flag(),
            fixed_mode=read_mode(at.get("fixed_mode")),
            mode=read_mode(at.get("mode")),
            mode_since_s=at.get("mode_since_s").time_s(),
            open=shut.flag() if shut else True,
            flips_today=flips.whole() if flips else 0,
        )


@dataclass(frozen=True, slots=True)
class Break:
    """A break 休息 of one clerk: `latest_s` is the latest start, `start_s` the start as planned now."""

    earliest_s: int
    latest_s: int
    length_s: float
    start_s: int
    taken: bool

    @classmethod
    def read(cls, at: Field) -> Break:
        found = cls(
            earliest_s=at.get("earliest_s").time_s(),
            latest_s=at.get("latest_s").time_s(),
            length_s=at.get("length_s").duration_s(),
            start_s=at.get("start_s").time_s(),
            taken=at.get("taken").flag(),
        )
        if found.earliest_s > found.latest_s:
            raise SnapshotError("out_of_range", f"{at.path}/latest_s", "must not be before earliest_s")
        return found


@dataclass(frozen=True, slots=True)
class Clerk:
    """A clerk 窗口人员. `pace` holds only services the clerk is authorised for; 1.1 = 10 % faster."""

    id: ClerkId
    pace: Mapping[ServiceId, float]
    start_s: int
    end_s: int
    status: Status
    window: WindowId | None
    mode: Mode
    serving: ServiceId | None
    serving_for_s: float
    until_s: int | None
    breaks: tuple[Break, ...]

    @property
    def is_at_work(self) -> bool:
        return self.status in AT_WORK

    def is_counted_on(self, now_s: int) -> bool:
        """Whether the clerk is here or still to come; not so who is off although the shift has begun."""
        if self.status == "off":
            return now_s < self.start_s < self.end_s
        return self.is_at_work or self.end_s > now_s

    @classmethod
    def read(cls, at: Field) -> Clerk:
        window, serving, until = at.nullable("window"), at.nullable("serving"), at.optional("until_s")
        found = cls(
            id=ClerkId(at.get("id").text()),
            pace={ServiceId(s): pace.number(0, 100, above=True) for s, pace in at.get("pace").entries()},
            start_s=at.get("start_s").time_s(),
            end_s=at.get("end_s").time_s(),
            status=cast(Status, at.get("status").choice(STATUSES)),
            window=WindowId(window.text()) if window else None,
            mode=read_mode(at.get("mode")),
            serving=ServiceId(serving.text()) if serving else None,
            serving_for_s=at.get("serving_for_s").duration_s(),
            until_s=until.time_s() if until else None,
            breaks=tuple(Break.read(each) for each in at.get("breaks").items()),
        )
        if found.end_s < found.start_s:
            raise SnapshotError("out_of_range", f"{at.path}/end_s", "must not be before start_s")
        if found.status == "serving" and found.serving is None:
            raise SnapshotError(
                "missing", f"{at.path}/serving", "a clerk who is serving names the service in hand"
            )
        return found


@dataclass(frozen=True, slots=True)
class Rules:
    """The hall's rules for changing windows, and its line's bound on overtaking (hall.core.line)."""

    setup_s: float
    move_s: float
    changeover_s: float
    max_families: int
    min_dwell_s: float
    replan_s: float
    max_flips_per_window: int | None
    overtake_bound: int = OVERTAKE_BOUND  # no plan looks at it, a simulated line does

    @classmethod
    def read(cls, at: Field) -> Rules:
        flips, bound = at.nullable("max_flips_per_window"), at.optional("overtake_bound")
        return cls(
            setup_s=at.get("setup_s").duration_s(),
            move_s=at.get("move_s").duration_s(),
            changeover_s=at.get("changeover_s").duration_s(),
            max_families=at.get("max_families").whole(1),
            min_dwell_s=at.get("min_dwell_s").duration_s(),
            replan_s=at.get("replan_s").number(0, 86_400, above=True),
            max_flips_per_window=flips.whole() if flips else None,
            overtake_bound=bound.whole() if bound else OVERTAKE_BOUND,
        )


def read_mode(at: Field) -> Mode:
    return tuple(dict.fromkeys(ServiceId(each.text()) for each in at.items()))


def read_hours(at: Field) -> Hours:
    spans = []
    for each in at.items():
        ends = each.items()
        if len(ends) != 2:
            raise each.wrong("a pair [from, to]")
        start, end = ends[0].time_s(), ends[1].time_s()
        if end < start:
            raise SnapshotError("out_of_range", ends[1].path, "must not be before the interval's start")
        spans.append((start, end))
    return tuple(sorted(spans))
