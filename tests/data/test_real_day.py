"""A real day of a real office, time-compressed: the hall is served, planned and driven as it would be."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from hall.core.days import instant
from hall.store import journal, migrations, read
from hall.store.db import Database
from hall.store.hallfile import parse
from hall.store.setup import add_hall
from hall.store.tables import Call, Flip, Ticket
from tests.chaos.screen import Screen
from tests.data import warsaw
from tests.serving import ROOT, Served, token

SPEED = 240.0  # ten hours in two and a half minutes
READY_S = 7200  # of the hall's time: half a minute of ours
FINAL = {"done", "no_show", "cancelled", "expired"}
HALL = "warsaw"


@pytest.mark.data
@pytest.mark.timeout(600)
def test_a_real_day_of_warsaws_largest_office(arrivals: Path, tmp_path: Path) -> None:
    folder = arrivals / warsaw.FOLDER
    office = warsaw.largest_office(folder)
    counts = warsaw.counts(folder, office)
    assert sum(counts.values()) > 200, "a day with people in it"
    file = tmp_path / "day.csv"
    warsaw.write_arrivals(counts, file)
    url = f"sqlite:///{tmp_path}/hall.sqlite"
    db = open_hall(url, warsaw.hall_file(folder, office, counts))
    with db.look() as session:
        windows = [window.id for window in read.windows(session, HALL)]
    display = token(url, HALL, "display")
    start_day(db)
    with Served(url) as server, ExitStack() as stack:
        boards = [stack.enter_context(Screen(server.url, HALL, "hall", display)) for _ in range(3)]
        signs = {w: stack.enter_context(Screen(server.url, HALL, f"window:{w}", display)) for w in windows}
        driven = subprocess.run(
            [sys.executable, "-m", "hall.cli", "drive", "--arrivals", str(file), "--url", server.url,
             "--hall", HALL, "--database", url],
            cwd=ROOT, capture_output=True, text=True, timeout=540, check=False,
        )  # fmt: skip
        assert driven.returncode == 0, driven.stdout + driven.stderr + server.said()[-3000:]
        print(driven.stdout)
        assert_tickets(db, sum(counts.values()))
        assert_every_call_was_seen(db, boards)
        assert_a_flip_was_shown(db, signs)
    db.close()


def open_hall(url: str, text: str) -> Database:
    db = Database(url)
    migrations.upgrade(db)
    with db.change() as session:
        add_hall(session, parse(text, warsaw.DAY), instant(warsaw.DAY, 7 * 3600, "Europe/Warsaw"))
    return db


def start_day(db: Database) -> None:
    """The hall's time begins long enough before the doors open for everybody to get ready."""
    with db.change() as session:
        hall = read.hall(session, HALL)
        hall.pace_real_at, hall.pace_speed = datetime.now(UTC), SPEED
        hall.pace_hall_at = instant(warsaw.DAY, 8 * 3600 - READY_S, "Europe/Warsaw")


def assert_tickets(db: Database, expected: int) -> None:
    with db.look() as session:
        rows = list(session.scalars(select(Ticket).where(Ticket.hall_id == HALL)))
        assert journal.verify(session, HALL) is None
    assert len(rows) > 0.8 * expected, "those who came before closing have a ticket"
    assert {row.state for row in rows} <= FINAL
    assert max(Counter(row.number for row in rows).values()) == 1
    assert sum(row.state == "done" for row in rows) > 0.8 * len(rows)


def assert_every_call_was_seen(db: Database, boards: list[Screen]) -> None:
    with db.look() as session:
        calls = list(session.scalars(select(Call.id).where(Call.hall_id == HALL).order_by(Call.version)))
    for board in boards:
        assert board.announced == calls, "every call, once, in order"


def assert_a_flip_was_shown(db: Database, signs: dict[str, Screen]) -> None:
    with db.look() as session:
        applied = list(session.scalars(select(Flip).where(Flip.hall_id == HALL, Flip.state == "applied")))
    real = [flip for flip in applied if not set(flip.mode) <= set(flip.before)]
    assert real, "the tide of the day moved at least one window"
    for flip in real:
        assert flip.mode in signs[flip.window_id].modes, f"{flip.window_id} never showed {flip.mode}"
