"""The engine: where the database is, how a change and a look begin and end. The one file with a dialect.

SQLite: WAL, synchronous=FULL, changes begin IMMEDIATE one at a time, looks on a read-only engine.
PostgreSQL: plain transactions; the hall's row is the lock on both.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from hall.config import DATABASE_VARIABLE, UnusableDatabase
from hall.store import prepared
from hall.store.meeting import Meeting

__all__ = ["Database", "Session"]  # Session: what a change and a look give to those who may not know SQL

LOCK_PATIENCE_S = 5.0  # a change waits this long for another process's lock, then fails loudly
LOCK_LOOK_S = 0.002
POOL_SIZE = 20
PING_AFTER_S = 1.0  # a connection that rested so long is asked whether it lives before it is used
_RESTS_SINCE = "rests_since"  # in a connection's record
ALLOWED = (
    f"--database and {DATABASE_VARIABLE} take sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME."
)


class Database:
    """One database as this process sees it.

    `change()` opens a transaction that writes and commits it whole or not at all; `look()` opens a
    read-only one. Bells given to `on_change` ring after each commit made here. Raises UnusableDatabase for
    an address that cannot be one of ours, or a folder that cannot be made.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _make_folder(Path(self.url.database or "").parent)
            self._writer = _sqlite_engine(self.url, _begin_immediate, "")
            self._reader = _sqlite_engine(self.url, _begin_deferred, "PRAGMA query_only=ON")
        else:
            # The connection used last has its statements prepared already.
            self._writer = create_engine(self.url, pool_size=POOL_SIZE, pool_use_lifo=True)
            event.listen(self._writer, "checkout", partial(_look_after_rest, self._writer))
            event.listen(self._writer, "checkin", _begin_rest)
            # One reading is one snapshot; by default every statement would see a newer state.
            self._reader = self._writer.execution_options(
                postgresql_readonly=True, isolation_level="REPEATABLE READ"
            )
        # SQLite has one writer; queueing here keeps the event loop free while others write, and no greenlet
        # meets a transaction that another one of this process holds open.
        self._turn = threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        self._meetings: defaultdict[str, Meeting[Any, Any]] = defaultdict(Meeting)
        self._bells: list[Callable[[], None]] = []
        self._watch: sqlite3.Connection | None = None

    def check(self) -> None:
        """Connect once. Raises UnusableDatabase with the reason that the database gives."""
        try:
            self._writer.connect().close()
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            reason = str(getattr(error, "orig", error)).partition("\n")[0]
            raise UnusableDatabase(f"the database {self.url!r} does not answer: {reason}") from None

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations and table creation."""
        return self._writer

    def on_change(self, bell: Callable[[], None]) -> None:
        """Ring `bell` after every commit of this process. It must be quick and must not raise."""
        self._bells.append(bell)

    def meeting(self, hall: str) -> Meeting[Any, Any]:
        """Where the changes of one hall that come at the same time meet."""
        return self._meetings[hall]

    @contextmanager
    def change(self) -> Iterator[Session]:
        """A transaction that writes: committed at the end, rolled back by any exception."""
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session
            prepared.save(session)
        for bell in self._bells:
            bell()

    @contextmanager
    def look(self) -> Iterator[Session]:
        """One consistent reading of the database; what is read stays usable afterwards."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session, session.begin():
            yield session

    def data_version(self) -> int | None:
        """SQLite's own counter of commits by other connections; None where there is none.

        One thread asks. The counter means something only on one and the same connection.
        """
        if not self.is_sqlite:
            return None
        if self._watch is None:
            self._watch = sqlite3.connect(self.url.database or "", check_same_thread=False)
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Give all connections back."""
        self._writer.dispose()
        self._reader.dispose()
        if self._watch is not None:
            self._watch.close()
            self._watch = None


def _checked(url: str | URL) -> URL:
    try:
        found = make_url(url)
        if found.get_backend_name() not in ("sqlite", "postgresql"):
            raise UnusableDatabase(f"a {found.get_backend_name()} database cannot be used. {ALLOWED}")
        found.get_dialect().import_dbapi()
    except (ArgumentError, ImportError):
        raise UnusableDatabase(f"this is no address of a database. {ALLOWED}") from None
    if found.get_backend_name() == "sqlite" and found.database in (None, "", ":memory:"):
        raise UnusableDatabase(f"SQLite needs a file: screens, worker and commands share it. {ALLOWED}")
    return found


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableDatabase(f"the folder {folder} cannot be made ({error.strerror}).") from None


def _begin_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_RESTS_SINCE] = time.monotonic()


def _look_after_rest(engine: Engine, raw: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Replace a connection that died at rest; asking at every press would cost a round trip each."""
    if time.monotonic() - record.info.get(_RESTS_SINCE, 0.0) < PING_AFTER_S:
        return
    try:
        engine.dialect.do_ping(raw)
    except Exception as error:
        raise DisconnectionError from error


def _sqlite_engine(url: URL, begin: Callable[[Connection], None], pragma: str) -> Engine:
    # timeout=0: SQLite's own waiting would freeze the whole event loop; _begin_immediate waits instead.
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        connect_args={"timeout": 0, "check_same_thread": False, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say so, not where pysqlite guesses
        for line in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=4000"):
            _patiently(partial(connection.execute, f"PRAGMA {line}"))
        if pragma:
            connection.execute(pragma)

    event.listen(engine, "begin", begin)
    return engine


def _begin_immediate(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    _patiently(partial(raw.execute, "BEGIN IMMEDIATE"))


def _begin_deferred(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.execute("BEGIN")


def _patiently(act: Callable[[], object]) -> None:
    """Try until the other process's lock is gone; sleeping lets other greenlets run."""
    end = time.monotonic() + LOCK_PATIENCE_S
    while True:
        try:
            act()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(LOCK_LOOK_S)
        else:
            return
