"""A private PostgreSQL: its own folder, a free port on loopback, gone at the end. For tests and benches."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg.sql import SQL, Identifier

from tests.ports import free_port

ACCOUNT = "postgres"  # Debian's account for the server, which refuses to run as root
INSTALLED = Path("/usr/lib/postgresql")  # Debian keeps the server's programs out of PATH
START_S = 30.0
STOP_S = 20.0
ATTEMPTS = 5  # another process may take a free port before the server binds it


class Postgres:
    """A running server between `with` and the end of its block.

    `fsync=True` keeps what was committed through a crash of the machine, as a real hall runs;
    without it commits are much cheaper.
    """

    def __init__(self, fsync: bool = False) -> None:
        self.fsync = fsync
        self._numbers = count(1)
        self._owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._owner = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []}

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="tidehall-pg-"))
        try:
            if self._owner:
                shutil.chown(self.folder, ACCOUNT, ACCOUNT)
            self._make()
            self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of one database."""
        return f"postgresql+psycopg://tidehall@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a fresh, empty database, dropped at the end whoever is still connected."""
        name = f"hall_{next(self._numbers)}"
        self._run("CREATE DATABASE {}", name)
        try:
            yield self.url(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def stop(self) -> None:
        """Close the sessions and stop; a server that does not is killed."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _make(self) -> None:
        command = [_program("initdb"), "-D", "data", "-U", "tidehall", "-A", "trust", "-E", "UTF8"]
        made = subprocess.run(
            [*command, "--locale=C.UTF-8", "--no-sync"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            **self._owner,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    def _start(self) -> None:
        for _ in range(ATTEMPTS):
            self.port = free_port()
            self._process = self._launch()
            if self._answers():
                return
            self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")

    def _launch(self) -> subprocess.Popen[bytes]:
        durable = "on" if self.fsync else "off"
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": 300,
            "fsync": durable,
            "synchronous_commit": durable,
            "full_page_writes": durable,
            "timezone": "UTC",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [_program("postgres"), "-D", "data", *options],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._owner,
            )

    def _answers(self) -> bool:
        """Wait until the server takes connections; False if it ended or took too long."""
        end = time.monotonic() + START_S
        while time.monotonic() < end and self._process.poll() is None:
            try:
                self._run("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _run(self, statement: str, name: str = "") -> None:
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(SQL(statement).format(Identifier(name)) if name else SQL(statement))


def _program(name: str) -> str:
    """One of the server's programs, of the newest version that Debian installed, or from PATH."""
    versions = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if not found:
        raise RuntimeError(f"{name} is not here: `make test` installs PostgreSQL")
    return found
