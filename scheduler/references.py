"""Whether the parts of a snapshot fit each other: ids, lengths, and pins that no plan could keep.

What a scenario has as well is checked here for it too (scheduler.replay.fitting).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Set
from typing import TYPE_CHECKING, Any

from hall.core.names import ServiceId, WindowId
from scheduler.field import SnapshotError, pointer

if TYPE_CHECKING:
    from scheduler.snapshot import Pin, Snapshot, Window


def check(snapshot: Snapshot) -> None:
    """Raise SnapshotError at the first id, length or pin that does not fit."""
    services = {s.id for s in snapshot.services}
    windows = {w.id: w for w in snapshot.windows}
    for name in ("services", "windows", "clerks"):
        no_id_twice(name, [each.id for each in getattr(snapshot, name)])
    for w, window in enumerate(snapshot.windows):
        at = f"/windows/{w}"
        known(services, sorted(window.can), f"{at}/can")
        known(services, window.fixed_mode, f"{at}/fixed_mode")
        known(services, window.mode, f"{at}/mode")
    _clerks(snapshot, services, windows)
    for name in ("waiting", "booked"):
        for i, one in enumerate(getattr(snapshot, name)):
            known(services, [one.service], f"/{name}/{i}/service", listed=False)
    for name in ("arrived", "forecast", "foretold", "dispersion", "handled"):
        known_keys(services, getattr(snapshot, name), f"/{name}")
    _lengths(snapshot)
    _wishes(snapshot, services, windows)
    _pins(snapshot, windows)


def no_id_twice(name: str, ids: list[str]) -> None:
    """Each of these names one thing of a list."""
    seen: set[str] = set()
    for i, one in enumerate(ids):
        if one in seen:
            raise SnapshotError("duplicate_id", f"/{name}/{i}/id", f"“{one}” is already in the list")
        seen.add(one)


def known(services: Set[str], named: Iterable[str], path: str, listed: bool = True) -> None:
    """Every service that is named there; `listed` where the place holds a list and not one name."""
    for i, service in enumerate(named):
        if service not in services:
            place = f"{path}/{i}" if listed else path
            raise SnapshotError("unknown_reference", place, f"there is no service “{service}”")


def known_keys(services: Set[str], named: Mapping[Any, object], path: str) -> None:
    """Every service that an object has a member for."""
    for service in named:
        if service not in services:
            raise SnapshotError(
                "unknown_reference", pointer(path, service), f"there is no service “{service}”"
            )


def _clerks(snapshot: Snapshot, services: set[ServiceId], windows: Mapping[WindowId, Window]) -> None:
    for c, clerk in enumerate(snapshot.clerks):
        at = f"/clerks/{c}"
        known_keys(services, clerk.pace, f"{at}/pace")
        known(services, clerk.mode, f"{at}/mode")
        if clerk.serving is not None:
            known(services, [clerk.serving], f"{at}/serving", listed=False)
        if clerk.window is not None:
            known_window(windows, clerk.window, f"{at}/window")


def known_window(windows: Container[str], window: str, path: str) -> None:
    if window not in windows:
        raise SnapshotError("unknown_reference", path, f"there is no window “{window}”")


def _lengths(snapshot: Snapshot) -> None:
    """`arrived` reaches up to the present slot, `forecast` and `foretold` from opening to closing."""
    whole_slots = (snapshot.close_s - snapshot.open_s) // snapshot.slot_s
    for name in ("forecast", "foretold"):
        for service, means in getattr(snapshot, name).items():
            if len(means) not in (whole_slots, snapshot.slots):
                must = f"must have one figure per slot: {snapshot.slots}"
                raise SnapshotError("wrong_length", pointer(f"/{name}", service), must)
    begun = (
        (snapshot.now_s - snapshot.open_s) // snapshot.slot_s + 1 if snapshot.now_s >= snapshot.open_s else 0
    )
    for service, counts in snapshot.arrived.items():
        if len(counts) not in (min(begun, whole_slots), min(begun, snapshot.slots)):
            raise SnapshotError(
                "wrong_length",
                pointer("/arrived", service),
                f"must have one count per slot begun so far: {min(begun, snapshot.slots)}",
            )


def _wishes(snapshot: Snapshot, services: set[ServiceId], windows: Mapping[WindowId, Window]) -> None:
    clerks = {c.id for c in snapshot.clerks}
    for name in ("pins", "committed", "refused"):
        for i, wish in enumerate(getattr(snapshot, name)):
            known_window(windows, wish.window, f"/{name}/{i}/window")
            known(services, wish.mode, f"/{name}/{i}/mode")
    for i, one in enumerate(snapshot.committed):
        if one.clerk is not None and one.clerk not in clerks:
            raise SnapshotError(
                "unknown_reference", f"/committed/{i}/clerk", f"there is no clerk “{one.clerk}”"
            )


def _pins(snapshot: Snapshot, windows: Mapping[WindowId, Window]) -> None:
    """A pin that breaks can, fixed_mode or max_families, or a second one for a window, is an error."""
    family = {s.id: s.family for s in snapshot.services}
    seen: set[WindowId] = set()
    for i, pin in enumerate(snapshot.pins):
        at = f"/pins/{i}"
        if pin.window in seen:
            raise SnapshotError("pin_conflict", f"{at}/window", f"“{pin.window}” has a pin already")
        seen.add(pin.window)
        _pin_fits(pin, windows[pin.window], f"{at}/mode")
        if len({family[s] for s in pin.mode}) > snapshot.rules.max_families:
            most = snapshot.rules.max_families
            raise SnapshotError("pin_conflict", f"{at}/mode", f"a mode may have at most {most} families")


def _pin_fits(pin: Pin, window: Window, path: str) -> None:
    for i, service in enumerate(pin.mode):
        if service not in window.can:
            allowed = ", ".join(sorted(window.can)) or "nothing"
            raise SnapshotError("pin_conflict", f"{path}/{i}", f"the window can: {allowed}")
    if pin.mode and not window.tidal and set(pin.mode) != set(window.fixed_mode):
        raise SnapshotError(
            "pin_conflict", path, f"the window's mode is fixed: {', '.join(window.fixed_mode) or 'none'}"
        )
