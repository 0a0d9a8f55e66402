"""Making the demo's hall: the district, a year of counts, five lived days, this Monday until mid-morning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from hall.core.days import instant
from hall.core.names import HallId
from hall.core.people import Role
from hall.demo import morning, tide
from hall.demo.district import HALL, ZONE, hall_file
from hall.demo.lived import LivedDay
from hall.store import accounts, history, migrations, pastdays, read
from hall.store.db import Database, Session
from hall.store.hallfile import parse
from hall.store.setup import add_hall

LIVED_DAYS = 5
TEN_PAST_TEN_S = 10 * 3600 + 300  # mid-morning, when the tide is at its highest
KIOSKS = 3
Progress = Callable[[str], None]


def is_there(db: Database) -> bool:
    """Whether the demo's hall was made whole before."""
    if migrations.step(db) is None:
        return False
    with db.look() as session:
        return HALL in read.hall_ids(session) and read.hall(session, HALL).settings.demo


def make(db: Database, today: date, seed: int, say: Progress) -> None:
    """Make the demo's hall. It becomes a demo, and so whole, only with its last step."""
    monday = surge_monday(today)
    say("making the hall: 36 windows, 10 of them tidal")
    migrations.upgrade(db)
    days = tide.open_days(monday, LIVED_DAYS)
    with db.change() as session:
        add_hall(session, parse(hall_file(), monday), instant(days[0], tide.MORNING_S - 600, ZONE))
        _accounts(session)
    say("a year of generated history")
    with db.change() as session:
        history.add_generated(session, HALL, tide.year_before(days[0], seed))
    for day in days:
        say(f"the day of {day.isoformat()}")
        lived = LivedDay(tide.of(day, seed), np.random.default_rng((seed, day.toordinal())))
        visits = lived.live()
        with db.change() as session:
            pastdays.add_day(session, read.hall(session, HALL), day, visits, lived.evening())
    say(f"this morning, {monday.isoformat()}")
    morning.live(db, HallId(HALL), monday, TEN_PAST_TEN_S, seed, surge=True)
    with db.change() as session:
        for day in history.days_to_roll_up(session, read.hall(session, HALL)):
            history.roll_up(session, read.hall(session, HALL), day)
        hall = read.hall(session, HALL)
        hall.settings = replace(hall.settings, demo=True)


def surge_monday(today: date) -> date:
    """The last Monday that the hall was open."""
    day = today - timedelta(days=today.weekday())
    while not tide.is_open(day):
        day -= timedelta(days=7)
    return day


def start_clock(db: Database, speed: float) -> None:
    """Let the hall's time go on from its last change, at this speed."""
    with db.change() as session:
        hall = read.hall(session, HALL)
        hall.pace_hall_at = history.last_change(session, HALL) or hall.pace_hall_at
        hall.pace_real_at, hall.pace_speed = datetime.now(UTC), speed


def _accounts(session: Session) -> None:
    with_password: list[tuple[str, Role, str | None]] = [("manager", Role.MANAGER, None)]
    with_password += [(f"kiosk{n}", Role.KIOSK, None) for n in range(1, KIOSKS + 1)]
    with_password += [("screen", Role.DISPLAY, None), ("clerk36", Role.CLERK, "c36")]
    for login, role, clerk in with_password:
        accounts.add(session, HALL, login, role, accounts.Password.new(), clerk)
