"""One real day of Warsaw's largest citizens' office: its queues as services, its arrivals, invented staff."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

FOLDER = "citizen-offices-warsaw-2020"
DAY = date(2020, 1, 14)  # a plain Tuesday
MOST = 30  # in a quarter hour; the README of the data says to cap what is above
HANDLING_MIN = 9.0
LOAD = 0.6  # of the clerks' time between opening and closing
HOURS_MIN = 600


def largest_office(folder: Path) -> str:
    """The office with the most arrivals of all days."""
    totals: Counter[str] = Counter()
    for row in _rows(folder):
        totals[row["office"]] += float(row["arrivals_est"])  # type: ignore[assignment]  # estimates
    return totals.most_common(1)[0][0]


def counts(folder: Path, office: str) -> dict[tuple[str, datetime], int]:
    """Walk-ins of the day by queue and quarter hour."""
    return {
        (f"q{row['queue']}", datetime.fromisoformat(row["start"])): min(
            MOST, round(float(row["arrivals_est"]))
        )
        for row in _rows(folder)
        if row["office"] == office and row["start"].startswith(DAY.isoformat())
    }


def write_arrivals(found: dict[tuple[str, datetime], int], path: Path) -> None:
    """The day as `tidehall drive` reads it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["start", "series", "count"])
        for (queue, start), count in sorted(found.items(), key=lambda one: (one[0][1], one[0][0])):
            lines.writerow([start.isoformat(), queue, count])


def hall_file(folder: Path, office: str, found: dict[tuple[str, datetime], int]) -> str:
    """The office as a hall file: own windows for its larger queues, tidal ones that reach everything."""
    totals: Counter[str] = Counter()
    for (queue, _), count in found.items():
        totals[queue] += count
    families = _families(folder, office, totals)
    services = [
        {"id": queue, "family": families[queue], "name": queue, "prefix": chr(ord("A") + index),
         "handling_min": HANDLING_MIN, "floor": 0}
        for index, queue in enumerate(sorted(totals))
    ]  # fmt: skip
    clerks = max(4, round(sum(totals.values()) * HANDLING_MIN / HOURS_MIN / LOAD))
    reach = sorted(set(families.values()))
    windows = [{"id": f"W{n + 1:02d}", "can": reach, "tidal": True} for n in range(clerks)]
    return yaml.safe_dump(
        {
            "hall": {"id": "warsaw", "name": office, "zone": "Europe/Warsaw", "plan_mode": "auto"},
            "hours": {"mon-fri": "08:00-18:00"},
            "families": [{"id": family, "name": family} for family in reach],
            "services": services,
            "windows": [{**window, "can": list(reach)} for window in windows],
            "clerks": [
                {"id": f"c{n + 1:02d}", "name": f"c{n + 1:02d}", "home": w["id"], "skills": list(reach),
                 "shift": "07:50-18:10"}
                for n, w in enumerate(windows)
            ],
            "rules": {"setup_min": 3, "min_dwell_min": 20, "max_families": 2, "replan_min": 10},
        },
        allow_unicode=True,
    )  # fmt: skip


def _walk_ins(row: dict[str, Any]) -> int:
    return min(MOST, round(float(row["arrivals_est"])))


def _families(folder: Path, office: str, totals: Counter[str]) -> dict[str, str]:
    """Each queue's coarse class as its family."""
    names: dict[str, str] = {}
    with (folder / "queues.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["office"] == office and f"q{row['queue']}" in totals:
                names[f"q{row['queue']}"] = row["class_en"]
    order = sorted(set(names.values()))
    return {queue: f"f{order.index(name) + 1}" for queue, name in names.items()}


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "arrivals_15min_derived.csv.gz", "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)
