"""Every address of the app, and who may open it. An address without an entry fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from hall.core.people import Role
from hall.store import accounts
from hall.web.app import create_app
from tests.builders import World, make_hall

STAFF = {"clerk", "manager", "admin"}
MANAGERS = {"manager", "admin"}
ISSUERS = STAFF | {"kiosk"}
ALL = ISSUERS | {"display"}
OPEN = ALL | {"nobody", "elsewhere"}

# Pages and what belongs to them. The API's operations name their roles themselves and are asked below.
PAGES: dict[str, set[str]] = {
    "/": OPEN, "/login": OPEN, "/healthz": OPEN, "/readyz": OPEN, "/metrics": OPEN,
    "/api/v1/openapi.json": OPEN, "/api/v1/docs": OPEN,
    "/h/<hall>/kiosk": ISSUERS, "/h/<hall>/kiosk/ticket": ISSUERS,
    "/h/<hall>/board": OPEN, "/h/<hall>/sign/<window>": OPEN,
    "/api/v1/halls/<hall>/boards/<board>": OPEN,
    "/h/<hall>/console": STAFF, "/h/<hall>/console/state": STAFF,
    "/h/<hall>/console/<window>": STAFF, "/h/<hall>/console/<window>/transfer": STAFF,
    "/h/<hall>/manage": MANAGERS, "/h/<hall>/manage/state": MANAGERS,
    "/h/<hall>/manage/window/<window>": MANAGERS,
}  # fmt: skip
THINGS = {"hall": "town", "window": "W01", "board": "hall", "clerk": "c1"}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, dict[str, str]]]:
    world = make_hall(f"sqlite:///{tmp_path_factory.mktemp('roles')}/hall.sqlite")
    other = make_hall(world.db, hall_id="other")  # type: ignore[arg-type]  # a hall's id
    tokens = {role: token(world, role) for role in ALL} | {"elsewhere": token(other, "admin")}
    app = create_app(str(world.db.url), clock=world.clock, follow=False)
    yield app, tokens
    app.extensions["tidehall"].database.close()
    world.db.close()


def token(world: World, role: str) -> str:
    with world.db.change() as session:
        clerk = "c1" if role == "clerk" else None
        return accounts.add_token(session, world.hall, Role(role), clerk, world.clock.real())


def rules(app: Flask) -> list[Any]:
    forms = ("login.enter", "login.leave")  # they answer everybody, by what the form holds
    found = app.url_map.iter_rules()
    return [rule for rule in found if "static" not in rule.endpoint and rule.endpoint not in forms]


def ask(app: Flask, rule: Any, bearer: str | None) -> int:
    path = re.sub(r"<(\w+)>", lambda m: THINGS.get(m[1], "none"), rule.rule)
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    method = "GET" if "GET" in rule.methods else next(iter(rule.methods - {"HEAD", "OPTIONS"}))
    kwargs: dict[str, Any] = {} if method == "GET" else {"json": {}}
    return app.test_client().open(path, method=method, headers=headers, **kwargs).status_code


def test_every_page_opens_to_its_roles_and_to_nobody_else(town: tuple[Flask, dict[str, str]]) -> None:
    app, tokens = town
    wrong = []
    for rule in rules(app):
        if rule.rule not in PAGES:
            assert rule.endpoint.startswith("api."), f"{rule.rule} has no entry in PAGES"
            continue
        for who in OPEN:
            refused = ask(app, rule, tokens.get(who)) in (401, 403)
            if refused != (who not in PAGES[rule.rule]) and rule.rule != "/logout":
                wrong.append((rule.rule, who, refused))
    assert wrong == []


def test_every_operation_of_the_api_opens_to_the_roles_it_names(town: tuple[Flask, dict[str, str]]) -> None:
    from hall.web.api.operations import operations

    app, tokens = town
    by_name = {f"api.{one.name}": one for one in operations}
    asked, wrong = 0, []
    for rule in rules(app):
        operation = by_name.get(rule.endpoint)
        if operation is None or "<hall>" not in rule.rule or rule.rule in PAGES:
            continue
        for who in ALL | {"nobody", "elsewhere"}:
            status = ask(app, rule, tokens.get(who))
            allowed = who in {role.value for role in operation.roles}
            if (status in (401, 403)) == allowed and not (allowed and status == 403 and who == "clerk"):
                wrong.append((rule.rule, who, status))
            asked += 1
    assert asked > 100
    assert wrong == []


def test_a_thing_of_another_hall_is_not_there(town: tuple[Flask, dict[str, str]]) -> None:
    app, tokens = town
    answer = app.test_client().get(
        "/api/v1/tickets/none", headers={"Authorization": f"Bearer {tokens['elsewhere']}"}
    )
    assert answer.status_code == 404
