"""The doors: signing in and out, pages that are our own, and how errors are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hall.core.people import Role
from hall.store import accounts
from hall.store.tables import Account
from hall.web.app import create_app
from tests.builders import World, make_hall

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


class Watch:
    """A clock that the test moves; sessions end by it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 1, tzinfo=UTC)

    def real(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def town(tmp_path: Any) -> World:
    return make_hall(f"sqlite:///{tmp_path}/hall.sqlite")


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def app(town: World, watch: Watch) -> Iterator[Flask]:
    made = create_app(str(town.db.url), clock=watch, follow=False)
    yield made
    made.extensions["tidehall"].database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def passwords(town: World) -> dict[str, str]:
    new = {login: accounts.Password.new() for login in ("boss", "zhang", "kiosk")}
    with town.db.change() as session:
        accounts.add(session, "town", "boss", Role.MANAGER, new["boss"])
        accounts.add(session, "town", "zhang", Role.CLERK, new["zhang"], "c1")
        accounts.add(session, "town", "kiosk", Role.KIOSK, new["kiosk"])
    return {login: password.words for login, password in new.items()}


def page_token(client: FlaskClient, page: str = "/login") -> str:
    found = re.search(r'csrf-token" content="([^"]+)"', client.get(page, headers=HTML).text)
    assert found is not None
    return found[1]


def enter(client: FlaskClient, name: str, password: str, to: str = "") -> Any:
    form = {"login": name, "password": password, "next": to, "csrf_token": page_token(client)}
    return client.post("/login", data=form, headers=HTML)


@pytest.mark.parametrize(
    ("name", "home"),
    [("boss", "/h/town/manage"), ("zhang", "/h/town/console"), ("kiosk", "/h/town/kiosk")],
)
def test_each_role_comes_to_its_own_page(
    client: FlaskClient, passwords: dict[str, str], name: str, home: str
) -> None:
    answer = enter(client, name, passwords[name])
    assert (answer.status_code, answer.location) == (302, home)
    assert client.get(home, headers=HTML, follow_redirects=True).status_code == 200


def test_who_is_not_signed_in_is_asked_to_and_comes_back(
    client: FlaskClient, passwords: dict[str, str]
) -> None:
    asked = client.get("/h/town/manage", headers=HTML)
    assert (asked.status_code, asked.location) == (302, "/login?next=/h/town/manage")
    assert enter(client, "boss", passwords["boss"], "/h/town/manage").location == "/h/town/manage"


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "x"])
def test_nobody_is_sent_to_another_site(client: FlaskClient, passwords: dict[str, str], to: str) -> None:
    assert enter(client, "boss", passwords["boss"], to).location == "/h/town/manage"


def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(
    client: FlaskClient, passwords: dict[str, str]
) -> None:
    answers = [enter(client, "boss", "wrong"), enter(client, "nobody", "wrong")]
    assert [answer.status_code for answer in answers] == [401, 401]
    told = [re.search(r'role="alert">.*?<span>(.*?)</span>', a.text, re.DOTALL) for a in answers]
    assert told[0] and told[1] and told[0][1] == told[1][1]


def test_too_many_tries_are_stopped(client: FlaskClient, passwords: dict[str, str]) -> None:
    statuses = [enter(client, "boss", "wrong").status_code for _ in range(11)]
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {401}


def test_a_whole_hall_may_sign_in_from_one_address(client: FlaskClient, passwords: dict[str, str]) -> None:
    statuses = {enter(client, "boss", passwords["boss"]).status_code for _ in range(12)}
    assert statuses == {302}


def test_signing_out_ends_the_session(client: FlaskClient, passwords: dict[str, str]) -> None:
    enter(client, "boss", passwords["boss"])
    client.post("/logout", data={"csrf_token": page_token(client, "/")}, headers=HTML)
    assert client.get("/h/town/manage", headers=HTML).status_code == 302


def test_a_persons_session_ends_with_the_working_day_and_a_kiosks_does_not(
    client: FlaskClient, app: Flask, passwords: dict[str, str], watch: Watch
) -> None:
    kiosk = app.test_client()
    enter(client, "boss", passwords["boss"])
    enter(kiosk, "kiosk", passwords["kiosk"])
    watch.at += timedelta(hours=13)
    assert client.get("/h/town/manage", headers=HTML).status_code == 302
    assert kiosk.get("/h/town/kiosk", headers=HTML).status_code == 200


def test_an_account_taken_away_is_out_at_once(
    client: FlaskClient, town: World, passwords: dict[str, str]
) -> None:
    enter(client, "boss", passwords["boss"])
    with town.db.change() as session:
        session.delete(session.query(Account).filter_by(login="boss").one())
    assert client.get("/h/town/manage", headers=HTML).status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(
    client: FlaskClient, town: World, passwords: dict[str, str]
) -> None:
    enter(client, "boss", passwords["boss"])
    enter(other := client.application.test_client(), "zhang", passwords["zhang"])
    renewed = accounts.Password.new()
    with town.db.change() as session:
        accounts.renew(session, "town", "boss", renewed)
    assert client.get("/h/town/manage", headers=HTML).status_code == 302
    assert enter(client, "boss", passwords["boss"]).status_code == 401
    assert enter(client, "boss", renewed.words).status_code == 302
    assert other.get("/h/town/console", headers=HTML).status_code == 200


def test_a_change_with_a_cookie_needs_a_page_of_ours_and_one_with_a_token_does_not(
    client: FlaskClient, app: Flask, town: World, passwords: dict[str, str]
) -> None:
    enter(client, "kiosk", passwords["kiosk"])
    body = {"service": "social", "request_id": "press-1"}
    stale = client.post("/api/v1/halls/town/tickets", json=body)
    assert (stale.status_code, stale.json["error"]["code"]) == (403, "stale_page")
    own = {"X-CSRFToken": page_token(client, "/")}
    assert client.post("/api/v1/halls/town/tickets", json=body, headers=own).status_code == 201
    with town.db.change() as session:
        token = accounts.add_token(session, "town", Role.KIOSK, None, town.clock.real())
    bearer = {"Authorization": f"Bearer {token}"}
    again = app.test_client().post(
        "/api/v1/halls/town/tickets", json={**body, "request_id": "press-2"}, headers=bearer
    )
    assert again.status_code == 201


def test_the_session_cookie_is_out_of_reach_of_scripts(
    client: FlaskClient, passwords: dict[str, str]
) -> None:
    cookie = enter(client, "boss", passwords["boss"]).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_wrong_role_is_told_who_it_is(client: FlaskClient, passwords: dict[str, str]) -> None:
    enter(client, "zhang", passwords["zhang"])
    refused = client.get("/h/town/manage", headers=HTML)
    assert refused.status_code == 403
    assert "zhang" in refused.text


@pytest.mark.parametrize(
    ("path", "code"),
    [("/api/v1/nothing", "not_found"), ("/api/v1/halls/nowhere/boards/hall", "unknown_hall")],
)
def test_what_is_not_there_is_told_with_a_code(client: FlaskClient, path: str, code: str) -> None:
    answer = client.get(path, headers=JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, code)


def test_an_unknown_page_is_a_page(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers=HTML)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_a_body_over_the_limit_is_told_so(client: FlaskClient, town: World) -> None:
    with town.db.change() as session:
        token = accounts.add_token(session, "town", Role.KIOSK, None, town.clock.real())
    answer = client.post(
        "/api/v1/halls/town/tickets", data="x" * 70_000, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("asked", "word"), [("en", "Please sign in"), ("zh", "请先登录"), ("fr", "请先登录")]
)
def test_the_api_speaks_the_callers_language(client: FlaskClient, asked: str, word: str) -> None:
    answer = client.post("/api/v1/halls/town/tickets", json={}, headers={"Accept-Language": asked})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "unauthorized")
    assert word in answer.json["error"]["message"]


def test_a_language_once_chosen_is_remembered(client: FlaskClient) -> None:
    assert 'lang="zh-CN"' in client.get("/login", headers=HTML).text
    client.get("/login?lang=en", headers=HTML)
    assert 'lang="en"' in client.get("/login", headers=HTML).text


def test_our_own_fault_is_told_without_its_inside(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise RuntimeError("secret inside")

    monkeypatch.setitem(app.view_functions, "health.healthz", broken)
    answer = client.get("/healthz", headers=JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "internal")
    assert "secret" not in answer.text
