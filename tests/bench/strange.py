"""`python -m tests.bench.strange`: ten thousand random halls through one `tidehall plan`, every plan checked.

Absurd halls are among them (tests/scheduler/strange.py). Says how many were solved, how long that took and
how the process's memory grew. Exit status 1 when a plan broke a rule.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import Counter

import psutil
from rich.console import Console
from rich.progress import track
from rich.table import Table

from scheduler.check import faults
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot
from tests.bench.row import share
from tests.scheduler.strange import strange_document

FIRST_SEED = 1_000_000  # far from those of the tests
WARM = 1_000  # halls before memory is read the first time


def main() -> int:
    """Plan, check, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.strange", description=__doc__)
    parser.add_argument("--halls", type=int, default=10_000)
    halls = parser.parse_args().halls
    states: Counter[str] = Counter()
    broken: list[str] = []
    took: list[float] = []
    memory_mb: list[float] = []
    command = [sys.executable, "-m", "hall.cli", "plan"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for number in track(range(halls), "planning strange halls", console=Console(stderr=True)):
            told = strange_document(FIRST_SEED + number)
            begun = time.perf_counter()
            process.stdin.write(json.dumps(told).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            took.append(time.perf_counter() - begun)
            plan = Plan.from_json(answer)
            states[plan.status] += 1
            broken += [f"{FIRST_SEED + number}: {fault}" for fault in faults(Snapshot.from_json(told), plan)]
            if number in (min(WARM, halls - 1), halls - 1):
                memory_mb.append(psutil.Process(process.pid).memory_info().rss / 2**20)
        process.stdin.close()
    Console(width=150).print(_table(states, broken, took, memory_mb))
    return 1 if broken else 0


def _table(states: Counter[str], broken: list[str], took: list[float], memory_mb: list[float]) -> Table:
    table = Table(title=f"{states.total()} strange halls through one tidehall plan")
    table.add_column("what")
    table.add_column("found")
    table.add_row("plans that broke a rule", f"{len(broken)} {'; '.join(broken[:5])}")
    for status in ("optimal", "feasible", "fallback"):
        table.add_row(status, str(states[status]))
    table.add_row(
        "whole call", f"p50 {1000 * share(took, 0.5):.0f} ms, P95 {1000 * share(took, 0.95):.0f} ms"
    )
    table.add_row(
        "memory after the first thousand, at the end", " / ".join(f"{mb:.0f} MB" for mb in memory_mb)
    )
    return table


if __name__ == "__main__":
    sys.exit(main())
