"""Reading a calendar of one's own: `date,kind[,from,to]`, one statement per line."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date

from hall.core.calendar import Calendar, DayKind, Entry
from scheduler.forecast.faults import NOT_UTF8, FileFaults, interval, undecoded, unmarked

HEADERS = (["date", "kind"], ["date", "kind", "from", "to"])
KINDS = "workday, restday, holiday, half (with from and to) or event:FACTOR"
MOST = 1000.0  # times the usual walk-ins: more is a slip of the pen


def read_calendar(lines: Iterable[str]) -> Calendar:
    """The calendar of a file. Raises FileFaults with a line per fault."""
    entries: list[Entry] = []
    faults: list[str] = []
    lines_of: dict[tuple[date, bool], int] = {}  # what a day is, and what event it has, are said once
    reader = csv.reader(unmarked(lines))
    header = next(reader, None)
    if undecoded(header or ()):
        raise FileFaults([f"calendar line 1: {NOT_UTF8}"])
    if header is None or [name.strip() for name in header] not in HEADERS:
        raise FileFaults(["calendar line 1: the header is wrong; allowed is date,kind[,from,to]"])
    for cells in reader:
        if not cells:
            continue
        try:
            entry = _entry([cell.strip() for cell in cells])
            said = lines_of.setdefault((entry.day, entry.kind is DayKind.EVENT), reader.line_num)
            if said != reader.line_num:
                raise _Wrong(
                    f"{entry.day} stands in line {said} already; allowed: one kind and one event a day"
                )
            entries.append(entry)
        except _Wrong as wrong:
            faults.append(f"calendar line {reader.line_num}: {wrong}")
    if faults:
        raise FileFaults(faults)
    return Calendar.of(entries)


class _Wrong(Exception):
    """What is wrong with a line, and what is allowed."""


def _entry(cells: list[str]) -> Entry:
    if undecoded(cells):
        raise _Wrong(NOT_UTF8)
    if not 2 <= len(cells) <= 4:
        raise _Wrong(f"{len(cells)} cells; allowed is date,kind[,from,to]")
    day, word = _day(cells[0]), cells[1]
    times = [cell for cell in cells[2:] if cell]
    if word == DayKind.HALF.value:
        return Entry(day, DayKind.HALF, hours=_hours(times))
    if times:
        raise _Wrong(f"{word} has times; allowed with half only")
    if word.startswith("event:"):
        return Entry(day, DayKind.EVENT, factor=_factor(word))
    if word not in {"workday", "restday", "holiday"}:
        raise _Wrong(f"kind is {word!r}; allowed: {KINDS}")
    return Entry(day, DayKind(word))


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise _Wrong(f"date is {cell!r}; allowed: a date like 2026-05-01") from None


def _hours(times: list[str]) -> tuple[int, int]:
    try:
        first, last = times
        return interval(first, last)
    except ValueError:
        raise _Wrong(
            f"half is open {'-'.join(times) or 'never'}; allowed: from,to like 08:30,12:00"
        ) from None


def _factor(word: str) -> float:
    try:
        factor = float(word.removeprefix("event:"))
    except ValueError:
        factor = -1.0
    if not 0 < factor <= MOST:
        raise _Wrong(f"kind is {word!r}; allowed: event:FACTOR with a factor above 0, up to {MOST:g}")
    return factor
