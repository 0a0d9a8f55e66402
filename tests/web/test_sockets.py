"""Screens on the socket: admitted, told every change, and right again after having been away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import socketio

from hall.core.hall import Settings
from hall.store import read
from tests.web.served import Screen, Site, served

Open = Callable[..., Screen]


@pytest.fixture
def screen(site: Site) -> Iterator[Open]:
    """Opens screens and closes them at the end."""
    yield from _screens(site)


def _screens(site: Site) -> Iterator[Open]:
    opened: list[Screen] = []

    def open_(token: str | None = None) -> Screen:
        opened.append(Screen(site, token))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def truth(site: Site, name: str = "hall") -> Any:
    return site.get(f"/halls/town/boards/{name}").json()


def soon(what: Callable[[], Any]) -> Any:
    end = time.monotonic() + 5
    while not (found := what()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.01)
    return found


def shows(screen: Screen, board: dict[str, Any]) -> bool:
    newest = screen.newest(board["name"])
    return newest is not None and {k: newest[k] for k in ("name", "version", "board")} == board


def test_a_join_is_answered_with_the_board_as_it_is(site: Site, screen: Open) -> None:
    site.issue()
    assert screen().join() == truth(site)


def test_each_change_is_told(site: Site, screen: Open) -> None:
    hall, sign = screen(), screen()
    hall.join()
    sign.join("window:W01")
    site.issue()
    site.sign_in()
    site.next()
    soon(lambda: shows(hall, truth(site)))
    soon(lambda: shows(sign, truth(site, "window:W01")))
    assert all(board["hall"] == "town" for board in hall.told + sign.told)
    assert [board["version"] for board in hall.told] == sorted({b["version"] for b in hall.told})


def test_a_call_is_announced_once_by_its_id(site: Site, screen: Open) -> None:
    sign = screen()
    sign.join("window:W01")
    site.sign_in()
    for _ in range(3):
        site.issue()
        site.next(finish=True)
    soon(lambda: shows(sign, truth(site, "window:W01")))
    ids = [board["board"]["call"]["id"] for board in sign.told if board["board"]["call"]]
    assert len(set(ids)) <= 3
    assert ids == sorted(ids, key=ids.index)  # an id that was replaced never comes back


def test_a_screen_cut_off_is_told_the_truth_when_it_comes_back(site: Site, screen: Open) -> None:
    site.sign_in()
    lost, stayed = screen(), screen()
    lost.join()
    stayed.join()
    lost.close()
    for _ in range(5):
        site.issue()
        site.next(finish=True)
        site.world.clock.forward(seconds=6)
    back = screen()
    assert back.join() == truth(site)
    assert lost.told == []
    site.issue()
    for each in (back, stayed):
        soon(lambda each=each: shows(each, truth(site)))  # type: ignore[misc]  # bound at once


def test_a_board_that_did_not_change_is_not_told(site: Site, screen: Open) -> None:
    hall, sign = screen(), screen()
    hall.join()
    sign.join("window:W02")
    site.issue()
    soon(lambda: shows(hall, truth(site)))
    assert sign.told == []


def test_staff_get_hints_and_others_may_not(site: Site, screen: Open) -> None:
    staff = screen("manager")
    joined = staff.join("staff")
    assert (joined["name"], joined["board"]) == ("staff", {})
    assert screen("kiosk").join("staff")["error"]["code"] == "forbidden"
    assert screen().join("staff")["error"]["code"] == "unauthorized"
    site.issue()
    hint = soon(lambda: staff.hints)[0]
    assert hint == {"hall": "town", "version": joined["version"] + 1, "kinds": ["ticket.issued"]}


def test_the_beat_tells_versions(site: Site, screen: Open) -> None:
    hall = screen()
    joined = hall.join()
    site.app.extensions["feed"].beat()
    beat = soon(lambda: hall.beats)[0]
    assert beat["hall"] == "town"
    assert beat["boards"]["hall"] == joined["version"]


@pytest.mark.parametrize(
    "junk",
    [
        (),
        (None,),
        (5,),
        ("hall",),
        ([],),
        ({},),
        ({"hall": "town"},),
        ({"hall": 5, "board": "hall"},),
        ({"hall": "town", "board": {}},),
        ({"hall": "town", "board": "window:"},),
        ({"hall": "town", "board": "x" * 5000},),
        ({"hall": "\x00", "board": "hall"},),
        ({"hall": "nowhere", "board": "hall"},),
        (b"\xff\x00",),
        ({"hall": "town", "board": "hall"}, "more"),
    ],
)
def test_junk_gets_an_error_and_the_socket_goes_on(site: Site, screen: Open, junk: tuple[Any, ...]) -> None:
    one = screen()
    answer = one.ask("join", *junk)
    assert "error" in answer or len(junk) == 2
    assert one.join()["name"] == "hall"


def test_a_bad_token_is_not_connected(site: Site) -> None:
    for token in ("nope", "newline\nin it", "中文"):
        with pytest.raises(socketio.exceptions.ConnectionError):
            Screen(site, token)


def test_a_hall_without_public_screens_asks_for_a_token(tmp_path: Any) -> None:
    settings = replace(Settings(), public_screens=False)
    with served(f"sqlite:///{tmp_path}/hall.sqlite", settings=settings) as site:
        screens = _screens(site)
        screen = next(screens)
        assert screen().join()["error"]["code"] == "unauthorized"
        assert screen("display").join()["name"] == "hall"
        assert site.get("/halls/town/boards/hall", by=None).status_code == 401
        assert site.get("/halls/town/boards/hall", by="display").status_code == 200
        next(screens, None)


def test_boards_are_open_to_public_screens_where_the_hall_allows_it(site: Site) -> None:
    assert site.get("/halls/town/boards/hall", by=None).status_code == 200
    for name in ("window:W99", "staff", "nope"):
        assert site.get(f"/halls/town/boards/{name}", by=None).status_code in (401, 404)


def test_a_boards_version_is_the_halls_when_it_last_changed(site: Site) -> None:
    site.issue()
    site.sign_in()
    before = truth(site, "window:W01")["version"]
    site.issue()
    assert truth(site, "window:W01")["version"] == before
    with site.world.db.look() as session:
        assert truth(site)["version"] == read.hall(session, site.world.hall).version
