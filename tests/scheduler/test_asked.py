"""“Why not window 7?”: the answer is true, whatever holds the window."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scheduler import model
from scheduler.plan import Reason
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import clerk, two_lines
from tests.scheduler.strange import strange

DAY_MS = 2_400  # as long as may be without asking for a line-up, so that a busy machine changes nothing


def why_not(told: dict[str, Any], window_id: str) -> Reason:
    hall = Snapshot.from_json(told)
    return model.why_not(hall, model.solve(hall), window_id)


def pair(**changes: Any) -> dict[str, Any]:
    """Two windows and their clerks, all of whom can do both; a crowd for a at the first."""
    told = two_lines(**changes)
    told["windows"][2]["open"] = False
    told["clerks"][1]["breaks"] = []
    return told


def agreed(mode: str, at_s: int, who: str | None = "c2") -> list[dict[str, Any]]:
    return [{"window": "W2", "mode": mode.split(), "clerk": who, "at_s": at_s}]


def test_a_flip_of_the_planners_own_is_not_called_agreed() -> None:
    told = pair(committed=agreed("b", 36_000, "c3"))
    told["clerks"].append(clerk("c3", "b", status="off"))
    hall = Snapshot.from_json(told)
    plan = model.solve(hall)
    assert [(f.window, d.window) for f, d in zip(plan.flips, plan.dropped, strict=True)] == [("W2", "W2")]
    assert "agreed" not in model.why_not(hall, plan, "W2").en


def test_a_flip_that_no_floor_needs_is_not_said_to_keep_one() -> None:
    hall = replace(strange(5_000_659), deadline_ms=DAY_MS)
    plan = model.solve(hall)
    assert "W4" in {f.window for f in plan.flips}
    assert "least number" not in model.why_not(hall, plan, "W4").en
