"""Plans for tests: what a scheduler might have said, in its own format."""

from __future__ import annotations

from typing import Any


def plan_with_flip(
    window: str, before: list[str], to: list[str], *, at_s: int, clerk: str = "c1", now_s: int = 32400
) -> dict[str, Any]:
    """A plan that flips one window at a second of the day; 90 minutes gained for 20 lost."""
    return {
        "format": "tidehall.plan/1", "hall": "town", "day": "2026-03-02", "now_s": now_s,
        "status": "optimal", "gap": 0.004, "solve_ms": 41.0,
        "posts": [
            {"clerk": clerk, "window": window, "mode": before, "from_s": now_s, "to_s": at_s},
            {"clerk": clerk, "window": window, "mode": to, "from_s": at_s, "to_s": at_s + 5400},
        ],
        "breaks": [{"clerk": clerk, "index": 0, "start_s": 43200}],
        "standby": [],
        "flips": [
            {
                "window": window, "at_s": at_s, "from": before, "to": to, "clerk": clerk, "gain_s": 5400,
                "cost_s": 1200, "givers": before,
                "reason": {
                    "zh": "社保 10:30 起预计等候 34 分钟，房产只需 6 分钟。",
                    "en": "From 10:30 social is expected to wait 34 minutes, estate only 6.",
                },
            }
        ] if before != to else [],
        "expected": {
            service: {"from_s": now_s, "slot_s": 900, "wait_s": [300, 720, 1300, 900]}
            for service in sorted({*before, *to})
        },
        "unmet": [], "dropped": [],
    }  # fmt: skip
