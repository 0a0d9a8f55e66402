"""`python -m tests.bench.strange`: ten thousand random halls through one `tidehall plan`, every plan checked.

Absurd halls are among them (tests/scheduler/strange.py). Says how many were solved, how long that took and
how the process's memory grew. Can be stopped at any moment: what is done is kept in .bench/plans, five
hundred halls at a time, and read again while the planner's code stands unchanged. Exit status 1 when a plan
broke a rule.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table

from scheduler.check import faults
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot
from tests.bench.plans.kept import PLANNER, Kept, fingerprint
from tests.bench.row import share
from tests.scheduler.strange import strange_document

FIRST_SEED = 1_000_000  # far from those of the tests
PART = 500  # halls that are kept together
WARM = 1_000  # halls before a process's memory is taken as its own
MADE_BY = (*PLANNER, "tests/scheduler/strange.py")

Part = dict[str, Any]  # states {status: count}, broken [text], took [s], lines (of the process so far), mb


class Stream:
    """One `tidehall plan`, started when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.lines = 0

    def plan(self, told: dict[str, Any]) -> Plan:
        if self._process is None:
            command = [sys.executable, "-m", "hall.cli", "plan"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(told).encode() + b"\n")
        self._process.stdin.flush()
        self.lines += 1
        return Plan.from_json(json.loads(self._process.stdout.readline()))

    def memory_mb(self) -> float:
        assert self._process is not None
        return float(psutil.Process(self._process.pid).memory_info().rss) / 2**20

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()


def main() -> int:
    """Plan, check, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.strange", description=__doc__)
    parser.add_argument("--halls", type=int, default=10_000)
    halls = parser.parse_args().halls
    stream = Stream()
    try:
        firsts = range(0, halls, PART)
        parts = [_part(stream, first, min(PART, halls - first)) for first in _shown(firsts, halls)]
    finally:
        stream.close()
    Console(width=150).print(_table(parts))
    return 1 if any(part["broken"] for part in parts) else 0


def _shown(firsts: range, halls: int) -> Iterator[int]:
    yield from track(firsts, f"planning {halls} strange halls", console=Console(stderr=True))


def _part(stream: Stream, first: int, count: int) -> Part:
    """Some halls, planned and checked now, or as an earlier run found them."""
    kept = Kept("strange")
    key = (fingerprint(MADE_BY), first, count)
    found: Part | None = kept.get(key)
    if found is None:
        found = _planned(stream, range(FIRST_SEED + first, FIRST_SEED + first + count))
        kept.put(key, found)
    return found


def _planned(stream: Stream, seeds: range) -> Part:
    states: Counter[str] = Counter()
    broken, took = [], []
    for seed in seeds:
        told = strange_document(seed)
        begun = time.perf_counter()
        plan = stream.plan(told)
        took.append(time.perf_counter() - begun)
        states[plan.status] += 1
        broken += [f"{seed}: {fault}" for fault in faults(Snapshot.from_json(told), plan)]
    return {"states": states, "broken": broken, "took": took, "lines": stream.lines, "mb": stream.memory_mb()}


def _table(parts: list[Part]) -> Table:
    states: Counter[str] = sum((Counter(part["states"]) for part in parts), Counter())
    broken = [fault for part in parts for fault in part["broken"]]
    took = [seconds for part in parts for seconds in part["took"]]
    warm = sorted((part["lines"], part["mb"]) for part in parts if part["lines"] >= WARM)
    table = Table(title=f"{states.total()} strange halls through tidehall plan")
    table.add_column("what")
    table.add_column("found")
    table.add_row("plans that broke a rule", f"{len(broken)} {'; '.join(broken[:5])}")
    for status in ("optimal", "feasible", "fallback"):
        table.add_row(status, str(states[status]))
    table.add_row(
        "whole call", f"p50 {1000 * share(took, 0.5):.0f} ms, P95 {1000 * share(took, 0.95):.0f} ms"
    )
    if warm:
        ends = " / ".join(f"{mb:.0f} MB after {lines} lines" for lines, mb in (warm[0], warm[-1]))
        table.add_row("memory of one process", ends)
    return table


if __name__ == "__main__":
    sys.exit(main())
