"""Reading a history of counts: `start,series,count`, a row per slot in which the series is open.

Decides nothing about the future; refuses what it cannot use, every fault with its line.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from scheduler.forecast.faults import (
    NOT_UTF8,
    TIME,
    FileFaults,
    has_controls,
    local_time,
    undecoded,
    unmarked,
)

HEADER = ["start", "series", "count"]
DAY_MIN = 1440
MOST_COUNT = 1_000_000  # in one slot: no hall has had more
# Clocks repeat an hour between 23:00 (Santiago) and 04:00: a second row there is no slip of the pen.
NIGHT = (23, 0, 1, 2, 3)


@dataclass(frozen=True)
class History:
    """Counts by series, day and second of the day; `slot_s` is None where the data do not show it."""

    rows: dict[str, dict[date, dict[int, float]]]
    slot_s: int | None


def read_history(lines: Iterable[str], until: datetime, slot_min: int | None) -> History:
    """The history before `until`. Raises FileFaults."""
    table = _Table(until)
    reader = csv.reader(unmarked(lines))
    header = next(reader, None)
    if undecoded(header or ()):
        raise FileFaults([f"line 1: {NOT_UTF8}"])
    if header is None or [name.strip() for name in header] != HEADER:
        raise FileFaults([f"line 1: the header is {_text(header)}; allowed is start,series,count"])
    try:
        for cells in reader:
            if cells:
                table.take(reader.line_num, cells)
    except csv.Error as error:
        table.faults.append(f"line {reader.line_num}: no CSV ({error}); allowed is start,series,count")
    slot_s = slot_min * 60 if slot_min else _slot_s(table.rows)
    table.faults.extend(_overlaps(table, slot_s))
    if table.faults:
        raise FileFaults(table.faults)
    return History(table.rows, slot_s)


@dataclass
class _Table:
    """Rows as they are taken, and what was wrong with them."""

    until: datetime
    rows: dict[str, dict[date, dict[int, float]]] = field(default_factory=dict)
    lines: dict[tuple[str, date, int], int] = field(default_factory=dict)
    repeated: set[tuple[str, date, int]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def take(self, line: int, cells: list[str]) -> None:
        before = len(self.faults)
        if undecoded(cells):
            self.faults.append(f"line {line}: {NOT_UTF8}")
            return
        if len(cells) != len(HEADER):
            self._fault(line, f"{len(cells)} cells", "three: start,series,count")
            return
        start, series, count = self._start(line, cells[0]), cells[1].strip(), self._count(line, cells[2])
        if not series:
            self._fault(line, "series is empty", "a name")
        # Not of the stripped name: strip() takes some control characters for spaces.
        if has_controls(cells[1].strip(" \t")):
            self._fault(line, f"series is {cells[1]!r}", "a name without control characters")
        if start is None or count is None or len(self.faults) > before:
            return
        self._add(line, series, start, count)

    def _add(self, line: int, series: str, start: datetime, count: float) -> None:
        day, second = start.date(), start.hour * 3600 + start.minute * 60 + start.second
        key = (series, day, second)
        first = self.lines.setdefault(key, line)
        slots = self.rows.setdefault(series, {}).setdefault(day, {})
        if first != line and (start.hour not in NIGHT or key in self.repeated):
            self._fault(
                line, f"{series} at {start.isoformat()} stands in line {first} already", "one row a slot"
            )
            return
        # The hour that the clock repeats: two looks at the same slot of the wall, so their mean.
        slots[second] = count if first == line else (slots[second] + count) / 2
        if first != line:
            self.repeated.add(key)

    def _start(self, line: int, cell: str) -> datetime | None:
        try:
            start = local_time(cell.strip())
        except ValueError:
            self._fault(line, f"start is {cell!r}", TIME)
            return None
        if start >= self.until:
            self._fault(line, f"start is {cell}", f"times before --from {self.until.isoformat()} only")
            return None
        if start.microsecond:
            self._fault(line, f"start is {cell}", "whole seconds")
            return None
        return start

    def _count(self, line: int, cell: str) -> float | None:
        try:
            count = float(cell)
        except ValueError:
            count = math.nan
        if not 0 <= count <= MOST_COUNT or "_" in cell:
            self._fault(line, f"count is {cell!r}", f"a number of people, 0 to {MOST_COUNT:,}")
            return None
        return count

    def _fault(self, line: int, what: str, allowed: str) -> None:
        self.faults.append(f"line {line}: {what}; allowed: {allowed}")


def _slot_s(rows: dict[str, dict[date, dict[int, float]]]) -> int | None:
    """The commonest distance of a series' rows inside a day; a whole day where rows stand at midnight."""
    gaps: Counter[int] = Counter()
    seconds: set[int] = set()
    for days in rows.values():
        for slots in days.values():
            starts = sorted(slots)
            seconds.update(starts)
            gaps.update(later - sooner for sooner, later in pairwise(starts))
    if gaps:
        return max(gaps, key=lambda gap: (gaps[gap], -gap))
    return DAY_MIN * 60 if seconds == {0} else None


def _overlaps(table: _Table, slot_s: int | None) -> Iterator[str]:
    """Rows that begin before the slot of the row before them is over."""
    if slot_s is None:
        return
    for series, days in table.rows.items():
        for day, slots in days.items():
            starts = sorted(slots)
            for sooner, later in pairwise(starts):
                if later - sooner < slot_s:
                    line = table.lines[series, day, later]
                    yield (
                        f"line {line}: {series} starts {(later - sooner) / 60:g} min after the row before; "
                        f"allowed: slots of {slot_s / 60:g} min, which do not overlap"
                    )


def _text(header: list[str] | None) -> str:
    return "missing" if header is None else repr(",".join(header))
