"""Builders of snapshots for the scheduler's tests: a small hall with sensible defaults, as JSON."""

from __future__ import annotations

from typing import Any

from scheduler.snapshot import Snapshot

OPEN_S, CLOSE_S, SLOT_S = 30_600, 63_000, 900
SLOTS = (CLOSE_S - OPEN_S) // SLOT_S


def service(id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": id, "family": id, "service_s": 600, "scv": 0.4, "target_wait_s": 900, "weight": 1.0, "floor": 0,
    } | changes  # fmt: skip


def window(id: str, can: str, mode: str = "", **changes: Any) -> dict[str, Any]:
    """`can` and `mode` are names of services with blanks between."""
    return {
        "id": id, "can": can.split(), "tidal": True, "fixed_mode": [], "mode": mode.split(),
        "mode_since_s": OPEN_S, "flips_today": 0, "open": True,
    } | changes  # fmt: skip


def clerk(id: str, can: str, at: str | None = None, mode: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "id": id, "pace": dict.fromkeys(can.split(), 1.0), "start_s": OPEN_S, "end_s": CLOSE_S,
        "status": "idle", "window": at, "mode": mode.split(), "serving": None, "serving_for_s": 0,
        "until_s": None, "breaks": [],
    } | changes  # fmt: skip


def pause(**changes: Any) -> dict[str, Any]:
    return {
        "earliest_s": 41_400, "latest_s": 46_800, "length_s": 3600, "start_s": 43_200, "taken": False,
    } | changes  # fmt: skip


def waiting(service: str, count: int, since_s: int = 35_000) -> list[dict[str, Any]]:
    return [
        {"service": service, "since_s": since_s + 20 * i, "booked_s": None, "class": "normal"}
        for i in range(count)
    ]


def document(
    services: list[dict[str, Any]],
    windows: list[dict[str, Any]],
    clerks: list[dict[str, Any]],
    now_s: int = 36_300,
    **changes: Any,
) -> dict[str, Any]:
    """A whole snapshot as JSON; `rules` may name only what differs."""
    names = [s["id"] for s in services]
    begun = max(0, min(SLOTS, (now_s - OPEN_S) // SLOT_S + 1))
    rules = {
        "setup_s": 240, "move_s": 180, "changeover_s": 30, "max_families": 2, "min_dwell_s": 1200,
        "replan_s": 300, "max_flips_per_window": 6,
    } | changes.pop("rules", {})  # fmt: skip
    return {
        "format": "tidehall.snapshot/1", "hall": "h", "day": "2026-03-02", "zone": "Asia/Shanghai",
        "now_s": now_s, "open_s": OPEN_S, "close_s": CLOSE_S, "slot_s": SLOT_S, "services": services,
        "windows": windows, "clerks": clerks, "waiting": [], "booked": [],
        "arrived": {s: [1] * begun for s in names}, "forecast": {s: [1.0] * SLOTS for s in names},
        "handled": {s: {"count": 0, "total_s": 0} for s in names}, "rules": rules, "pins": [],
        "committed": [], "refused": [], "seed": 1, "deadline_ms": 5000,
    } | changes  # fmt: skip


def snapshot(*args: Any, **changes: Any) -> Snapshot:
    return Snapshot.from_json(document(*args, **changes))


def two_lines(**changes: Any) -> dict[str, Any]:
    """A crowd for a, nobody for b, a clerk at each who knows both."""
    return document(
        [service("a"), service("b")],
        [window("W1", "a b", "a"), window("W2", "a b", "b"), window("W3", "a b")],
        [clerk("c1", "a b", "W1", "a"), clerk("c2", "a b", "W2", "b", breaks=[pause()])],
        waiting=waiting("a", 25),
        forecast={"a": [3.0] * 36, "b": [0.3] * 36},
        **changes,
    )
