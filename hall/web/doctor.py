"""`tidehall doctor`: looks whether everything is well, and says what to do where it is not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hall.clock import SystemClock
from hall.config import UnusableDatabase, add_database_options, database_url
from hall.core.names import HallId
from hall.front.looks import STATIC
from hall.front.speech import CATALOGUES
from hall.store import journal, leases, migrations, read
from hall.store.db import Database


class Health(StrEnum):
    OK = "ok"
    WARN = "warn"  # the hall runs, but not as it should
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `todo` says what to do about anything but ok."""

    health: Health
    what: str
    todo: str = ""


def main(argv: list[str]) -> int:
    """A line per finding. Exit status 1 when anything failed."""
    parser = ArgumentParser(prog="tidehall doctor", description="Look whether everything is well.")
    add_database_options(parser)
    options = parser.parse_args(argv)
    found = list(examine(database_url(options)))
    for one in found:
        sys.stdout.write(f"{one.health.value:<5} {one.what}{': ' + one.todo if one.todo else ''}\n")
    return 1 if any(one.health is Health.FAIL for one in found) else 0


def examine(url: str) -> Iterator[Finding]:
    """Look at the installed files, then at the database and each of its halls."""
    yield _files()
    try:
        db = Database(url)
    except UnusableDatabase as why:
        yield Finding(Health.FAIL, "there is no database to look at", str(why))
        return
    try:
        if db.is_sqlite and not Path(db.url.database or "").stat().st_size:
            yield Finding(Health.FAIL, "the database is empty", "“tidehall init hall.yaml” makes a hall")
            return
        db.check()
        yield from _database(db)
    except UnusableDatabase as why:
        yield Finding(Health.FAIL, str(why), "start it, or check --database or --data")
    except Exception as error:
        what = f"the database at {db.url!r} cannot be read ({type(error).__name__})"
        yield Finding(Health.FAIL, what, "check --database or --data, and that this account may read it")
    finally:
        db.close()


def _files() -> Finding:
    missing = [
        name
        for name, there in (
            ("front-end files", (STATIC / "vendor" / "socket.io.esm.min.js").exists()),
            ("Chinese texts", (CATALOGUES / "zh" / "LC_MESSAGES" / "messages.mo").exists()),
        )
        if not there
    ]
    if missing:
        return Finding(Health.FAIL, f"{' and '.join(missing)} are missing", "run “make setup”")
    return Finding(Health.OK, "installed files")


def _database(db: Database) -> Iterator[Finding]:
    now, wanted = migrations.step(db), migrations.newest()
    if now != wanted:
        what = f"the schema is at step {now}, this version needs {wanted}"
        yield Finding(Health.FAIL, what, "“tidehall serve” brings it up when it starts")
        return
    yield Finding(Health.OK, f"database at {db.url!r}, schema step {now}")
    with db.look() as session:
        halls = read.hall_ids(session)
    if not halls:
        yield Finding(Health.WARN, "there is no hall", "“tidehall init hall.yaml” makes one")
    for hall_id in halls:
        for look in _LOOKS:
            yield look(db, hall_id)


def _journal(db: Database, hall_id: HallId) -> Finding:
    with db.look() as session:
        version = read.hall(session, hall_id).version
        broken = journal.verify(session, hall_id)
    if broken:
        where = f"version {broken.version} ({broken.what})"
        todo = "somebody changed rows by hand; restore the last backup that passes this check"
        return Finding(Health.FAIL, f"{hall_id}: the journal does not hold at {where}", todo)
    return Finding(Health.OK, f"{hall_id}: journal whole, {version} versions")


def _worker(db: Database, hall_id: HallId) -> Finding:
    with db.look() as session:
        lease = leases.held(session, hall_id, "worker", SystemClock().real())
    if lease is None:
        todo = "start “tidehall serve” or “tidehall worker”"
        return Finding(Health.WARN, f"{hall_id}: no worker, so nobody plans", todo)
    return Finding(Health.OK, f"{hall_id}: worker {lease.holder}")


_LOOKS: tuple[Callable[[Database, HallId], Finding], ...] = (_journal, _worker)
