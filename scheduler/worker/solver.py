"""The solver's own process, with a hard deadline. Only there is OR-Tools imported.

Solving inside the worker would hold its thread for the whole solve; a native call cannot be stopped, a
process can. Whatever happens, a checked plan comes back: the optimiser's or the fallback rule's.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from hall.core.names import WindowId
from scheduler import fallback
from scheduler.check import faults
from scheduler.plan import Plan, Reason
from scheduler.snapshot import Snapshot

STAYS_S = (
    1.5  # for the sentences on windows that stay; within the grace, or the plan would be killed for them
)
GRACE_S = 3.0  # past the deadline by this much the process is killed
START_S = 10.0  # more for a process that has just been started: it imports the solver first

WhyNot = Callable[[Snapshot, Plan, WindowId], Reason]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan as JSON, and why it is not the optimiser's (None when it is).

    `stays`: for each window that does not flip, why not, in both languages; empty unless asked for.
    """

    plan: dict[str, Any]
    trouble: str | None = None
    stays: dict[str, dict[str, str]] = field(default_factory=dict)


class Stopped(Exception):
    """The worker is ending; nobody waits for this plan any more."""


class Solver:
    """One spawned process that plans; started when first needed, killed when it overruns."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self._is_stopped = False

    def plan(self, snapshot: dict[str, Any], *, with_stays: bool = False) -> Solved:
        """Plan a snapshot within its deadline_ms plus GRACE_S of real time; never raises for a bad solve.

        Raises Stopped, and that at once, when another thread calls `stop`.
        """
        patience_s = snapshot["deadline_ms"] / 1000 + GRACE_S
        if self._process is None or not self._process.is_alive():
            self._start()
            patience_s += START_S
        assert self._line is not None
        if self._is_stopped:
            raise Stopped
        try:
            self._line.send((snapshot, with_stays))
            if not self._line.poll(patience_s):
                return self._fall_back(snapshot, "deadline")
            answer = self._line.recv()
        except (EOFError, OSError):
            return self._fall_back(snapshot, "solver died")
        if isinstance(answer, Solved):
            return answer
        return self._fall_back(snapshot, answer)

    def stop(self) -> None:
        """End the plan under way and refuse all others. Safe in any thread and in a signal's handler."""
        self._is_stopped = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Kill the solver's process, whatever it is doing. Not while another thread plans: see `stop`."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None

    def _start(self) -> None:
        self.close()
        context = get_context("spawn")
        self._line, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True, name="tidehall-solver")
        # Ctrl-C tells every process of the terminal; this one ends when the worker does. A child starts with
        # its maker's mask, so that not even its first imports are disturbed.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        process.start()
        self._process = process
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()

    def _fall_back(self, snapshot: dict[str, Any], trouble: str) -> Solved:
        if self._is_stopped:
            raise Stopped
        log.warning("solver gave no plan", extra={"trouble": trouble})
        self.close()
        return Solved(fallback.plan(Snapshot.from_json(snapshot)).to_json(), trouble)


def _serve(line: Connection) -> None:
    """What the solver's process runs: snapshots in, plans out, until the worker hangs up."""
    from scheduler import model  # imported here so that the worker itself stays small

    while True:
        try:
            told, with_stays = line.recv()
        except EOFError:
            return
        try:
            line.send(_checked(model.solve, model.why_not if with_stays else None, Snapshot.from_json(told)))
        except Exception as error:  # the rim of the process: the worker is told, and falls back
            log.exception("solver failed")
            line.send(f"{type(error).__name__}: {error}")


def _checked(solve: Callable[[Snapshot], Plan], why_not: WhyNot | None, snapshot: Snapshot) -> Solved | str:
    """The plan, or which rule it breaks: no plan reaches the hall unchecked."""
    plan = solve(snapshot)
    if broken := faults(snapshot, plan):
        return f"breaks a rule: {broken[0]}"
    return Solved(plan.to_json(), stays=_stays(why_not, snapshot, plan) if why_not else {})


def _stays(why_not: WhyNot, snapshot: Snapshot, plan: Plan) -> dict[str, dict[str, str]]:
    """Why each other window stays as it is, for as many as STAYS_S allows; tidal ones first.

    Asked here, where the plan's own snapshot still is.
    """
    flipping, end_s = {flip.window for flip in plan.flips}, time.monotonic() + STAYS_S
    found: dict[str, dict[str, str]] = {}
    for window in sorted(snapshot.windows, key=lambda w: not w.tidal):
        if time.monotonic() > end_s:  # in a large hall: the plan must not come late for its sentences
            log.info("windows without a reason", extra={"windows": len(snapshot.windows) - len(found)})
            break
        if window.id in flipping:
            continue
        try:
            found[window.id] = asdict(why_not(snapshot, plan, window.id))
        except Exception:  # a sentence that fails must not cost the hall its plan
            log.exception("no reason for a window that stays", extra={"window": window.id})
    return found
