"""A scenario with numbers for names, worked out once and read by every replication."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hall.core.names import FamilyId, ServiceId
from hall.core.window import Equipment, Skill, why_not
from scheduler.replay.scenario import Scenario

Mode = frozenset[int]  # services by number


@dataclass(frozen=True, slots=True)
class Layout:
    """`pace[clerk][service]` is 0 where the clerk is not authorised; `can[window]` are services."""

    scenario: Scenario
    day: date
    services: tuple[str, ...]
    families: tuple[str, ...]
    family: tuple[int, ...]  # of each service
    windows: tuple[str, ...]
    clerks: tuple[str, ...]
    can: tuple[Mode, ...]
    skills: tuple[Mode, ...]
    pace: tuple[tuple[float, ...], ...]
    members: tuple[Mode, ...]  # services of each family
    pinned: Mapping[int, Mode]  # windows that a manager has pinned as the day begins
    _refusals: dict[tuple[Mode, int, int], str | None] = field(default_factory=dict)
    _families: dict[Mode, frozenset[int]] = field(default_factory=dict)
    worked_out: dict[Hashable, object] = field(default_factory=dict)  # kept by policies between replications

    def reach(self, clerk: int, window: int) -> Mode:
        """What this clerk could offer at this window, whatever it is set up for."""
        return self.skills[clerk] & self.can[window]

    def families_of(self, mode: Mode) -> frozenset[int]:
        found = self._families.get(mode)
        if found is None:
            found = self._families[mode] = frozenset(self.family[s] for s in mode)
        return found

    def of_families(self, families: frozenset[int], reach: Mode) -> Mode:
        """The part of a reach that belongs to these families."""
        if self.families_of(reach) <= families:
            return reach
        return frozenset(s for s in reach if self.family[s] in families)

    def first_families(self, reach: Mode, count: int) -> Mode:
        """The part of a reach that belongs to its first `count` families."""
        return self.of_families(frozenset(sorted(self.families_of(reach))[:count]), reach)

    def names(self, mode: Mode) -> tuple[str, ...]:
        return tuple(self.services[s] for s in sorted(mode))

    def clerk(self, name: str | None) -> int | None:
        """None too for somebody who is not at work on this day."""
        return self.clerks.index(name) if name in self.clerks else None

    def mode(self, names: tuple[str, ...]) -> Mode:
        return frozenset(self.services.index(name) for name in names)

    def refusal(self, mode: Mode, window: int, clerk: int) -> str | None:
        """Why the hall forbids this clerk to offer this mode there; None when it may (hall.core.window)."""
        key = (mode, window, clerk)
        if key not in self._refusals:
            self._refusals[key] = self._refusal(mode, window, clerk)
        return self._refusals[key]

    def _refusal(self, mode: Mode, window: int, clerk: int) -> str | None:
        place, person = self.scenario.windows[window], self.scenario.clerks[clerk]
        return why_not(
            [ServiceId(name) for name in self.names(mode)],
            Equipment(
                frozenset(map(ServiceId, place.can)), place.tidal, tuple(map(ServiceId, place.fixed_mode))
            ),
            {ServiceId(s): Skill(pace) for s, pace in person.pace.items()},
            {ServiceId(s.id): FamilyId(s.family) for s in self.scenario.services},
            self.scenario.rules.max_families,
            self.day,
        )


def layout(scenario: Scenario) -> Layout:
    """Number a scenario's services, families, windows and clerks, in the order in which they stand."""
    services = tuple(s.id for s in scenario.services)
    families = tuple(dict.fromkeys(s.family for s in scenario.services))
    family = tuple(families.index(s.family) for s in scenario.services)
    windows = tuple(w.id for w in scenario.windows)
    pace = tuple(tuple(float(c.pace.get(s, 0.0)) for s in services) for c in scenario.clerks)
    return Layout(
        scenario=scenario,
        day=date.fromisoformat(scenario.day),
        services=services,
        families=families,
        family=family,
        windows=windows,
        clerks=tuple(c.id for c in scenario.clerks),
        can=tuple(_offered(w.can if w.tidal else w.fixed_mode, services) for w in scenario.windows),
        skills=tuple(frozenset(s for s, p in enumerate(row) if p > 0) for row in pace),
        pace=pace,
        members=tuple(frozenset(s for s, g in enumerate(family) if g == f) for f in range(len(families))),
        pinned={windows.index(p.window): _offered(p.mode, services) for p in scenario.pins},
    )


def _offered(names: tuple[str, ...], services: tuple[str, ...]) -> Mode:
    return frozenset(services.index(name) for name in names if name in services)
