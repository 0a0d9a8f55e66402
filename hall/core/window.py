"""A window's states and who may serve what at it. The three facts: terminal, authorisation, policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hall.core.errors import N_
from hall.core.names import FamilyId, ServiceId


class WindowState(StrEnum):
    CLOSED = "closed"  # nobody signed in
    OPEN = "open"
    SETUP = "setup"  # changing its mode; the clerk presses ready
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Skill:
    """A clerk's authorisation: `pace` 1.1 = 10 % faster than planned; valid through `until`."""

    pace: float = 1.0
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.until is None or day <= self.until


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a window can do: its terminals' services, and its mode where policy fixes it."""

    can: frozenset[ServiceId]
    tidal: bool
    fixed_mode: tuple[ServiceId, ...] = ()


def why_not(
    mode: Iterable[ServiceId],
    equipment: Equipment,
    skills: Mapping[ServiceId, Skill] | None,
    families: Mapping[ServiceId, FamilyId],
    max_families: int,
    day: date,
) -> str | None:
    """The first reason why this window (with this clerk, if one is given) may not offer the mode.

    None when it may. DOMAIN.md behaviours 9 and 10.
    """
    mode = tuple(mode)
    if not equipment.tidal and not set(mode) <= set(equipment.fixed_mode):
        return N_("its mode is fixed")
    if any(service not in equipment.can for service in mode):
        return N_("its terminals do not reach this service")
    if len({families[s] for s in mode}) > max_families:
        return N_("too many families in one mode")
    if skills is not None:
        if any(s not in skills for s in mode):
            return N_("the clerk is not authorised")
        if any(not skills[s].holds(day) for s in mode):
            return N_("the clerk's authorisation has expired")
    return None


def is_flip(now: Iterable[ServiceId], to: Iterable[ServiceId]) -> bool:
    """Whether `to` is a flip: a mode that is no part of the present one.

    The first mode of a day ([] before) is none (contracts/README.md §1, Meanings).
    """
    now = set(now)
    return bool(now) and not set(to) <= now
