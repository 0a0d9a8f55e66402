"""The worker's command that looks back: from a hall's database, as lines of JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from hall.desk import calendar
from hall.desk.calendar import Wanted
from hall.store import history, read
from scheduler.worker.demand import known
from tests.builders import MANAGER, MONDAY, NINE, World, make_hall


@pytest.fixture
def town(database_url: str) -> World:
    """A month of history, the same every day but for busier Mondays."""
    town = make_hall(database_url)
    past = [MONDAY - timedelta(days=n) for n in range(1, 36)]
    with town.db.change() as session:
        history.add_generated(
            session,
            town.hall,
            [
                (service, day, slot, 6 if day.weekday() == 0 else 4)
                for day in past
                if day.weekday() < 5
                for service in ("social", "estate")
                for slot in range(8 * 3600 + 1800, 17 * 3600 + 1800, 900)
            ],
        )
    return town


def asked(url: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "scheduler.worker.hindsight", "--database", url, "--hall", "town"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin and child.stdout
        child.stdin.write("{}\n")
        child.stdin.flush()
        lines = [json.loads(line) for line in child.stdout]
    assert child.returncode == 0
    return lines


def test_progress_first_and_then_the_days_with_their_figures(town: World, database_url: str) -> None:
    *progress, last = asked(database_url)
    assert progress[0] == {"done": 0, "of": 20} and progress[-1] == {"done": 20, "of": 20}
    told = last["answer"]
    assert (len(told["days"]), told["made_up"], sorted(told["services"])) == (20, 20, ["estate", "social"])
    hall = told["hall"]
    assert (hall["days"], hall["simple_days"], hall["simple_miss"]) == (20, 20, 0)
    assert hall["miss"] < 0.2 * hall["mean"] and 0 <= hall["inside"] <= 20
    expected, low, high, came, before = hall["by_day"][-1]
    assert low < expected < high
    assert came == before == 2 * 36 * 4


def test_an_event_counts_from_when_somebody_spoke_of_it(town: World) -> None:
    wanted = Wanted(MONDAY, MONDAY + timedelta(days=7), "event", factor=2.0)
    town.do(lambda c: calendar.add(c, wanted), MANAGER)
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        early, _ = known(session, hall, MONDAY, NINE - timedelta(hours=1))
        late, own = known(session, hall, MONDAY, NINE + timedelta(hours=1))
    assert (early.factor(MONDAY, "social"), late.factor(MONDAY, "social")) == (1.0, 2.0)
    assert own.factor(MONDAY, "social") == 2.0
