"""A private Redis on a free port of loopback, keeping nothing, gone at the end."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from typing import Self

import redis

from tests.ports import free_port

START_S = 10.0
ATTEMPTS = 5  # another process may take a free port before the server binds it


class Redis:
    """A running server between `with` and the end of its block; `url` is its address."""

    def __enter__(self) -> Self:
        self.folder = tempfile.mkdtemp(prefix="tidehall-redis-")
        for _ in range(ATTEMPTS):
            self._launch(free_port())
            if self._answers():
                return self
            self._stop()
        self.__exit__()
        raise RuntimeError("Redis did not start")

    def __exit__(self, *_: object) -> None:
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self, port: int) -> None:
        program = shutil.which("redis-server")
        if not program:
            raise RuntimeError("redis-server is not here: `make test` installs it")
        self.url = f"redis://127.0.0.1:{port}/0"
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            [program, *options], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _answers(self) -> bool:
        end = time.monotonic() + START_S
        with redis.Redis.from_url(self.url) as client:
            while time.monotonic() < end and self._process.poll() is None:
                try:
                    return bool(client.ping())
                except redis.ConnectionError:
                    time.sleep(0.02)
        return False

    def _stop(self) -> None:
        self._process.terminate()
        self._process.wait()
