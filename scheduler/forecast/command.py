"""`tidehall forecast`: walk-ins per series and slot, from a file of counts (contracts/README.md §2)."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TextIO, TypeVar

from hall.core.calendar import NO_CALENDAR, Calendar
from scheduler.forecast.ahead import Row, ahead
from scheduler.forecast.calendar_file import read_calendar
from scheduler.forecast.faults import TIME, FileFaults, local_time
from scheduler.forecast.quantiles import LEVELS
from scheduler.forecast.reading import History, read_history
from scheduler.published import china

BAD_INPUT = 2
MOST_SLOTS = 1_000_000
HORIZON_DAYS = 400  # a series that is not open within a year and a month is shut for good
CHINA, NONE = "CN", "none"
COLUMNS = ("mean", *(f"q{round(100 * level):02d}" for level in LEVELS))

Read = TypeVar("Read")


def main(argv: list[str]) -> int:
    """Exit status 2, and a line per fault on standard error, for input that cannot be used."""
    asked = _parser().parse_args(argv)
    try:
        history = _open(
            asked.history, lambda lines: read_history(lines, asked.start, asked.slot_minutes), "history"
        )
        calendar = _calendar(asked.calendar, history, asked.start.date())
    except FileFaults as faults:
        return _refuse(faults.shown())
    if history.rows and history.slot_s is None:
        return _refuse(["the history does not show how long a slot is; add --slot-minutes"])
    rows = ahead(history, asked.start, calendar, HORIZON_DAYS)
    starts, last = _write(first_starts(rows, asked.slots), sys.stdout)
    today = asked.start.date()
    if not calendar.is_confirmed(min(_first(history, today), today)):
        _say(f"note: China's calendar is known from {calendar.since} on only; earlier holidays are not known")
    if calendar.is_short(today) or (calendar.until and (last or today) > calendar.until):
        _say(f"note: China's calendar is confirmed up to {calendar.until} only; later holidays are not known")
    if starts < asked.slots:
        _say(_too_few(starts, asked.slots, history))
    return 0


def _first(history: History, today: date) -> date:
    """The first day with rows; today where there are none."""
    return min((day for days in history.rows.values() for day in days), default=today)


def _too_few(starts: int, wanted: int, history: History) -> str:
    """Why fewer starts than wanted were found, and what to do."""
    if not history.rows:
        return "note: nothing is forecast, the history has no rows; add rows from before --from"
    if not starts:
        return (
            f"note: 0 of {wanted} starts, nothing is open in the {HORIZON_DAYS} days from --from on; "
            "add newer rows to the history, and see which days the calendar shuts"
        )
    return (
        f"note: {starts} of {wanted} starts, the forecast ends {HORIZON_DAYS} days after --from; "
        f"ask for at most {starts} slots, or again with a later --from"
    )


def first_starts(rows: Iterable[Row], most: int) -> Iterator[Row]:
    """The rows of the first `most` distinct starts."""
    seen, last = 0, None
    for row in rows:
        if row.start != last:
            seen, last = seen + 1, row.start
        if seen > most:
            return
        yield row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tidehall forecast", description=__doc__)
    parser.add_argument("--history", required=True, metavar="FILE", help="CSV: start,series,count; - = input")
    parser.add_argument(
        "--from", required=True, type=_time, dest="start", metavar="TIME", help="local, 2026-03-02T08:30"
    )
    parser.add_argument(
        "--slots", required=True, type=_whole(MOST_SLOTS), metavar="N", help="distinct starts to forecast"
    )
    parser.add_argument(
        "--slot-minutes", type=_whole(1440), metavar="M", help="where the data do not show it"
    )
    parser.add_argument(
        "--calendar", default=NONE, metavar="none|CN|FILE", help="FILE: date,kind[,from,to] (default: none)"
    )
    return parser


def _time(text: str) -> datetime:
    try:
        return local_time(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}; allowed: {TIME}") from None


def _whole(most: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {most}")
        return int(text)

    return whole


def _open(name: str, read: Callable[[Iterable[str]], Read], what: str) -> Read:
    """What `read` makes of a file's lines. Raises FileFaults."""
    try:
        if name == "-":
            if isinstance(sys.stdin, TextIOWrapper):
                sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape", newline="")
            return read(sys.stdin)
        # What is not UTF-8 is kept, so that it is told with its line, as every other fault is.
        with Path(name).open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
            return read(lines)
    except OSError as error:
        raise FileFaults([f"{what} {name}: {error.strerror}"]) from error


def _calendar(name: str, history: History, start: date) -> Calendar:
    if name == NONE:
        return NO_CALENDAR
    if name != CHINA:
        return _open(name, read_calendar, "calendar")
    return china(_first(history, start), start + timedelta(days=HORIZON_DAYS))


def _write(rows: Iterator[Row], out: TextIO) -> tuple[int, date | None]:
    """The number of starts and the last day. A day's worth at a time: a reader that has enough may close."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("start", "series", *COLUMNS))
    starts, last = 0, None
    while lines := list(islice(rows, 1000)):
        writer.writerows((_stamp(row.start), row.series, *(f"{n:.4f}" for n in row.figures)) for row in lines)
        starts += len({row.start for row in lines} - {last})
        last = lines[-1].start
    out.flush()
    return starts, last.date() if last else None


def _stamp(start: datetime) -> str:
    return start.isoformat(timespec="seconds" if start.second else "minutes")


def _refuse(faults: list[str]) -> int:
    for fault in faults:
        _say(fault)
    return BAD_INPUT


def _say(line: str) -> None:
    print(f"tidehall forecast: {line}", file=sys.stderr)  # noqa: T201
