"""`tidehall drive`: plays a day's arrivals against a running hall, as visitors and clerks."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hall.config import add_database_options, database_url
from hall.core.errors import HallError
from hall.demo.arrivals import ArrivalsError, load
from hall.demo.cast import Cast, cast_of
from hall.demo.clerk import ClerkAtWork
from hall.demo.line import Line, Refused, Screen
from hall.demo.manager import ManagerOnDuty
from hall.store import read
from hall.store.db import Database

FINAL = frozenset({"done", "no_show", "cancelled", "expired"})
KIOSKS = 4
LOOK_REAL_S = 0.5
AT_A_LOOK = 40  # tickets asked after at a time
RETURNS = 0.5  # of those passed over; the others go home
GIVE_UP_REAL_S = 20.0  # when nothing has moved for so long after the last arrival, who is left goes home


@dataclass
class Drive:
    """One day's visitors, and what became of their tickets. Each kiosk is a line of its own."""

    kiosks: list[Line]
    watch: Line
    screen: Screen
    draw: Random
    coming: list[tuple[float, str]]
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)  # by id, as issued
    states: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    came: int = 0
    _returned: set[str] = field(default_factory=set)
    _moved: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def play(self, progress: Progress) -> None:
        """Let everybody come at their time, then wait until each ticket is finished."""
        came = progress.add_task("visitors who came", total=len(self.coming))
        over = progress.add_task("tickets finished", total=len(self.coming))
        # Several kiosks, so that a slow answer at one does not keep the others' visitors waiting.
        threads = [
            threading.Thread(target=self._stand_at, args=(line, self.coming[n :: len(self.kiosks)]))
            for n, line in enumerate(self.kiosks)
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads) or self._open():
            self.screen.clock.sleep_real(LOOK_REAL_S)
            self._look()
            if self.came == len(self.coming) and time.monotonic() - self._moved > GIVE_UP_REAL_S:
                self._go_home()
            progress.update(came, completed=self.came)
            progress.update(over, completed=len(self.tickets) - len(self._open()), total=len(self.tickets))

    def _stand_at(self, line: Line, coming: list[tuple[float, str]]) -> None:
        for second, service in coming:
            while (left_s := second - self.screen.clock.second()) > 0:
                self.screen.clock.sleep_real(min(LOOK_REAL_S, left_s / self.screen.clock.speed))
            try:
                ticket, refusal = line.post("tickets", service=service)["ticket"], None
            except Refused as refused:
                ticket, refusal = None, refused.code
            with self._lock:
                self.came += 1
                self._moved = time.monotonic()
                if ticket is None:
                    self.refused[str(refusal)] += 1
                else:
                    self.tickets[ticket["id"]] = ticket

    def waits_s(self) -> list[float]:
        """Waiting times of those who were called, in seconds of the hall, by the board."""
        called = {call["number"]: call["at"] for call in reversed(list(self.screen.calls.values()))}
        return sorted(
            _seconds(ticket["issued_at"], called[ticket["number"]])
            for ticket in self.tickets.values()
            if ticket["number"] in called
        )

    def _open(self) -> list[str]:
        with self._lock:
            return [ticket for ticket in self.tickets if self.states.get(ticket) not in FINAL]

    def _look(self) -> None:
        """Ask after the oldest open tickets; those passed over come back once, or go home."""
        for ticket in self._open()[:AT_A_LOOK]:
            state = self.watch.get(f"/tickets/{ticket}")["ticket"]["state"]
            if state != self.states.get(ticket):
                self._moved = time.monotonic()
            self.states[ticket] = state
            if state == "passed":
                again = ticket not in self._returned and self.draw.random() < RETURNS
                self._returned.add(ticket)
                self._try(ticket, "reactivate" if again else "cancel")

    def _go_home(self) -> None:
        for ticket in self._open():
            self._try(ticket, "cancel")
            self.states[ticket] = self.watch.get(f"/tickets/{ticket}")["ticket"]["state"]
        self._moved = time.monotonic()

    def _try(self, ticket: str, verb: str) -> None:
        try:
            self.watch.post(f"/tickets/{ticket}/{verb}")
        except Refused:
            return  # called or finished meanwhile


def main(argv: list[str]) -> int:
    """Exit status 0 when every ticket was finished, 2 when nothing could be played."""
    options = _parser().parse_args(argv)
    try:
        cast = _cast(options)
    except (HallError, OSError, ValueError, TypeError) as error:
        return _refuse(f"{options.cast}: {error}" if options.cast else str(error))
    try:
        arrivals = load(Path(options.arrivals), set(cast.handling_s), options.day)
    except (ArrivalsError, OSError, ValueError) as error:
        return _refuse(*(f"{options.arrivals}: {fault}" for fault in getattr(error, "faults", [str(error)])))
    screen = Screen(cast.url, cast.hall)
    screen.start()
    draw = Random(options.seed)
    coming = [one for one in arrivals.times(draw) if one[0] >= screen.clock.second()]
    kiosks = [Line(cast.url, cast.hall, token) for token in cast.kiosks]
    drive = Drive(kiosks, Line(cast.url, cast.hall, cast.kiosks[0]), screen, draw, coming)
    _start_staff(cast, screen)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), transient=True) as bar:
        drive.play(bar)
    _tell(drive, sum(slot.count for slot in arrivals.slots) - len(coming))
    return 0


def _refuse(*why: str) -> int:
    for line in (*why, "nothing was played."):
        sys.stderr.write(f"tidehall drive: {line}\n")
    return 2


def _start_staff(cast: Cast, screen: Screen) -> None:
    staff: list[ClerkAtWork | ManagerOnDuty] = [
        ClerkAtWork(clerk, cast.homes[clerk], Line(cast.url, cast.hall, token), screen, Random(clerk),
                    cast.handling_s)
        for clerk, token in cast.clerks.items()
    ]  # fmt: skip
    if cast.manager:
        staff.append(ManagerOnDuty(Line(cast.url, cast.hall, cast.manager), screen))
    for one in staff:
        threading.Thread(target=one.live, daemon=True).start()


def _tell(drive: Drive, too_late: int) -> None:
    told = Console()
    ends = Counter(drive.states.values())
    told.print(
        f"issued {len(drive.tickets)}: " + ", ".join(f"{n} {state}" for state, n in ends.most_common())
    )
    if drive.refused or too_late:
        refused = ", ".join(f"{n} {code}" for code, n in drive.refused.most_common()) or "none"
        told.print(f"refused: {refused}; {too_late} left out, their time had gone by")
    waits = drive.waits_s()
    if waits:
        mean, p90 = sum(waits) / len(waits) / 60, waits[int(0.9 * (len(waits) - 1))] / 60
        told.print(f"waits by the board, in the hall's minutes: mean {mean:.1f}, P90 {p90:.1f}")


def _cast(options: argparse.Namespace) -> Cast:
    if options.cast:
        return Cast(**json.loads(Path(options.cast).read_text(encoding="utf-8")))
    db = Database(database_url(options))
    try:
        with db.look() as session:
            hall = read.meant(session, options.hall)
        return cast_of(db, options.url, hall, options.seed, kiosks=KIOSKS, manager=options.manager)
    finally:
        db.close()


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tidehall drive",
        description="Play a day's arrivals against a running hall, as visitors and clerks.",
    )
    parser.add_argument("--arrivals", required=True, metavar="FILE", help="CSV with start,series,count")
    parser.add_argument("--day", type=date.fromisoformat, help="which day of the file (YYYY-MM-DD)")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the hall is served")
    parser.add_argument("--hall", metavar="ID", help="which hall (default: the only one)")
    parser.add_argument(
        "--cast", metavar="FILE", help="JSON with address, hall and tokens, instead of a database"
    )
    parser.add_argument("--manager", action="store_true", help="approve proposed plans, too")
    parser.add_argument("--seed", type=int, default=1, help="when in their slots people come (default 1)")
    add_database_options(parser)
    return parser
