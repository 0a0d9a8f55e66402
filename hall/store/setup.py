"""`tidehall init`: makes a hall out of its file, whole or not at all."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from hall.clock import SystemClock
from hall.config import add_database_options, database_url
from hall.core.days import business_day
from hall.core.errors import Invalid
from hall.core.people import Role
from hall.store import accounts, migrations
from hall.store.db import Database
from hall.store.hallfile import ClerkEntry, Fault, HallFile, HallFileError, ServiceEntry, WindowEntry, load
from hall.store.tables import Clerk, Family, Hall, Service, Shift, Skill, Window


def main(argv: list[str]) -> int:
    """Exit status 0 made, 2 not made; every fault of the file on a line of its own."""
    options = _parser().parse_args(argv)
    now = SystemClock().real()
    try:
        found = load(Path(options.file), now.date())
    except HallFileError as error:
        _tell(options.file, error.faults)
        sys.stderr.write(
            f"tidehall init: {len(error.faults)} fault(s) in {options.file}; nothing was made.\n"
        )
        return 2
    _tell(options.file, found.warnings, "warning: ")
    db = Database(database_url(options))
    try:
        migrations.upgrade(db)
        password = accounts.Password.new()
        with db.change() as session:
            add_hall(session, found, now)
            accounts.add(session, found.id, f"admin-{found.id}", Role.ADMIN, password)
    except Invalid as error:
        sys.stderr.write(f"tidehall init: {error}\n")
        return 2
    finally:
        db.close()
    sys.stdout.write(_told(found, password.words))
    return 0


def add_hall(session: Session, found: HallFile, now: datetime) -> None:
    """Write a hall and all that belongs to it. Raises Invalid where a hall of this id is there already."""
    if session.get(Hall, found.id) is not None:
        raise Invalid(
            field="hall.id",
            allowed=f"another one; hall “{found.id}” exists here already and is left as it is",
        )
    session.add(
        Hall(
            id=found.id, name_zh=found.name.zh, name_en=found.name.en, zone=found.zone, version=0,
            day=business_day(now, found.zone), settings=found.settings, pace_real_at=now, pace_hall_at=now,
            pace_speed=1.0,
        )
    )  # fmt: skip
    session.flush()
    parts = found.parts
    for position, family in enumerate(parts.families):
        session.add(
            Family(
                hall_id=found.id, id=family.id, name_zh=family.name.zh, name_en=family.name.en,
                position=position,
            )
        )  # fmt: skip
    session.add_all(_service(found.id, position, entry) for position, entry in enumerate(parts.services))
    session.add_all(_window(found.id, position, entry) for position, entry in enumerate(parts.windows))
    for entry in parts.clerks:
        session.add_all(_clerk(found.id, entry))
    session.flush()


def _service(hall_id: str, position: int, entry: ServiceEntry) -> Service:
    return Service(
        hall_id=hall_id, id=entry.id, family_id=entry.family, prefix=entry.prefix, name_zh=entry.name.zh,
        name_en=entry.name.en, position=position, service_s=float(entry.handling_s), scv=entry.scv,
        target_wait_s=entry.promise_s, weight=entry.weight, floor=entry.floor, cap_wait_s=entry.cap_s,
        hours=[list(interval) for interval in entry.hours] if entry.hours is not None else None,
        daily_cap=entry.daily_cap, quota=entry.quota,
    )  # fmt: skip


def _window(hall_id: str, position: int, entry: WindowEntry) -> Window:
    return Window(
        hall_id=hall_id, id=entry.id, label=entry.label, position=position, can=sorted(entry.can),
        tidal=entry.tidal, fixed_mode=sorted(entry.fixed), mode=[],
    )  # fmt: skip


def _clerk(hall_id: str, entry: ClerkEntry) -> Iterable[Clerk | Skill | Shift]:
    yield Clerk(hall_id=hall_id, id=entry.id, name=entry.name, home=entry.home)
    for service, skill in entry.skills.items():
        yield Skill(
            hall_id=hall_id, clerk_id=entry.id, service_id=service, pace=skill.pace, until=skill.until
        )
    pauses = [
        {"earliest_s": b.earliest_s, "latest_s": b.latest_s, "length_s": b.length_s} for b in entry.breaks
    ]
    for weekday, (start_s, end_s) in entry.shifts.items():
        yield Shift(
            hall_id=hall_id, clerk_id=entry.id, weekday=weekday, start_s=start_s, end_s=end_s, breaks=pauses
        )


def _tell(file: str, faults: Iterable[Fault], mark: str = "") -> None:
    for fault in faults:
        sys.stderr.write(f"{mark}{fault.told(file)}\n")


def _told(found: HallFile, password: str) -> str:
    parts = found.parts
    tidal = sum(window.tidal for window in parts.windows)
    return (
        f"Hall “{found.id}” ({found.name.zh}) is made: {len(parts.services)} services, "
        f"{len(parts.windows)} windows of which {tidal} tidal, {len(parts.clerks)} clerks.\n\n"
        f"  login     admin-{found.id}\n"
        f"  password  {password}\n\n"
        "The password is shown this once. Next:\n"
        f"  tidehall account --hall {found.id} --help  more logins\n"
        f"  tidehall token --hall {found.id} --help    tokens for kiosks and screens\n"
        "  tidehall serve --help                    open the hall\n"
    )


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="tidehall init",
        description="Make a hall from its file. docs/hall-file.md tells what it may say.",
    )
    parser.add_argument("file", metavar="FILE", help="the hall file")
    add_database_options(parser)
    return parser
