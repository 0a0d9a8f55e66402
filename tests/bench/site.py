"""A hall for measuring: six services, eight windows, served by `tidehall web` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Self

import psutil
from sqlalchemy import update

from hall.store.tables import Hall
from tests.bench.hands import Hand
from tests.builders import NINE, make_hall
from tests.web.served import add_tokens

WINDOWS = 8
START_S = 20.0
SERVICES = {f"s{n}": f"family{n // 2}" for n in range(6)}


def prepare(url: str) -> None:
    """Make the hall, with its clock at nine in the morning now, so that it is open at any hour."""
    world = make_hall(url, services=SERVICES, windows=WINDOWS)
    add_tokens(world, WINDOWS)
    with world.db.change() as session:
        session.execute(update(Hall).values(pace_real_at=datetime.now(UTC), pace_hall_at=NINE))
    world.db.close()


class Served:
    """The web process between `with` and the end of its block; `start_s` is the time to its first answer."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> Self:
        began = time.monotonic()
        command = [sys.executable, "-m", "hall.cli", "web", "--database", self._url, "--port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = self._told_port()
        hand = Hand(self.port)
        assert hand.ask("GET", "/healthz")[0] == 200
        self.start_s = time.monotonic() - began
        hand.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def memory_mb(self) -> float:
        """Resident memory of the web process now."""
        return float(psutil.Process(self._process.pid).memory_info().rss) / 2**20

    @property
    def pid(self) -> int:
        return self._process.pid

    def _told_port(self) -> int:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        address = line.partition("http://")[2].partition("/")[0]
        if not address:
            raise RuntimeError(f"the server said: {line}")
        return int(address.rpartition(":")[2])
