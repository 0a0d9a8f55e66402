"""A real day of Warsaw's largest office through a running hall, beside what every screen showed of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from hall.core.ticket import FINAL
from tests.bench.row import Row
from tests.conftest import DATA
from tests.data.served import SPEED, ServedDay, served_day


def driven(folder: Path) -> Iterable[Row]:
    """Nothing where the real arrivals are missing; a line on standard error says so."""
    if not DATA.is_dir():
        print(
            f"skipped: there are no real arrivals at {DATA}; TIDEHALL_DATA names their folder",
            file=sys.stderr,
        )
        return
    with served_day(DATA, folder) as day:
        yield from _rows(day)


def _rows(day: ServedDay) -> Iterable[Row]:
    tickets, calls, flips = day.tickets(), day.calls(), day.tidal_flips()
    ended = sum(ticket.state in FINAL for ticket in tickets)
    numbers = len({ticket.number for ticket in tickets})
    whole = sum(board.announced == calls for board in day.boards)
    what = f"a real day at {SPEED:.0f} times its pace, {day.expected} arrivals: "
    yield Row(what + "tickets", f"{ended} ended, {numbers} numbers", f"{len(tickets)} and {len(tickets)}")
    yield Row(
        what + "boards with every call in order", f"{whole} of {len(calls)} calls", f"{len(day.boards)}"
    )
    yield Row(
        what + "flips shown on their sign", f"{len(day.were_shown(flips))} of {len(flips)}", "all, at least 1"
    )
