"""How calm the web process stays while others work: a plan being solved, another process holding the lock."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from tests.bench.hands import Hand
from tests.bench.row import Row, ms, share, spread
from tests.bench.site import Served, prepare
from tests.bench.solve import moments

SECONDS = 4.0
PAUSE_S = 0.005  # between two looks, so that the looking itself is no load
HELD_S = 1.0
IMPORTED_S = 3.0  # until the solver has loaded its parts


def beside_others(folder: Path) -> Iterator[Row]:
    """Other requests' delay, and a press's wait, on SQLite."""
    url = f"sqlite:///{folder}/calm.sqlite"
    prepare(url)
    with Served(url) as site:
        alone = _looks(site, SECONDS)
        with _solving():
            beside = _looks(site, SECONDS)
        found = f"p99 {ms(share(beside, 0.99) - share(alone, 0.99))} more ({spread(beside)})"
        yield Row("requests while a plan is solved", found, "30 ms", "15 ms", f"alone {spread(alone)}")
        yield _locked(site, folder / "calm.sqlite")


def _looks(site: Served, seconds: float) -> list[float]:
    """The seconds that reading the hall's board takes, again and again."""
    hand, taken, end = Hand(site.port), [], time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        assert hand.ask("GET", "/api/v1/halls/town/boards/hall")[0] == 200
        taken.append(time.monotonic() - began)
        time.sleep(PAUSE_S)
    hand.close()
    return taken


@contextmanager
def _solving() -> Iterator[None]:
    """The solver at work in a process of its own, plan after plan, until the end of the block."""
    lines = moments("district")
    command = [sys.executable, "-m", "hall.cli", "plan"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    over = threading.Event()

    def feed() -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in cycle(lines):
            if over.is_set():
                return
            print(line, file=process.stdin, flush=True)
            process.stdout.readline()

    feeder = threading.Thread(target=feed)
    feeder.start()
    time.sleep(IMPORTED_S)
    try:
        yield
    finally:
        over.set()
        feeder.join()
        process.communicate()


def _locked(site: Served, database: Path) -> Row:
    """A press while another process holds SQLite's lock, and what looks cost meanwhile."""
    waited: list[float] = []

    def press() -> None:
        hand, began = Hand(site.port, "kiosk"), time.monotonic()
        assert hand.post("/halls/town/tickets", service="s0")[0] == 201
        waited.append(time.monotonic() - began)
        hand.close()

    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    presser = threading.Thread(target=press)
    presser.start()
    looks = _looks(site, HELD_S)
    other.execute("COMMIT")
    presser.join()
    other.close()
    found = f"the press waited {ms(waited[0])}; looks meanwhile {spread(looks)}"
    return Row(f"another process holds the lock {HELD_S:.0f} s", found, "looks p99 30 ms", "15 ms")
