"""Lending a clerk to another family: where it can be done, and what the giving lines must keep.

Simple policies share these rules; they differ in when they lend and to whom. A window that is pinned, or that
is to flip as agreed, is not lent, as no standby rule of the planner lends it (scheduler.draft.lending).
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.replay.floor import Floor
from scheduler.replay.layout import Mode
from scheduler.replay.staff import ClerkState


def seats(floor: Floor) -> list[float]:
    """Clerks per family, at work or on the way; a clerk with two families counts half for each."""
    found = [0.0] * len(floor.layout.families)
    for clerk in floor.clerks:
        if clerk.at_work:
            families = floor.layout.families_of(floor.wanted(clerk)[1])
            for family in families:
                found[family] += 1 / len(families)
    return found


def posts(
    floor: Floor, clerk: ClerkState, family: int, families: int, waiting: list[int]
) -> Iterator[tuple[int, Mode]]:
    """Posts that offer the family and the rules allow: at the own window first, then at free ones.

    With `families` above one, the busiest of the present families stay in the mode.
    """
    window, mode = floor.wanted(clerk)
    present = floor.layout.families_of(mode) - {family}
    kept = sorted(present, key=lambda f: (-waiting[f], f))[: min(families, floor.rules.max_families) - 1]
    places = ([] if window is None else [floor.windows[window]]) + floor.free_windows()
    if window is not None and floor.windows[window].is_decided_on(floor.now):
        return
    for place in places:
        if place.is_decided_on(floor.now):
            continue
        reach = floor.layout.reach(clerk.index, place.index)
        offer = floor.layout.of_families(frozenset((family, *kept)), reach)
        if family in floor.layout.families_of(offer) and not floor.refusal(clerk, place, offer):
            yield place.index, offer


def keeps_floors(floor: Floor, clerk: ClerkState, offer: Mode) -> bool:
    """Whether each service the clerk would give up still has its floor of windows without this one."""
    given_up = floor.wanted(clerk)[1] - offer
    if not given_up:
        return True
    left = dict.fromkeys(given_up, 0)
    for other in floor.clerks:
        if other is not clerk and other.at_work:
            for service in floor.wanted(other)[1] & given_up:
                left[service] += 1
    return all(left[s] >= floor.layout.scenario.services[s].floor for s in given_up)
