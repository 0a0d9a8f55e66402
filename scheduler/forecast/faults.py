"""What is wrong with a file: every fault with its line, so that one look mends them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime

from hall.core.days import Interval

YEARS = range(1970, 2200)
TIME = f"a local date and time like 2026-03-02T08:30, no offset, {YEARS[0]} to {YEARS[-1]}"
LOCAL = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?", re.ASCII)
NOT_UTF8 = "not UTF-8; allowed: text in UTF-8"
SHOWN = 200  # lines of fault that are listed; the rest are counted


class FileFaults(Exception):
    """A file that cannot be used; `lines` says why, one line per fault."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    def shown(self) -> list[str]:
        """The first faults, and how many more there are."""
        more = len(self.lines) - SHOWN
        return self.lines[:SHOWN] + ([f"… and {more} more faults"] if more > 0 else [])


def unmarked(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the byte order mark that spreadsheets put before the first, quoted or not."""
    for number, line in enumerate(lines):
        yield line if number else line.removeprefix("\ufeff")


def undecoded(cells: Iterable[str]) -> bool:
    """Whether bytes that are not UTF-8 are in a line that was read with `surrogateescape`."""
    return any("\udc80" <= mark <= "\udcff" for cell in cells for mark in cell)


def has_controls(text: str) -> bool:
    """Whether control characters (NUL, bell, line breaks and the like) are in a text."""
    return any(unicodedata.category(mark) == "Cc" for mark in text)


def local_time(text: str) -> datetime:
    """A local ISO date and time from YEARS, or a date for its midnight. ValueError for anything else."""
    if not LOCAL.fullmatch(text):
        raise ValueError("no local date and time")
    found = datetime.fromisoformat(text)
    if found.year not in YEARS:
        raise ValueError("too far away")
    return found


def second_of_day(text: str) -> int:
    """08:30 as seconds since midnight; 24:00 is the end of the day. ValueError for anything else."""
    hour, minute = text.split(":")
    found = int(hour) * 3600 + int(minute) * 60
    if not (len(minute) == 2 and 0 <= int(minute) < 60 and 0 <= found <= 86_400):
        raise ValueError(text)
    return found


def interval(first: str, last: str) -> Interval:
    """Two times of day, the later one second."""
    begin, end = second_of_day(first), second_of_day(last)
    if begin >= end:
        raise ValueError(f"{first} is not before {last}")
    return begin, end
