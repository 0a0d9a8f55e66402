"""A running server: the app on a port, its lease on a SQLite file, and a worker that is kept alive."""

from __future__ import annotations

import contextlib
import gc
import logging
import socket
import subprocess
import sys
from typing import Self

import gevent
from gevent import pywsgi
from gevent.event import Event

from hall.clock import SystemClock
from hall.store import leases, migrations, read
from hall.store.db import Database
from hall.web.app import create_app

ROLE = "serve"
STOP_S = 3.0  # requests in hand get this long when the server is told to stop
WORKER_STOP_S = 5.0
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 15.0)  # before the worker is started again after it died, time after time
COLLECT_AFTER = (20_000, 20, 50)  # new objects, young and middle collections before the next older one
STEADY_S = 60.0  # a worker that lived so long has not died "again"

log = logging.getLogger(__name__)


class CannotServe(Exception):
    """Why the server cannot start, in words for whoever typed the command."""


class Line(pywsgi.WSGIHandler):
    """One connection. What was a websocket ends as one: a screen's last words are no HTTP request."""

    def handle_one_response(self) -> None:
        """Answer one request."""
        super().handle_one_response()
        if "HTTP_UPGRADE" in self.environ:
            self.close_connection = True


class Running:
    """Listening between `with` and the end of its block. Raises CannotServe."""

    def __init__(self, url: str, host: str, port: int, redis_url: str | None = None) -> None:
        self.database_url, self.host, self.port, self.redis_url = url, host, port, redis_url
        self._clock = SystemClock()
        self._told_to_stop = Event()
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host
        return f"http://{host}:{self.port}"

    def __enter__(self) -> Self:
        database = Database(self.database_url)
        try:
            migrations.upgrade(database)
            self._hold(database)
        finally:
            database.close()
        self._app = create_app(self.database_url, async_mode="gevent", redis_url=self.redis_url)
        self._server = pywsgi.WSGIServer(
            (self.host, self.port), self._app, log=None, error_log=log, handler_class=Line
        )
        try:
            self._server.start()
            # Connections inherit it. Without it an answer's body waits 40 ms for the client's delayed ACK
            # of its head, and a screen's news for that of the news before.
            self._server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            self._let_go()
            raise CannotServe(
                f"port {self.port} on {self.host} cannot be used ({error.strerror}). "
                "Choose another with --port."
            ) from None
        self.port = self._server.server_port
        _calm_collector()
        return self

    def __exit__(self, *_: object) -> None:
        self._end_worker()
        self._server.stop(timeout=STOP_S)
        self._app.extensions["feed"].stop()
        self._let_go()
        self._app.extensions["tidehall"].database.close()

    def halls(self) -> list[tuple[str, str]]:
        """Ids and names of the halls served here."""
        with self._app.extensions["tidehall"].database.look() as session:
            return [(h, read.hall(session, h).name_zh) for h in read.hall_ids(session)]

    def stop_at(self, signal_number: int) -> None:
        """Stop in good order when this signal comes."""
        gevent.signal_handler(signal_number, self._told_to_stop.set)

    def forever(self, with_worker: bool) -> None:
        """Serve until told to stop; keep the lease, and a worker where one is wanted."""
        keepers = [gevent.spawn(self._keep_lease)]
        if with_worker:
            keepers.append(gevent.spawn(self._keep_worker))
        try:
            self._told_to_stop.wait()
        finally:
            gevent.killall(keepers)

    def _hold(self, database: Database) -> None:
        # A SQLite file has one web process: screens of another would not be told in time.
        if not database.is_sqlite:
            return
        with database.change() as session:
            for hall_id in read.hall_ids(session):
                if not leases.claim(session, hall_id, ROLE, leases.this_process(), self._clock.real()):
                    raise CannotServe(
                        "another “tidehall serve” runs on this database. Stop it first; if its machine was "
                        f"switched off, try again in {leases.LENGTH.seconds} seconds."
                    )

    def _keep_lease(self) -> None:
        database: Database = self._app.extensions["tidehall"].database
        while database.is_sqlite:
            gevent.sleep(leases.RENEW_S)
            try:
                self._hold(database)
            except Exception:
                log.exception("the lease could not be renewed; trying again")

    def _let_go(self) -> None:
        database: Database = self._app.extensions["tidehall"].database
        if not database.is_sqlite:
            return
        with contextlib.suppress(Exception), database.change() as session:
            for hall_id in read.hall_ids(session):
                leases.release(session, hall_id, ROLE, leases.this_process(), self._clock.real())

    def _keep_worker(self) -> None:
        died = 0
        while True:
            began = self._clock.monotonic()
            # The worker ends when this pipe closes, so that it never outlives a server that was killed.
            command = [sys.executable, "-m", "scheduler.worker", "--database", self.database_url, "--leashed"]
            self._worker = subprocess.Popen(command, stdin=subprocess.PIPE)
            status = self._worker.wait()
            died = 1 if self._clock.monotonic() - began > STEADY_S else died + 1
            pause_s = BACK_OFF_S[min(died, len(BACK_OFF_S)) - 1]
            log.error("the worker ended with status %s; starting it again in %s s", status, pause_s)
            gevent.sleep(pause_s)

    def _end_worker(self) -> None:
        if self._worker is None or self._worker.poll() is not None:
            return
        self._worker.terminate()
        try:
            self._worker.wait(WORKER_STOP_S)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()


def _calm_collector() -> None:
    """Keep the garbage collector off what lives for ever: a tenth of every press, and its longest pauses."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
