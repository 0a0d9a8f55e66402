"""A day's arrivals from a CSV: `start,series,count`, one row per slot and series (contracts/README.md §2)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

HEADER = ["start", "series", "count"]
MOST = 10_000  # walk-ins in one slot
SLOT_S = 900  # where the file has a single start


class ArrivalsError(Exception):
    """The file cannot be played: a line per fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Slot:
    """So many come for a service in a slot that starts at a second of the day."""

    start_s: int
    service: str
    count: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One day's slots and their length."""

    slots: tuple[Slot, ...]
    slot_s: int

    def times(self, draw: Random) -> list[tuple[float, str]]:
        """When each comes (second of the day) and for what, in order: evenly at random in the slot."""
        found = [
            (slot.start_s + draw.random() * self.slot_s, slot.service)
            for slot in self.slots
            for _ in range(slot.count)
        ]
        return sorted(found)


def load(path: Path, services: set[str], day: date | None) -> Arrivals:
    """Read one day of the file. Raises ArrivalsError with all faults."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArrivalsError([f"{path}: cannot be read ({type(error).__name__})"]) from None
    faults: list[str] = []
    rows = list(_rows(text, services, faults))
    days = sorted({start.date() for start, _, _ in rows})
    if day is None and len(days) > 1 and not faults:
        faults.append(f"the file holds {len(days)} days, from {days[0]} to {days[-1]}; choose one with --day")
    if day is not None and day not in days and not faults:
        faults.append(f"--day {day}: the file has no row of that day")
    if faults:
        raise ArrivalsError(faults)
    mine = [row for row in rows if day is None or row[0].date() == day]
    slots = tuple(Slot(s.hour * 3600 + s.minute * 60 + s.second, name, n) for s, name, n in mine)
    return Arrivals(slots, _slot_s(slots))


def _rows(text: str, services: set[str], faults: list[str]) -> Iterator[tuple[datetime, str, int]]:
    lines = csv.reader(text.splitlines())
    if next(lines, None) != HEADER:
        faults.append(f"line 1: the header must be {','.join(HEADER)}")
        return
    for number, row in enumerate(lines, start=2):
        if not row:
            continue
        try:
            yield _row(row, services)
        except ValueError as error:
            faults.append(f"line {number}: {error}")


def _row(row: list[str], services: set[str]) -> tuple[datetime, str, int]:
    if len(row) != len(HEADER):
        raise ValueError(f"{len(row)} fields. Allowed: {len(HEADER)}, {','.join(HEADER)}")
    try:
        start = datetime.fromisoformat(row[0])
    except ValueError:
        raise ValueError(f"start “{row[0]}”. Allowed: local ISO time such as 2026-03-02T09:15") from None
    if row[1] not in services:
        raise ValueError(f"series “{row[1]}”. Allowed: a service of the hall: {', '.join(sorted(services))}")
    if not row[2].isdecimal() or int(row[2]) > MOST:
        raise ValueError(f"count “{row[2]}”. Allowed: a whole number from 0 to {MOST}")
    return start, row[1], int(row[2])


def _slot_s(slots: tuple[Slot, ...]) -> int:
    starts = sorted({slot.start_s for slot in slots})
    return min((b - a for a, b in pairwise(starts)), default=SLOT_S)
