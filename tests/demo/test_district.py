"""The demo's hall and its days: what was published stays true, and what was lived can be proved."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from sqlalchemy import select

from hall.core.retold import retell
from hall.demo import seed, tide
from hall.demo.district import GROUPS, HALL, MATTERS, hall_file
from hall.demo.lived import LivedDay
from hall.store import history, journal, read
from hall.store.db import Database
from hall.store.hallfile import parse
from hall.store.tables import Arrivals, Ticket

MONDAY = date(2026, 11, 23)


def test_the_district_is_as_large_as_published() -> None:
    parts = parse(hall_file(), MONDAY).parts
    assert len(parts.windows) == 36
    assert sum(window.tidal for window in parts.windows) == 10
    assert len(parts.families) == len(GROUPS) == 7
    assert abs(sum(matter.share for matter in MATTERS) - 1) < 1e-9


def test_a_tide_is_the_same_for_the_same_seed_and_day() -> None:
    one, two, other = tide.of(MONDAY, 7), tide.of(MONDAY, 7), tide.of(MONDAY, 8)
    assert np.array_equal(one.expected, two.expected)
    assert not np.array_equal(one.expected, other.expected)
    assert one.rate(0, 12 * 3600 + 1800) == 0, "nobody comes at noon"


def test_mondays_are_busy_and_days_differ() -> None:
    totals = {day: tide.of(day, 7).expected.sum() for day in tide.open_days(MONDAY, 200)}
    mondays = [total for day, total in totals.items() if day.weekday() == 0]
    others = [total for day, total in totals.items() if day.weekday() in (1, 2, 3)]
    assert np.mean(mondays) > 1.1 * np.mean(others)
    assert np.std(others) > 0.05 * np.mean(others)


def test_holidays_are_not_opened() -> None:
    assert not tide.is_open(date(2026, 1, 1))
    assert seed.surge_monday(date(2026, 11, 26)) == MONDAY


def test_everybody_of_a_lived_day_is_served_by_somebody_who_may() -> None:
    day = LivedDay(tide.of(MONDAY, 7), np.random.default_rng(1))
    visits = day.live()
    assert len(visits) > 800
    assert all(visit.arrived <= visit.called for visit in visits)
    by_window: dict[str, list[tuple[float, float]]] = {}
    for visit in visits:
        end = visit.ended or visit.called
        by_window.setdefault(visit.window, []).append((visit.called.timestamp(), end.timestamp()))
    for spans in by_window.values():
        ordered = sorted(spans)
        assert all(a[1] <= b[0] for a, b in pairwise(ordered)), "one visitor at a time"


def test_the_demo_is_made_whole_and_its_journal_holds(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path}/demo.sqlite")
    told: list[str] = []
    assert not seed.is_there(db)
    seed.make(db, date(2026, 11, 25), 7, told.append)
    assert seed.is_there(db) and len(told) > 5
    with db.look() as session:
        hall = read.hall(session, HALL)
        assert hall.settings.demo and hall.day == MONDAY
        assert journal.verify(session, HALL) is None  # type: ignore[arg-type]  # a hall's id
        events = [event for _, event in journal.since(session, HALL, 0, 1_000_000)]  # type: ignore[arg-type]
        rows = list(session.scalars(select(Ticket)))
        assert {id_: each.state for id_, each in retell(events).tickets.items()} == {
            row.id: row.state for row in rows
        }
        assert len({row.day for row in rows}) == 6, "five lived days and this morning"
        assert max(Counter((row.day, row.number) for row in rows).values()) == 1
        states = Counter(row.state for row in rows if row.day == MONDAY)
        assert states["waiting"] > 20 and states["done"] > 100
        generated = session.scalars(select(Arrivals.generated).distinct()).all()
        assert set(generated) == {True, False}, "the year is marked as generated, the lived days are not"
        assert len({day for _, day, _, _ in history.counts(session, HALL, MONDAY)}) > 230
    db.close()
