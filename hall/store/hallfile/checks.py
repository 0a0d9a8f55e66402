"""What must fit together in a hall file once every field is readable by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Protocol

from hall.core.days import clock_text
from hall.store.hallfile.marked import Spot, did_you_mean
from hall.store.hallfile.sections import ClerkEntry, Parts, ServiceEntry, WindowEntry


class Entry(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def spot(self) -> Spot: ...


def check(parts: Parts, max_families: int | None, today: date) -> None:
    """Note every contradiction as a fault and every oddity as a warning."""
    _ids_differ((parts.families, parts.services, parts.windows, parts.clerks))
    _families_exist(parts)
    _prefixes_differ(parts.services)
    _modes_fit(parts, max_families)
    for clerk in parts.clerks:
        _breaks_fit(clerk)
        _skills_hold(clerk, today)
        _home_fits(clerk, parts.windows)
    _services_are_reachable(parts)


def _ids_differ(sections: Iterable[Collection[Entry]]) -> None:
    """An id names one thing of its section."""
    for section in sections:
        first: dict[str, Entry] = {}
        for entry in section:
            if entry.id in first:
                entry.spot.wrong(f"id “{entry.id}” is used twice (first in line {first[entry.id].spot.line})")
            first.setdefault(entry.id, entry)


def _families_exist(parts: Parts) -> None:
    for service in parts.services:
        if service.family not in parts.family_ids:
            near = did_you_mean(service.family, parts.family_ids)
            service.spot.wrong(f"there is no family “{service.family}”. {near}")


def _prefixes_differ(services: Iterable[ServiceEntry]) -> None:
    first: dict[str, int] = {}
    for service in services:
        line = first.setdefault(service.prefix, service.spot.line)
        if line != service.spot.line:
            service.spot.wrong(f"prefix “{service.prefix}” is used twice (first in line {line})")


def _modes_fit(parts: Parts, max_families: int | None) -> None:
    families = {service.id: service.family for service in parts.services}
    for window in parts.windows:
        count = len({families.get(service) for service in window.fixed})
        if max_families is not None and count > max_families:
            window.spot.wrong(f"fixed spans {count} families. Allowed: {max_families} (rules.max_families)")
        if not window.can:
            window.spot.wrong("can is empty. At least one service is needed")


def _breaks_fit(clerk: ClerkEntry) -> None:
    for number, pause in enumerate(clerk.breaks):
        place = f"breaks[{number}]"
        if pause.earliest_s > pause.latest_s:
            clerk.spot.wrong(f"{place}: earliest is after latest")
        for start_s, end_s in set(clerk.shifts.values()):
            if pause.earliest_s < start_s or pause.latest_s + pause.length_s > end_s:
                shift = f"{clock_text(start_s)}-{clock_text(end_s)}"
                clerk.spot.wrong(f"{place} does not lie inside the shift {shift}")


def _skills_hold(clerk: ClerkEntry, today: date) -> None:
    if not clerk.skills:
        clerk.spot.odd("is authorised for nothing and cannot sign in")
    for service, skill in clerk.skills.items():
        if not skill.holds(today):
            clerk.spot.odd(f"the authorisation for “{service}” has expired")


def _home_fits(clerk: ClerkEntry, windows: Iterable[WindowEntry]) -> None:
    home = next((w for w in windows if w.id == clerk.home), None)
    if home is None or not clerk.skills:
        return
    offered = home.can if home.tidal else home.fixed
    if not set(offered) & set(clerk.skills):
        clerk.spot.odd(f"can serve nothing that the home window “{home.id}” offers")


def _services_are_reachable(parts: Parts) -> None:
    offered = {s for w in parts.windows for s in (w.can if w.tidal else w.fixed)}
    served = {s for clerk in parts.clerks for s in clerk.skills}
    for service in parts.services:
        if service.id not in offered:
            service.spot.odd(f"no window can serve “{service.id}”")
        elif service.id not in served:
            service.spot.odd(f"no clerk is authorised for “{service.id}”")
