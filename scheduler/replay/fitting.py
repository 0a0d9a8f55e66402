"""Whether the parts of a scenario fit each other: names, lengths, and posts that the hall's rules forbid."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.field import SnapshotError, pointer
from scheduler.references import known, known_keys, known_window, no_id_twice
from scheduler.replay.layout import layout
from scheduler.replay.scenario import Scenario, Window


def check(scenario: Scenario) -> None:
    """Raise SnapshotError at the first name, length or post that does not fit."""
    for name in ("services", "windows", "clerks"):
        no_id_twice(name, [each.id for each in getattr(scenario, name)])
    services = {s.id for s in scenario.services}
    for number, window in enumerate(scenario.windows):
        _window(window, services, f"/windows/{number}")
    windows = {w.id for w in scenario.windows}
    for number, clerk in enumerate(scenario.clerks):
        known_keys(services, clerk.pace, f"/clerks/{number}/pace")
        known(services, clerk.mode, f"/clerks/{number}/mode")
        if clerk.window is not None:
            known_window(windows, clerk.window, f"/clerks/{number}/window")
    for name in ("visits", "here"):
        for number, visit in enumerate(getattr(scenario, name) or ()):
            known(services, [visit.service], f"/{name}/{number}/service", listed=False)
    _posts(scenario)
    _demand(scenario, services)


def _window(window: Window, services: set[str], path: str) -> None:
    for name in ("can", "fixed_mode", "mode"):
        known(services, getattr(window, name), f"{path}/{name}")
    if not window.tidal:
        _within(window.fixed_mode, window.can, f"{path}/fixed_mode", "the window can")
        if not window.fixed_mode:
            can = ", ".join(window.can) or "nothing"
            message = f"a window that is not tidal offers some of what it can: {can}"
            raise SnapshotError("not_allowed", f"{path}/fixed_mode", message)
    offered = window.can if window.tidal else window.fixed_mode
    _within(window.mode, offered, f"{path}/mode", "the window can" if window.tidal else "its mode is fixed")


def _within(mode: tuple[str, ...], allowed: tuple[str, ...], path: str, why: str) -> None:
    for number, service in enumerate(mode):
        if service not in allowed:
            message = f"“{service}” is not possible; {why}: {', '.join(allowed) or 'nothing'}"
            raise SnapshotError("not_allowed", f"{path}/{number}", message)


def _posts(scenario: Scenario) -> None:
    """Who sits where at opening: one clerk at a window, with what the rules allow there."""
    numbered, taken = layout(scenario), dict[str, str]()
    for number, clerk in enumerate(scenario.clerks):
        path = f"/clerks/{number}"
        _within(clerk.mode, tuple(clerk.pace), f"{path}/mode", "the clerk's services are")
        if clerk.window is None:
            continue
        if other := taken.get(clerk.window):
            message = f"window {clerk.window} is the one of clerk “{other}” already; one clerk at a window"
            raise SnapshotError("not_unique", f"{path}/window", message)
        taken[clerk.window] = clerk.id
        window = numbered.windows.index(clerk.window)
        if not numbered.reach(number, window):
            offers = ", ".join(numbered.names(numbered.can[window])) or "nothing"
            message = f"the clerk can offer nothing at window {clerk.window}, which can: {offers}"
            raise SnapshotError("not_allowed", f"{path}/window", message)
        if why := numbered.refusal(numbered.mode(clerk.mode), window, number):
            raise SnapshotError("not_allowed", f"{path}/mode", f"window {clerk.window}: {why}")


def _demand(scenario: Scenario, services: set[str]) -> None:
    """Each series must be as long as the day."""
    for name in ("rate", "forecast", "booked"):
        series: Mapping[str, tuple[float, ...]] = getattr(scenario.demand, name)
        known_keys(services, series, f"/demand/{name}")
        for service, counts in series.items():
            if len(counts) != scenario.slots:
                message = f"must have {scenario.slots} entries, one per slot"
                raise SnapshotError("wrong_length", pointer(f"/demand/{name}", service), message)
    known_keys(services, scenario.demand.work_factor, "/demand/work_factor")
