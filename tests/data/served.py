"""A real day of a real office, time-compressed: the hall is served, planned and driven as it would be."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from hall.core.days import instant
from hall.store import migrations, read
from hall.store.db import Database
from hall.store.hallfile import parse
from hall.store.setup import add_hall
from hall.store.tables import Call, Flip, Ticket
from tests.chaos.screen import Screen
from tests.data import warsaw
from tests.serving import ROOT, Served, token

SPEED = 240.0  # ten hours in two and a half minutes
READY_S = 7200  # of the hall's time: half a minute of ours
BOARDS = 3
HALL = "warsaw"


@dataclass(frozen=True)
class ServedDay:
    """What is in the database after closing, and what the screens have shown."""

    db: Database
    expected: int  # arrivals of the day
    boards: list[Screen]
    signs: dict[str, Screen]  # by window

    def tickets(self) -> list[Ticket]:
        with self.db.look() as session:
            return list(session.scalars(select(Ticket).where(Ticket.hall_id == HALL)))

    def calls(self) -> list[str]:
        """Ids, in the order of the hall's version."""
        with self.db.look() as session:
            return list(session.scalars(select(Call.id).where(Call.hall_id == HALL).order_by(Call.version)))

    def tidal_flips(self) -> list[Flip]:
        """Those applied that brought a window a service it did not offer before."""
        with self.db.look() as session:
            applied = session.scalars(select(Flip).where(Flip.hall_id == HALL, Flip.state == "applied"))
            return [flip for flip in applied if not set(flip.mode) <= set(flip.before)]

    def were_shown(self, flips: list[Flip]) -> list[Flip]:
        return [flip for flip in flips if flip.mode in self.signs[flip.window_id].modes]


@contextmanager
def served_day(arrivals: Path, folder: Path) -> Iterator[ServedDay]:
    """From `arrivals`, the folder of real data; database and CSV go to `folder`. RuntimeError if it fails."""
    data = arrivals / warsaw.FOLDER
    office = warsaw.largest_office(data)
    counts = warsaw.counts(data, office)
    file, url = folder / "day.csv", f"sqlite:///{folder}/hall.sqlite"
    warsaw.write_arrivals(counts, file)
    db = _open(url, warsaw.hall_file(data, office, counts))
    with db.look() as session:
        windows = [window.id for window in read.windows(session, HALL)]
    display = token(url, HALL, "display")
    _start(db)
    with Served(url) as server, ExitStack() as stack:
        boards = [stack.enter_context(Screen(server.url, HALL, "hall", display)) for _ in range(BOARDS)]
        signs = {w: stack.enter_context(Screen(server.url, HALL, f"window:{w}", display)) for w in windows}
        driven = subprocess.run(
            [sys.executable, "-m", "hall.cli", "drive", "--arrivals", str(file), "--url", server.url,
             "--hall", HALL, "--database", url],
            cwd=ROOT, capture_output=True, text=True, timeout=540, check=False,
        )  # fmt: skip
        if driven.returncode:
            raise RuntimeError(driven.stdout + driven.stderr + server.said()[-3000:])
        print(driven.stdout, file=sys.stderr)
        yield ServedDay(db, sum(counts.values()), boards, signs)
    db.close()


def _open(url: str, text: str) -> Database:
    db = Database(url)
    migrations.upgrade(db)
    with db.change() as session:
        add_hall(session, parse(text, warsaw.DAY), instant(warsaw.DAY, 7 * 3600, "Europe/Warsaw"))
    return db


def _start(db: Database) -> None:
    """The hall's time begins long enough before the doors open for everybody to get ready."""
    with db.change() as session:
        hall = read.hall(session, HALL)
        hall.pace_real_at, hall.pace_speed = datetime.now(UTC), SPEED
        hall.pace_hall_at = instant(warsaw.DAY, 8 * 3600 - READY_S, "Europe/Warsaw")
