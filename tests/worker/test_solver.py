"""The solver's process: whatever happens to it, a plan that keeps the rules comes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from scheduler import fallback
from scheduler.check import faults
from scheduler.plan import Plan, Reason
from scheduler.snapshot import Snapshot
from scheduler.worker.solver import Solved, Solver, Stopped, _checked
from tests.scheduler.halls import clerk, document, service, waiting, window


@pytest.fixture
def solver() -> Iterator[Solver]:
    found = Solver()
    yield found
    found.close()


def snapshot(**changes: Any) -> dict[str, Any]:
    """A crowd for one service, and a second window idle beside it that could help."""
    return document(
        [service("social"), service("estate")],
        [window("W01", "social estate", "social"), window("W02", "social estate", "estate")],
        [clerk("c1", "social estate", "W01", "social"), clerk("c2", "social estate", "W02", "estate")],
        waiting=waiting("social", 20), **changes,
    )  # fmt: skip


def assert_valid(solved: Solved, asked: dict[str, Any]) -> None:
    assert faults(Snapshot.from_json(asked), Plan.from_json(solved.plan)) == []


def test_the_optimiser_plans(solver: Solver) -> None:
    asked = snapshot()
    solved = solver.plan(asked)
    assert solved.trouble is None
    assert solved.plan["status"] in ("optimal", "feasible")
    assert_valid(solved, asked)


@pytest.mark.parametrize("deadline_ms", [0, 1])
def test_a_deadline_of_a_millisecond_still_gives_a_valid_plan(solver: Solver, deadline_ms: int) -> None:
    asked = snapshot(deadline_ms=deadline_ms)
    solved = solver.plan(asked)
    assert solved.plan["status"] in ("fallback", "feasible")
    assert_valid(solved, asked)


def test_sentences_on_windows_that_stay_do_not_hold_the_plan_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred windows take seconds to speak of; the plan was killed for its sentences once."""
    monkeypatch.setattr("scheduler.worker.solver.STAYS_S", 0.2)
    asked = document(
        [service("social")],
        [window(f"W{n}", "social", "social", tidal=n == 9) for n in range(10)],
        [clerk("c1", "social", "W1", "social")],
    )

    def slow(_snapshot: Snapshot, _plan: Plan, _window: str) -> Reason:
        time.sleep(0.15)
        return Reason("先不变", "it stays")

    solved = _checked(fallback.plan, slow, Snapshot.from_json(asked))
    assert isinstance(solved, Solved)
    assert 1 <= len(solved.stays) <= 3
    assert "W9" in solved.stays, "tidal windows first"


def test_a_killed_solver_is_fallen_back_from_and_started_again(solver: Solver) -> None:
    asked = snapshot()
    solver.plan(asked)
    assert solver._process is not None and solver._process.pid is not None
    os.kill(solver._process.pid, signal.SIGKILL)
    solver._process.join()
    again = solver.plan(asked)
    assert_valid(again, asked)
    assert again.trouble is None, "a dead process is noticed and replaced before it is asked"


@pytest.mark.parametrize("is_up", [False, True])
def test_ctrl_c_is_the_workers_affair(solver: Solver, capfd: pytest.CaptureFixture[str], is_up: bool) -> None:
    """The terminal tells every process; a solver that ends by it says so over two screens of traceback."""
    asked = snapshot()
    if is_up:
        solver.plan(asked)
    else:
        solver._start()
    assert solver._process is not None and solver._process.pid is not None
    os.kill(solver._process.pid, signal.SIGINT)
    assert solver.plan(asked).trouble is None
    assert capfd.readouterr().err == ""


def test_a_solver_that_hangs_is_killed_in_time(solver: Solver) -> None:
    asked = snapshot(deadline_ms=100)
    solver.plan(asked)
    assert solver._process is not None and solver._process.pid is not None
    os.kill(solver._process.pid, signal.SIGSTOP)
    began = time.monotonic()
    solved = solver.plan(asked)
    assert time.monotonic() - began < 10
    assert (solved.trouble, solved.plan["status"]) == ("deadline", "fallback")
    assert_valid(solved, asked)


def test_a_worker_that_ends_waits_for_no_plan(solver: Solver) -> None:
    asked = snapshot(deadline_ms=60_000)
    solver.plan(asked)
    assert solver._process is not None and solver._process.pid is not None
    os.kill(solver._process.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as rounds:
        under_way = rounds.submit(solver.plan, asked)
        with pytest.raises(TimeoutError):
            under_way.result(timeout=0.5)
        solver.stop()
        with pytest.raises(Stopped):
            under_way.result(timeout=10)
    with pytest.raises(Stopped):
        solver.plan(asked)


def test_a_plan_that_breaks_a_rule_never_leaves_the_process() -> None:
    asked = Snapshot.from_json(snapshot())

    def careless(one: Snapshot) -> Plan:
        from scheduler import fallback

        whole = fallback.plan(one).to_json()
        whole["posts"][0]["mode"] = ["passport"]
        return Plan.from_json(whole)

    told = _checked(careless, None, asked)
    assert isinstance(told, str) and told.startswith("breaks a rule")
