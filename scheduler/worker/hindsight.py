"""`python -m scheduler.worker.hindsight --database URL --hall ID`: how good the forecast was.

Standard input: one line of JSON, as scheduler.worker.asked takes it; the question is empty. Output: lines
`{"done", "of"}`, then `{"answer": …}`. Nothing is written to the hall. Standard input stays open for as long
as the answer is wanted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from hall import leash
from hall.config import add_database_options, database_url
from hall.core.days import instant
from hall.store import history, read
from hall.store.db import Database
from scheduler.forecast.hindsight import WHOLE, Figures, Known, PastDay, Rows, judged, look_back
from scheduler.replay.asked import NICE
from scheduler.worker.demand import known


def main(argv: list[str]) -> int:
    """Read, answer, end."""
    parser = argparse.ArgumentParser(prog="scheduler.worker.hindsight", description=__doc__)
    add_database_options(parser)
    parser.add_argument("--hall", required=True)
    options = parser.parse_args(argv)
    os.nice(NICE)
    sys.stdin.buffer.readline()
    leash.hold()
    rows, calendars, made_up = _remembered(database_url(options), options.hall)
    told: list[PastDay] = []
    _say({"done": 0, "of": len(calendars)})
    for past in look_back(rows, calendars.__getitem__):
        told.append(past)
        _say({"done": len(told), "of": len(calendars)})
    _say({"answer": {"made_up": sum(past.day in made_up for past in told), **_told(told)}})
    return 0


def _remembered(url: str, hall_id: str) -> tuple[Rows, dict[date, Known], set[date]]:
    """The counts, what was known at the opening of each day that is judged, and which days are made up."""
    database = Database(url)
    try:
        with database.look() as session:
            hall = read.hall(session, hall_id)
            rows = history.counts(session, hall_id, hall.day)
            opening: dict[date, int] = {}
            for _, day, slot, _ in rows:
                opening[day] = min(slot, opening.get(day, slot))
            calendars = {
                day: known(session, hall, day, instant(day, opening[day], hall.zone))
                for day in judged(sorted(opening))
            }
            return rows, calendars, history.made_up(session, hall_id, min(calendars, default=hall.day))
    finally:
        database.close()


def _told(days: Sequence[PastDay]) -> dict[str, Any]:
    """The same by series; a service that was shut on a day has null there."""
    services = sorted({service for past in days for service in past.figures} - {WHOLE})
    return {
        "days": [past.day.isoformat() for past in days],
        "hall": _series([past.figures.get(WHOLE) for past in days]),
        "services": {one: _series([past.figures.get(one) for past in days]) for one in services},
    }


def _series(days: Sequence[Figures | None]) -> dict[str, Any]:
    """Figures by day, and what they come to: days inside the range, mean miss, and that of the simplest rule.

    `as_simple` is the forecast's own miss on the days on which the simple rule has an answer.
    """
    seen = [one for one in days if one is not None]
    simple = [one for one in seen if one.week_before is not None]
    return {
        "by_day": [_day(one) if one else None for one in days],
        "days": len(seen),
        "inside": sum(one.low <= one.came <= one.high for one in seen),
        "mean": _mean([one.came for one in seen]),
        "miss": _mean([abs(one.came - one.expected) for one in seen]),
        "simple_days": len(simple),
        "simple_mean": _mean([one.came for one in simple]),
        "simple_miss": _mean([abs(one.came - (one.week_before or 0.0)) for one in simple]),
        "as_simple": _mean([abs(one.came - one.expected) for one in simple]),
    }


def _day(one: Figures) -> list[float | None]:
    """Expected, low, high, came, the week before."""
    before = None if one.week_before is None else round(one.week_before, 1)
    return [*(round(n, 1) for n in (one.expected, one.low, one.high, one.came)), before]


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
