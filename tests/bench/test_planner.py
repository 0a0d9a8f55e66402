"""The bench's planner: patient with a busy machine, and it says which plans the clock cut all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scheduler import fallback
from scheduler.plan import Plan
from scheduler.replay.tidal import DAY_MS, LINE_UP_MS
from scheduler.snapshot import Snapshot
from tests.bench.plans import kept, lived, planner
from tests.bench.plans.days import day
from tests.bench.plans.halls import hall
from tests.bench.plans.planner import PATIENCE, TOOK, is_cut, patient, said
from tests.bench.plans.rules import TIDAL
from tests.scheduler.halls import OPEN_S, clerk, document, service, window

SEEN = Snapshot.from_json(document([service("a")], [window("w", "a")], [clerk("li", "a")]))
SCENARIO = day(hall("town", 5), "normal", 3)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FOLDER", tmp_path)


@pytest.mark.parametrize("deadline_ms", [DAY_MS, LINE_UP_MS])
def test_patience_multiplies_the_time_of_plans_and_line_ups(deadline_ms: int) -> None:
    seen = replace(SEEN, deadline_ms=deadline_ms)
    assert patient(seen) == replace(seen, deadline_ms=PATIENCE * deadline_ms)


def test_patience_that_would_make_a_line_up_of_a_plan_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "PATIENCE", 7)
    with pytest.raises(ValueError, match="PATIENCE 7"):
        patient(replace(SEEN, deadline_ms=DAY_MS))


def test_a_line_up_limit_that_comes_down_to_a_plans_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.model.LINEUP_S", 3.0)
    with pytest.raises(ValueError, match="line-up"):
        patient(replace(SEEN, deadline_ms=DAY_MS))


@pytest.mark.parametrize(
    ("solve_ms", "cut", "late"),
    [(0.0, False, False), (799.0, False, False), (801.0, False, True), (4_001.0, True, True)],
)
def test_every_plan_that_takes_all_its_time_is_counted(
    solve_ms: float, cut: bool, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fallback stands in for the optimiser: what counts is how long it says it took."""

    def slow(seen: Snapshot) -> Plan:
        is_plan = seen.now_s > seen.open_s
        return replace(fallback.plan(seen), solve_ms=solve_ms if is_plan else 0.0)

    monkeypatch.setattr(planner, "planned", slow)
    found = lived.lived(SCENARIO, 3, 0, TIDAL)
    plans = found["plans"] - 1  # the line-up took no time
    assert plans > 50
    assert (found["plans_cut"], found["plans_late"]) == (plans * cut, plans * late)
    assert {"mean_s", "p95_s"} <= found.keys()


def test_a_line_up_is_cut_by_its_own_longer_limit() -> None:
    found = fallback.plan(SEEN)
    assert is_cut(replace(found, solve_ms=16_000.0), LINE_UP_MS)
    assert not is_cut(replace(found, solve_ms=15_999.0), LINE_UP_MS)


def test_what_is_said_of_plans_is_their_sum_over_days() -> None:
    days = [dict(zip(TOOK, (100.0, 1.0, 3.0), strict=True)), dict(zip(TOOK, (90.0, 0.0, 2.0), strict=True))]
    assert said(days).startswith("190 plans of the tidal policy: 1 cut by the clock; 5 took longer")


def test_the_same_line_up_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Snapshot] = []

    def counting(seen: Snapshot) -> Plan:
        made.append(seen)
        return fallback.plan(seen)

    monkeypatch.setattr(planner, "planned", counting)
    opening = replace(SEEN, now_s=OPEN_S)
    assert planner.plan(opening) == planner.plan(opening)
    assert len(made) == 1
    planner.plan(replace(opening, seed=opening.seed + 1))
    assert len(made) == 2
