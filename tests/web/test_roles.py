"""Every address of the app, and who may open it. An address without an entry fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from hall.core.hall import Settings
from hall.core.people import WORKER, Role
from hall.desk import bookings, calendar, plans
from hall.store import accounts, migrations
from hall.store.db import Database
from hall.store.tables import Hall
from hall.web.api.operations import operations
from hall.web.app import create_app
from tests.builders import MANAGER, MONDAY, NINE, World, make_hall
from tests.plans import plan_with_flip

MANAGERS = frozenset({"manager", "admin"})
STAFF = MANAGERS | {"clerk"}
ISSUERS = STAFF | {"kiosk"}
HOLDERS = ISSUERS | {"holder"}  # of the ticket or booking that the address names, by its secret id
ALL = ISSUERS | {"display"}
OPEN = ALL | {"nobody", "elsewhere", "holder"}

MAY: dict[str, frozenset[str]] = {
    # What tells nothing about a hall's people.
    "GET /": OPEN, "GET /login": OPEN,
    "GET /healthz": OPEN, "GET /readyz": OPEN, "GET /metrics": OPEN,
    "GET /api/v1/openapi.json": OPEN, "GET /api/v1/docs": OPEN,
    # Screens, of a hall that shows them to its own devices only; public ones are asked below.
    "GET /h/<hall>/board": ALL, "GET /h/<hall>/sign/<window>": ALL,
    "GET /api/v1/halls/<hall>/boards/<board>": ALL,
    "GET /h/<hall>/now": ALL, "GET /h/<hall>/now/later": ALL, "GET /api/v1/halls/<hall>/quieter": ALL,
    # Where visitors ask.
    "GET /h/<hall>/kiosk": ISSUERS, "GET /h/<hall>/kiosk/ticket": ISSUERS,
    "GET /api/v1/halls/<hall>/services": ALL, "GET /api/v1/halls/<hall>/slots": ALL,
    "POST /api/v1/halls/<hall>/tickets": ISSUERS,
    "GET /api/v1/halls/<hall>/bookings": ISSUERS, "POST /api/v1/halls/<hall>/bookings": ISSUERS,
    "GET /api/v1/tickets/<ticket>": HOLDERS,
    "POST /api/v1/tickets/<ticket>/cancel": HOLDERS, "POST /api/v1/tickets/<ticket>/reactivate": HOLDERS,
    "POST /api/v1/bookings/<booking>/check-in": HOLDERS, "POST /api/v1/bookings/<booking>/move": HOLDERS,
    "POST /api/v1/bookings/<booking>/cancel": HOLDERS,
    # Where clerks work.
    "GET /h/<hall>/console": STAFF, "GET /h/<hall>/console/state": STAFF,
    "GET /h/<hall>/console/<window>": STAFF, "GET /h/<hall>/console/<window>/transfer": STAFF,
    **{f"POST /api/v1/halls/<hall>/windows/<window>/{act}": STAFF for act in (
        "sign-in", "pause", "resume", "sign-out", "call-next", "standby")},
    **{f"POST /api/v1/tickets/<ticket>/{act}": STAFF for act in (
        "start", "finish", "recall", "pass-over", "hold", "return", "transfer")},
    # Where managers decide.
    "GET /h/<hall>/manage": MANAGERS, "GET /h/<hall>/manage/state": MANAGERS,
    "GET /h/<hall>/manage/window/<window>": MANAGERS,
    "GET /h/<hall>/manage/whatif": MANAGERS, "POST /h/<hall>/manage/whatif/ask": MANAGERS,
    "POST /h/<hall>/manage/whatif/stop": MANAGERS,
    "GET /h/<hall>/manage/calendar": MANAGERS,
    "GET /h/<hall>/manage/forecast": MANAGERS, "GET /h/<hall>/manage/forecast/past": MANAGERS,
    "GET /api/v1/halls/<hall>/plan": STAFF, "GET /api/v1/halls/<hall>/plans": STAFF,
    "POST /api/v1/halls/<hall>/pins": MANAGERS, "DELETE /api/v1/halls/<hall>/pins/<window>": MANAGERS,
    "PUT /api/v1/halls/<hall>/plan-mode": MANAGERS,
    "GET /api/v1/halls/<hall>/calendar": MANAGERS, "POST /api/v1/halls/<hall>/calendar": MANAGERS,
    "POST /api/v1/halls/<hall>/calendar/<entry>": MANAGERS,
    "DELETE /api/v1/halls/<hall>/calendar/<entry>": MANAGERS,
    "POST /api/v1/halls/<hall>/clerks/<clerk>/absent": MANAGERS,
    **{f"POST /api/v1/plans/<plan>/{act}": MANAGERS for act in ("approve", "refuse", "undo")},
}  # fmt: skip
FORMS = {"POST /login", "POST /logout"}  # for everybody, from a page of ours: tests/web/test_front.py
QUERIES = {"GET /h/<hall>/kiosk/ticket": "number=A001", "GET /h/<hall>/console/state": "window=W01"}


class Doors:
    """An app over two halls: a credential for each kind of caller, and a thing for each address to name."""

    def __init__(self, folder: Path) -> None:
        db = Database(f"sqlite:///{folder}/hall.sqlite")
        migrations.upgrade(db)
        self.world = make_hall(db, settings=replace(Settings(), public_screens=False))
        village = replace(make_hall(db, hall_id="village"), hall="village")  # type: ignore[arg-type]  # an id
        self.tokens = {role: _token(self.world, role) for role in ALL}
        self.tokens["elsewhere"] = _token(village, "admin")
        self.things = {"hall": "town", "window": "W01", "board": "hall", "clerk": "c1", **_things(self.world)}
        self.app = create_app(str(db.url), clock=self.world.clock, follow=False)

    def ask(self, who: str, line: str) -> int:
        """What this caller is answered with. The body says nothing, so that what is allowed does nothing."""
        method, rule = line.split(" ")
        path = re.sub(r"<(\w+)>", lambda name: self.things[name[1]], rule)
        held = self.things.get("booking" if "<booking>" in rule else "ticket", "")
        shown = held if who == "holder" else self.tokens.get(who)
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        body = None if method == "GET" else {"request_id": "\x00"}
        return (
            self.app.test_client()
            .open(path, method=method, headers=headers, json=body, query_string=QUERIES.get(line))
            .status_code
        )

    def close(self) -> None:
        self.app.extensions["tidehall"].database.close()
        self.world.db.close()


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    made = Doors(tmp_path_factory.mktemp("roles"))
    yield made
    made.close()


def _token(world: World, role: str) -> str:
    with world.db.change() as session:
        clerk = "c1" if role == "clerk" else None
        return accounts.add_token(session, world.hall, Role(role), clerk, world.clock.real())


def _things(world: World) -> dict[str, str]:
    ticket = world.issue().id
    booking = world.do(lambda c: bookings.book(c, "social", NINE + timedelta(hours=1))).id
    world.sign_in()
    told = plan_with_flip("W01", ["social"], ["estate"], at_s=36000)
    plan = world.do(lambda c: plans.propose(c, told), WORKER).id
    world.do(lambda c: plans.approve(c, plan), MANAGER)
    day = world.do(lambda c: calendar.add(c, calendar.Wanted(MONDAY, MONDAY, "restday")), MANAGER).id
    return {"ticket": ticket, "booking": booking, "plan": plan, "entry": day}


def _lines(app: Flask) -> set[str]:
    """Every method and address that the app answers, but for files that are the same for everybody."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.endswith("static")]
    return {
        f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_address_says_who_may_open_it(doors: Doors) -> None:
    assert _lines(doors.app) == set(MAY) | FORMS


@pytest.mark.parametrize("line", MAY)
def test_an_address_opens_to_its_roles_and_to_nobody_else(doors: Doors, line: str) -> None:
    answers = {who: doors.ask(who, line) for who in sorted(OPEN)}
    refused = {who for who, status in answers.items() if status in (401, 403, 404)}
    assert refused == OPEN - MAY[line], answers


@pytest.mark.parametrize("line", [line for line in MAY if MAY[line] != OPEN])
def test_whoever_shows_nothing_is_asked_to_sign_in_and_another_halls_is_not_let_in(
    doors: Doors, line: str
) -> None:
    assert doors.ask("nobody", line) == 401
    assert doors.ask("elsewhere", line) == (403 if "<hall>" in line else 404)


def test_the_description_of_the_api_names_the_same_roles() -> None:
    for one in operations:
        line = f"{one.method} /api/v1{one.path.replace('{', '<').replace('}', '>')}"
        named = {"holder" if role is Role.VISITOR else role.value for role in one.roles - {Role.SYSTEM}}
        assert named == MAY[line], line


def test_public_screens_are_open_to_whoever_passes_by_and_nothing_else_is(doors: Doors) -> None:
    with doors.world.db.change() as session:
        session.get_one(Hall, "town").settings = Settings()
    screens = {
        "GET /h/<hall>/board",
        "GET /h/<hall>/sign/<window>",
        "GET /api/v1/halls/<hall>/boards/<board>",
        "GET /h/<hall>/now",
        "GET /h/<hall>/now/later",
        "GET /api/v1/halls/<hall>/quieter",
    }
    opened = {line for line in MAY if MAY[line] != OPEN and doors.ask("nobody", line) == 200}
    assert opened == screens
