"""`python -m scheduler.worker.asked --database URL --hall ID`: one what-if about today, from the database.

One line of JSON on standard input: `{"question": …, "now": the hall's time, ISO 8601}`; the answer's lines
are those of scheduler.replay.asked. Nothing is written to the hall. Standard input stays open for as long as
the answer is wanted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime
from typing import Any

from hall import leash
from hall.config import add_database_options, database_url
from hall.store import read
from hall.store.db import Database
from scheduler.replay.asked import DAY_OVER, NICE, answer
from scheduler.worker.demand import Demand


def main(argv: list[str]) -> int:
    """Read, answer, end. Exit status 0 for a refused question too: the refusal is the answer."""
    parser = argparse.ArgumentParser(prog="scheduler.worker.asked", description=__doc__)
    add_database_options(parser)
    parser.add_argument("--hall", required=True)
    options = parser.parse_args(argv)
    os.nice(NICE)
    asked = json.loads(sys.stdin.buffer.readline())
    leash.hold()
    taken = _today(database_url(options), options.hall, datetime.fromisoformat(asked["now"]))
    if taken is None:
        _say({"refused": {"field": "ask", "text": DAY_OVER, "details": {}}})
    else:
        answer({"snapshot": taken, "question": asked["question"]}, _say)
    return 0


def _today(url: str, hall_id: str, now: datetime) -> dict[str, Any] | None:
    """The hall as the planner would see it now; None on a day on which it stays shut."""
    database = Database(url)
    try:
        with database.look() as session:
            hall = read.hall(session, hall_id)
            if not hall.settings.hours_on(hall.day):
                return None
            return Demand().snapshot(session, hall, now, hall.settings.plan.deadline_ms)
    finally:
        database.close()


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
