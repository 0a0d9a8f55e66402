"""What a hall file may say: one table of fields per section, and the values they become.

The tables are the only list of fields; docs/hall-file.md is tested against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from hall.core.days import Interval
from hall.core.hall import BookingRules, LineRules, PlanMode, PlanRules, QuotaRule, Settings
from hall.core.window import Skill
from hall.store.hallfile import kinds
from hall.store.hallfile.kinds import Names, Reader
from hall.store.hallfile.marked import Fault, Spot

MINUTES_A_DAY = 1440


@dataclass(frozen=True, slots=True)
class Field:
    """How one field is read, and what it is when it is left out. `required`: it may not be left out.

    `into`: the name of what is read, where that is another one than in the file (minutes become seconds).
    """

    read: Reader
    default: Any = None
    required: bool = False
    into: str = ""


Fields = Mapping[str, Field]


def _quota_rule(spot: Spot) -> QuotaRule | None:
    found = kinds.choice(spot, [rule.value for rule in QuotaRule])
    return QuotaRule(found) if found else None


def _must(read: Reader, into: str = "") -> Field:
    return Field(read, required=True, into=into)


FILE: Fields = {
    "hall": _must(lambda spot: spot),
    "hours": _must(kinds.week),
    "closed": Field(partial(kinds.several, read=kinds.day), ()),
    "extra": Field(lambda spot: spot),
    "families": _must(lambda spot: spot),
    "services": _must(lambda spot: spot),
    "windows": _must(lambda spot: spot),
    "clerks": _must(lambda spot: spot),
    "lines": Field(lambda spot: spot),
    "bookings": Field(lambda spot: spot),
    "rules": Field(lambda spot: spot),
}

HALL: Fields = {
    "id": _must(kinds.word),
    "name": _must(kinds.names),
    "zone": Field(kinds.zone, "Asia/Shanghai"),
    "plan_mode": Field(partial(kinds.choice, allowed=[mode.value for mode in PlanMode]), "approve"),
    "public_screens": Field(kinds.flag, True),
}

FAMILY: Fields = {"id": _must(kinds.word), "name": _must(kinds.names)}

SERVICE: Fields = {
    "id": _must(kinds.word),
    "family": _must(kinds.word),
    "name": _must(kinds.names),
    "prefix": _must(kinds.prefix),
    "handling_min": _must(kinds.minuted(0.1, 480), "handling_s"),
    "scv": Field(kinds.numbered(0, 10), 0.36),
    "promise_min": Field(kinds.minuted(1, 480), 900, into="promise_s"),
    "weight": Field(kinds.numbered(0.01, 100), 1.0),
    "floor": Field(kinds.counted(0, 100), 1),
    "cap_min": Field(kinds.minuted(1, 480), into="cap_s"),
    "quota": Field(kinds.counted(0, 1000), 0),
    "daily_cap": Field(kinds.counted(0, 100_000)),
    "hours": Field(kinds.hours),
}

WINDOW: Fields = {
    "id": _must(kinds.word),
    "label": Field(kinds.words),
    "can": _must(kinds.located_words),
    "tidal": Field(kinds.flag),
    "fixed": Field(kinds.located_words),
}

CLERK: Fields = {
    "id": _must(kinds.word),
    "name": _must(kinds.words),
    "home": Field(lambda spot: spot),
    "skills": _must(lambda spot: spot),
    "shift": _must(lambda spot: spot),
    "breaks": Field(lambda spot: spot.items("a list of breaks"), []),
}

SKILL: Fields = {"pace": Field(kinds.numbered(0.2, 5), 1.0), "until": Field(kinds.day)}

BREAK: Fields = {
    "earliest": _must(kinds.time_s),
    "latest": _must(kinds.time_s),
    "minutes": _must(kinds.minuted(1, 240)),
}

# Of the next three the values are the fields of hall.core.hall's LineRules, BookingRules and PlanRules.
LINES: dict[str, tuple[str, Reader]] = {
    "overtake_bound": ("overtake_bound", kinds.counted(0, 50)),
    "return_behind": ("reactivate_after", kinds.counted(0, 50)),
    "calls": ("recall_limit", kinds.counted(1, 10)),
    "stop_min": ("ticket_stop_s", kinds.minuted(0, 240)),
}

BOOKINGS: dict[str, tuple[str, Reader]] = {
    "slot_min": ("slot_s", kinds.minuted(5, 240)),
    "days_ahead": ("days_ahead", kinds.counted(0, 365)),
    "late_min": ("late_s", kinds.minuted(0, 240)),
    "cancel_before_min": ("cancel_before_s", kinds.minuted(0, 10 * MINUTES_A_DAY)),
    "quotas": ("quotas", _quota_rule),
    "walk_in_share": ("walk_in_share", kinds.numbered(0, 1)),
}

RULES: dict[str, tuple[str, Reader]] = {
    "setup_min": ("setup_s", kinds.minuted(0, 60)),
    "move_min": ("move_s", kinds.minuted(0, 60)),
    "changeover_min": ("changeover_s", kinds.minuted(0, 30)),
    "max_families": ("max_families", kinds.counted(1, 20)),
    "min_dwell_min": ("min_dwell_s", kinds.minuted(0, 480)),
    "replan_min": ("replan_s", kinds.minuted(1, 60)),
    "max_flips": ("max_flips_per_window", kinds.counted(0, 100)),
    "slot_min": ("slot_s", kinds.minuted(5, 120)),
    "refused_min": ("refused_for_s", kinds.minuted(0, 480)),
    "deadline_ms": ("deadline_ms", kinds.counted(1, 60_000)),
}


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    spot: Spot
    id: str
    name: Names


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service; times in seconds."""

    spot: Spot
    id: str
    family: str
    name: Names
    prefix: str
    handling_s: int
    scv: float
    promise_s: int
    weight: float
    floor: int
    cap_s: int | None
    quota: int
    daily_cap: int | None
    hours: tuple[Interval, ...] | None


@dataclass(frozen=True, slots=True)
class WindowEntry:
    """A window; `can` and `fixed` hold services, families written there are unfolded."""

    spot: Spot
    id: str
    label: str
    tidal: bool
    can: tuple[str, ...]
    fixed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A break: start between earliest_s and latest_s, in seconds of wall clock."""

    earliest_s: int
    latest_s: int
    length_s: int


@dataclass(frozen=True, slots=True)
class ClerkEntry:
    """A clerk; `shifts`: weekday -> working time."""

    spot: Spot
    id: str
    name: str
    home: str | None
    skills: dict[str, Skill]
    shifts: dict[int, Interval]
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a hall is made of. `family_ids`: also of families that are faulty themselves."""

    families: tuple[FamilyEntry, ...]
    services: tuple[ServiceEntry, ...]
    windows: tuple[WindowEntry, ...]
    clerks: tuple[ClerkEntry, ...]
    family_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class HallFile:
    """A hall as its file describes it: complete, and free of contradictions."""

    id: str
    name: Names
    zone: str
    settings: Settings
    parts: Parts
    warnings: tuple[Fault, ...] = ()


RULES_OF = {"lines": (LINES, LineRules), "bookings": (BOOKINGS, BookingRules), "rules": (RULES, PlanRules)}
