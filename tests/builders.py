"""Small halls for tests, with sensible defaults: two services, three windows, a clerk for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from hall.core.hall import Settings
from hall.core.names import ClerkId, HallId
from hall.core.people import WORKER, Actor, Role
from hall.desk import calls, posts, visits
from hall.desk.opening import Done, perform
from hall.store import migrations
from hall.store.db import Database
from hall.store.journal import Change, Request
from hall.store.tables import Clerk, Family, Hall, Service, Shift, Skill, Window

HALL = HallId("town")
ZONE = "Asia/Shanghai"
MONDAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in the hall
KIOSK = Actor(Role.KIOSK, "kiosk-1")
MANAGER = Actor(Role.MANAGER, "manager-1")
# Windows of a small hall may flip as soon as somebody sits there; the dwell has tests of its own.
AT_ONCE = replace(Settings(), plan=replace(Settings().plan, min_dwell_s=0))
OPENED: list[Database] = []  # by make_hall in the present test; tests/conftest.py closes them


@dataclass
class HandClock:
    """A clock that a test moves by hand. The hall of make_hall runs on it at speed 1."""

    at: datetime = NINE

    def real(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


def clerk_actor(clerk: str) -> Actor:
    return Actor(Role.CLERK, f"account-{clerk}", ClerkId(clerk))


@dataclass
class World:
    """A hall, its database and a clock, with short ways to do what people do there."""

    db: Database
    clock: HandClock = field(default_factory=HandClock)
    hall: HallId = HALL
    _ids: Any = field(default_factory=lambda: count(1))

    def do(self, verb: Callable[[Change], Any], by: Actor = WORKER, request: Request | None = None) -> Any:
        """Perform a verb and give back what it returned."""
        found: list[Any] = []

        def keep(change: Change) -> dict[str, Any]:
            found.append(verb(change))
            return {}

        perform(self.db, self.clock, by, self.hall, request or Request(None), keep)
        return found[-1]  # a verb that met another one's refusal was run twice

    def told(self, verb: Callable[[Change], Any], by: Actor, request_id: str, *asked: object) -> Done:
        """Perform a verb as a surface does, with a request id and an answer that is remembered."""
        return perform(self.db, self.clock, by, self.hall, Request.of(request_id, *asked), verb)

    def issue(self, service: str = "social", *, priority: bool = False) -> visits.Issued:
        return self.do(lambda c: visits.issue(c, service, priority=priority), KIOSK)

    def sign_in(self, clerk: str = "c1", window: str = "W01") -> Any:
        return self.do(lambda c: posts.sign_in(c, window), clerk_actor(clerk))

    def call(self, clerk: str = "c1", window: str = "W01", *, finish: bool = False) -> calls.Called | None:
        return self.do(lambda c: calls.call_next(c, window, finish=finish), clerk_actor(clerk))

    def finish(self, ticket: str, clerk: str = "c1") -> Any:
        return self.do(lambda c: calls.finish(c, ticket), clerk_actor(clerk))


def make_hall(
    url: str | Database,
    *,
    hall_id: HallId = HALL,
    services: dict[str, str] | None = None,
    windows: int = 3,
    settings: Settings | None = None,
    **service_fields: Any,
) -> World:
    """A migrated database with one hall. `services`: id -> family; every clerk may serve all of them.

    A database opened here from an address is closed when the test ends; one that is handed in must be
    migrated already and stays its owner's.
    """
    db = url if isinstance(url, Database) else _opened(url)
    services = services or {"social": "social", "estate": "estate"}
    with db.change() as session:
        session.add(
            Hall(
                id=hall_id, name_zh="测试大厅", name_en="Test hall", zone=ZONE, version=0, day=MONDAY,
                settings=settings or AT_ONCE, pace_real_at=NINE, pace_hall_at=NINE, pace_speed=1.0,
            )
        )  # fmt: skip
        session.flush()
        for position, family in enumerate(dict.fromkeys(services.values())):
            session.add(Family(hall_id=hall_id, id=family, name_zh=family, name_en=family, position=position))
        for position, (service, family) in enumerate(services.items()):
            fields = {"service_s": 450.0, "quota": 2, **service_fields}
            session.add(
                Service(
                    hall_id=hall_id, id=service, family_id=family, prefix=chr(65 + position), name_zh=service,
                    name_en=service, position=position, **fields,
                )
            )  # fmt: skip
        for index in range(windows):
            _add_window(session, hall_id, index, services)
    return World(db, hall=hall_id)


def open_for_real(town: World, speed: float = 1.0) -> None:
    """Let the hall's time begin now at Monday 10:00, for processes that have a clock of their own."""
    with town.db.change() as session:
        hall = session.get_one(Hall, town.hall)
        hall.pace_real_at, hall.pace_speed = datetime.now(UTC), speed
        hall.pace_hall_at = NINE + timedelta(hours=1)


def _opened(url: str) -> Database:
    db = Database(url)
    OPENED.append(db)
    migrations.upgrade(db)
    return db


def _add_window(session: Any, hall_id: HallId, index: int, services: dict[str, str]) -> None:
    window, clerk = f"W{index + 1:02d}", f"c{index + 1}"
    session.add(
        Window(
            hall_id=hall_id, id=window, label=str(index + 1), position=index, can=sorted(services),
            tidal=True, fixed_mode=[], mode=[],
        )
    )  # fmt: skip
    session.add(Clerk(hall_id=hall_id, id=clerk, name=clerk, home=window))
    for service in services:
        session.add(Skill(hall_id=hall_id, clerk_id=clerk, service_id=service, pace=1.0))
    for weekday in range(5):
        breaks = [{"earliest_s": 41400, "latest_s": 46800, "length_s": 3600}]
        session.add(
            Shift(hall_id=hall_id, clerk_id=clerk, weekday=weekday, start_s=30600, end_s=63000, breaks=breaks)
        )


def with_line_rules(**rules: int) -> Settings:
    """Settings with other line rules."""
    return replace(AT_ONCE, line=replace(AT_ONCE.line, **rules))
