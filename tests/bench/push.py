"""From the press of "next" to the last screen, and what so many screens weigh."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.hands import Hand
from tests.bench.row import Row, ms, share, spread
from tests.bench.site import Served, prepare

PRESSES = 40
WARM = 3
PAUSE_S = {200: 0.15, 2000: 0.6}  # between presses: longer than the slowest aim, so that none meets another
FEW, MANY = PAUSE_S
SETTLE_S = 1.0


def to_screens(folder: Path) -> Iterator[Row]:
    """Press to screen and memory, on SQLite."""
    url = f"sqlite:///{folder}/push.sqlite"
    prepare(url)
    with Served(url) as site:
        yield Row("start to first answer", f"{site.start_s:.2f} s", "2.0 s", "1.2 s")
        yield Row("memory started", f"{site.memory_mb():.0f} MB", "120 MB", "90 MB")
        clerk = _clerk_with_a_line(site)
        ping = _ping(site)
        yield _press(site, clerk, FEW, ping, "p99 60 ms", "p99 30 ms")
        yield _press(site, clerk, MANY, ping, "p99 400 ms", "p99 150 ms")


def _clerk_with_a_line(site: Served) -> Hand:
    kiosk, clerk = Hand(site.port, "kiosk"), Hand(site.port, "c1")
    for _ in range(2 * (PRESSES + WARM)):
        kiosk.post("/halls/town/tickets", service="s0")
    kiosk.close()
    clerk.post("/halls/town/windows/W01/sign-in")
    return clerk


def _press(site: Served, clerk: Hand, count: int, ping: str, must: str, aim: str) -> Row:
    with screens(site.port, count) as told:
        pressed = {}
        for _ in range(PRESSES + WARM):
            began = time.monotonic()
            status, answer = clerk.post("/halls/town/windows/W01/call-next", finish=True)
            assert status == 200
            pressed[answer["call"]["id"]] = began
            time.sleep(PAUSE_S[count])
        time.sleep(SETTLE_S)
        arrived = told()
        memory = site.memory_mb()
    measured = list(pressed.items())[WARM:]
    taken = [at - began for call, began in measured for at in arrived.get(call, [])]
    lost = PRESSES * count - len(taken)
    last = [max(arrived[call]) - began for call, began in measured]
    found = f"{spread(taken)}; last screen p50 {ms(share(last, 0.5))}; {lost} lost; {memory:.0f} MB"
    return Row(f"press “next” to {count} screens", found, must, aim, ping)


@contextmanager
def screens(port: int, count: int) -> Iterator[Any]:
    """So many joined screens; the value called gives `{call: [arrivals]}`."""
    command = [sys.executable, "-m", "tests.bench.screens", str(port), str(count)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the screens did not all join")

        def told() -> dict[str, list[float]]:
            print("tell", file=process.stdin, flush=True)
            found: dict[str, list[float]] = json.loads(process.stdout.readline())  # type: ignore[union-attr]  # piped
            return found

        yield told
    finally:
        process.kill()
        process.wait()


def _ping(site: Served) -> str:
    hand, taken = Hand(site.port), []
    for _ in range(200):
        began = time.monotonic()
        hand.ask("GET", "/healthz")
        taken.append(time.monotonic() - began)
    hand.close()
    return f"bare ping {spread(taken)}"
