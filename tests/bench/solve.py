"""How long a plan takes, from the line read to the line written, through the real `tidehall plan`."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import psutil

from scheduler import fallback
from scheduler.plan import Plan
from scheduler.replay.day import simulate
from scheduler.replay.layout import layout
from scheduler.replay.tidal import Tidal
from scheduler.replay.visitors import draw
from scheduler.snapshot import Snapshot
from tests.bench.plans.halls import hall
from tests.bench.row import Row, ms, share

MOMENTS = 40  # of one day, evenly spread
WARM_UP = 2  # lines before the clock counts: OR-Tools loads its parts


def solves(_folder: Path) -> Iterable[Row]:
    """DESIGN §7: a plan to 1 % of the bound, whole call, P95."""
    yield _row("60 windows, 30 services, 40 clerks", "district", "250 ms", "100 ms")
    yield _row("300 windows, 60 services, 200 clerks", "city", "1500 ms", "700 ms")


def _row(what: str, shape: str, must: str, aim: str) -> Row:
    lines = moments(shape)
    took, plans, memory = stream(lines)
    simple, _, _ = stream(lines, "--fallback")
    close = sum(p["gap"] is not None and p["gap"] <= 0.01 for p in plans)
    found = f"p50 {ms(statistics.median(took))}, P95 {ms(share(took, 0.95))}; {close} of {len(plans)} to 1 %"
    return Row(f"plan, {what}", f"{found}; {memory}", must, aim, f"fallback P95 {ms(share(simple, 0.95))}")


def moments(shape: str) -> list[str]:
    """Snapshots of one simulated day under the fallback."""
    seen: list[Snapshot] = []

    def planner(snapshot: Snapshot) -> Plan:
        seen.append(snapshot)
        return fallback.plan(snapshot)

    scenario = hall(shape, 901)
    simulate(layout(scenario), draw(scenario, 5, 0), Tidal(planner))
    step = max(1, len(seen) // MOMENTS)
    return [json.dumps(snapshot.to_json()) for snapshot in seen[1::step]]


def stream(lines: Sequence[str], *words: str) -> tuple[list[float], list[dict[str, Any]], str]:
    """Seconds per line, the plans, and how the process's memory grew from first to last."""
    command = [sys.executable, "-m", "hall.cli", "plan", *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        took, plans, memory = [], [], []
        for line in (*lines[:WARM_UP], *lines):
            begun = time.perf_counter()
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            took.append(time.perf_counter() - begun)
            plans.append(json.loads(answer))
            memory.append(psutil.Process(process.pid).memory_info().rss / 2**20)
        process.stdin.close()
    grown = f"{memory[WARM_UP]:.0f} to {memory[-1]:.0f} MB"
    return took[WARM_UP:], plans[WARM_UP:], grown
