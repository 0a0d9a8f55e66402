"""The real series that forecasts are judged on, read from the folder that TIDEHALL_DATA names."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from scheduler.forecast import Count

QUARTER_S = 900
HOLE_IN_THE_ESTIMATE = 30.0  # Warsaw's derived arrivals above this are artefacts (its README)
SERVED = {"served", "abandoned"}  # what counts as demand in the bank's log (its README)
BANK_TYPES = ("IN", "NE", "NW", "PE", "PS", "TT")
BANK_HOURS = {4: (7, 14), 5: (20, 24)}  # Friday and Saturday; else 07:00-24:00
COLLAPSE = "2020-03-01"
WARSAW_HOURS = {0: (10, 18)}  # Monday; else 08:00-16:00 (its README)


def folder() -> Path:
    """Where the data sets are; they are no part of the project."""
    return Path(os.environ.get("TIDEHALL_DATA", "../shared/data"))


def us_bank() -> list[Count]:
    """Calls per quarter hour, 07:00 to 21:00, one series over 34 weeks."""
    counts: Counter[tuple[date, int]] = Counter()
    for row in _rows("us-bank-call-counts-2003/counts_5min.csv.gz"):
        day, second = _split(row["start"])
        if second < 21 * 3600:
            counts[day, second // QUARTER_S * QUARTER_S] += int(row["calls"])
    return [("calls", day, second, count) for (day, second), count in sorted(counts.items())]


def airport() -> list[Count]:
    """Passengers per hour until traffic collapsed in March 2020.

    The log has no row for an hour that brought nobody (its README): on a day that has rows these are zeros.
    Were they left out, a forecaster would be told by the rows of the judged day which hours bring somebody.
    """
    came = {
        (date.fromisoformat(r["date"]), int(r["hour"])): int(r["passengers"])
        for r in airport_hours()
        if r["date"] < COLLAPSE
    }
    days, hours = sorted({day for day, _ in came}), [hour for _, hour in came]
    return [
        ("passengers", day, hour * 3600, came.get((day, hour), 0))
        for day in days
        for hour in range(min(hours), max(hours) + 1)
    ]


def airport_hours() -> Iterator[dict[str, str]]:
    """Every hour of the passport hall as the log has it."""
    return _rows("airport-passport-hall-2016-2020/hourly.csv.gz")


def bank_log() -> list[Count]:
    """Callers per type and quarter hour over four weeks."""
    counts: Counter[tuple[str, date, int]] = Counter()
    days = set()
    for row in bank_calls():
        day = date.fromisoformat(row["date"])
        days.add(day)
        counts[row["type"], day, int(row["arrival_s"]) // QUARTER_S * QUARTER_S] += 1
    return [
        (kind, day, second, counts[kind, day, second])
        for day in sorted(days)
        for second in _bank_slots(day)
        for kind in BANK_TYPES
    ]


def bank_calls() -> list[dict[str, str]]:
    """Everybody who asked for an agent, as the log has them."""
    return [row for row in _rows("bank-call-log-1999-02/calls.csv.gz") if row["outcome"] in SERVED]


def warsaw_classes() -> dict[str, str]:
    """What each queue is for, by the coarse grouping of the data's README."""
    with (folder() / "citizen-offices-warsaw-2020/queues.csv").open(encoding="utf-8", newline="") as lines:
        return {f"{row['office']}/{row['queue']}": row["class_en"] for row in csv.DictReader(lines)}


def warsaw_lines() -> list[Count]:
    """Tickets per queue and quarter hour in 14 offices, 18 days."""
    return [
        (f"{row['office']}/{row['queue']}", *_split(row["start"]), count)
        for row in _rows("citizen-offices-warsaw-2020/arrivals_15min_derived.csv.gz")
        for count in [round(min(HOLE_IN_THE_ESTIMATE, float(row["arrivals_est"])))]
    ]


def warsaw_offices() -> list[Count]:
    """The same, summed over each office."""
    counts: Counter[tuple[str, date, int]] = Counter()
    for line, day, second, count in warsaw_lines():
        counts[line.split("/")[0], day, second] += round(count)
    return [(*key, count) for key, count in sorted(counts.items())]


def is_open(name: str, day: date, slot: int) -> bool:
    """Whether the hall of this set has its doors open: Warsaw's rows go on until 19:00, with zeros.

    The banks' sets hold no row of a closed hour; the airport is open round the clock.
    """
    if not name.startswith("warsaw"):
        return True
    first, last = WARSAW_HOURS.get(day.weekday(), (8, 16))
    return first * 3600 <= slot < last * 3600


SETS: dict[str, tuple[Callable[[], list[Count]], int, int]] = {
    # name: (how to read it, days of history before the first forecast, judge every n-th day)
    "us-bank": (us_bank, 40, 1),
    "airport": (airport, 200, 11),
    "bank-log": (bank_log, 8, 1),
    "warsaw-offices": (warsaw_offices, 5, 1),
    "warsaw-lines": (warsaw_lines, 5, 1),
}


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(folder() / name, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _split(start: str) -> tuple[date, int]:
    return date.fromisoformat(start[:10]), int(start[11:13]) * 3600 + int(start[14:16]) * 60


def _bank_slots(day: date) -> range:
    first, last = BANK_HOURS.get(day.weekday(), (7, 24))
    return range(first * 3600, last * 3600, QUARTER_S)
