"""`tidehall serve` as a process of its own, as a hall runs it: started, killed, started again."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psutil
import requests

from tests.ports import free_port

START_S = 90.0  # on a machine that is doing other things
STOP_S = 15.0
ROOT = Path(__file__).resolve().parent.parent


def _command(process: psutil.Process) -> str:
    """Empty for one that has ended, or was killed and whose parent has not heard of it yet."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a ZombieProcess is one, too
        return ""


class Served:
    """A served database between `with` and the end of its block; `url` is where its pages are.

    The port stays the same through `kill` and `start`, as screens and kiosks expect.
    """

    def __init__(self, database_url: str, *options: str) -> None:
        self.database_url, self.options = database_url, options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the server, read when it fails

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._log.close()

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "hall.cli", "serve", "--database", self.database_url]
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port), *self.options],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                requests.get(f"{self.url}/healthz", timeout=1).raise_for_status()
            except requests.RequestException:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"the server did not start:\n{self.said()}")

    def said(self) -> str:
        """Everything the server has printed."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def children(self) -> list[psutil.Process]:
        """The processes it has started, the worker and the solver among them."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def worker(self) -> psutil.Process | None:
        """The worker's process, when there is one."""
        return next((p for p in self.children() if "scheduler.worker" in _command(p)), None)

    def kill(self) -> None:
        """kill -9 of the web process and of all it started, at whatever they are doing."""
        doomed = self.children()
        self.process.send_signal(signal.SIGKILL)
        for child in doomed:
            with _gone_is_fine():
                child.kill()
        self.process.wait()
        psutil.wait_procs(doomed, STOP_S)

    def stop(self) -> None:
        """End it as an operator does. Nothing it started may stay behind."""
        started = self.children()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(STOP_S)
        _, left = psutil.wait_procs(started, STOP_S)
        for child in left:
            child.kill()
        assert not left, f"left behind: {left}\n{self.said()}"


@contextmanager
def _gone_is_fine() -> Iterator[None]:
    try:
        yield
    except psutil.NoSuchProcess:
        return


def token(database_url: str, hall: str, role: str, clerk: str | None = None) -> str:
    """A bearer token, made by the command that an operator uses."""
    command = [sys.executable, "-m", "hall.cli", "token", "--database", database_url]
    command += ["--hall", hall, "--role", role, *(["--clerk", clerk] if clerk else [])]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return made.stdout.strip().splitlines()[-1]
