"""The feed tells each room its newest board: nothing lost, nothing stale, nothing for nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from hall.core.errors import Unknown
from hall.desk import posts
from hall.push import boards, shelf
from hall.push import feed as feeds
from hall.push.feed import Feed
from hall.store import read
from hall.store.db import Database, Session
from tests.builders import MANAGER, World, make_hall

Told = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url)


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def feed(town: World, told: Told) -> Iterator[Feed]:
    feed = Feed(town.db, lambda room, event, data: told.append((room, event, data)))
    feed.look()
    yield feed
    feed.stop()


def truth(town: World, name: str) -> boards.Board:
    with town.db.look() as session:
        return boards.build(session, read.hall(session, town.hall), name)


def of(told: Told, event: str) -> list[dict[str, Any]]:
    return [data for _, kind, data in told if kind == event]


def wait_for(what: Any, within_s: float = 5.0) -> None:
    end = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.005)


def test_a_change_is_told_as_a_whole_board_with_its_version(town: World, feed: Feed, told: Told) -> None:
    feed.shelf.get(town.hall, "hall")
    town.issue()
    feed.look()
    assert of(told, "board") == [{"hall": town.hall, **truth(town, "hall")}]
    assert told[0][0] == "board/town/hall"


def test_changes_between_two_looks_are_told_once(town: World, feed: Feed, told: Told) -> None:
    feed.shelf.get(town.hall, "hall")
    for _ in range(5):
        town.issue()
    feed.look()
    assert [board["version"] for board in of(told, "board")] == [5]


def test_a_change_while_a_board_is_first_read_is_told(
    town: World, feed: Feed, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_slowly(session: Session, hall_id: str) -> int:
        version = version_of(session, hall_id)  # from here on this reading sees nothing newer
        town.issue()
        feed.look()
        return version

    version_of = shelf._version
    monkeypatch.setattr(shelf, "_version", read_slowly)
    assert feed.shelf.get(town.hall, "hall")["version"] == 0
    assert [board["version"] for board in of(told, "board")] == [1]


def test_a_board_nobody_asked_for_is_not_built(town: World, feed: Feed, told: Told) -> None:
    feed.shelf.get(town.hall, "window:W02")
    town.sign_in("c1", "W01")
    feed.look()
    assert of(told, "board") == []


def test_staff_get_a_hint_with_the_kinds_of_what_happened(town: World, feed: Feed, told: Told) -> None:
    town.do(lambda c: posts.mark_absent(c, "c3"), MANAGER)
    feed.look()
    assert told == [
        ("board/town/staff", "hint", {"hall": town.hall, "version": 1, "kinds": ["clerk.absent"]})
    ]


def test_the_beat_names_each_board_with_its_version(town: World, feed: Feed, told: Told) -> None:
    feed.shelf.get(town.hall, "hall")
    feed.shelf.get(town.hall, "window:W01")
    town.issue()
    feed.look()
    told.clear()
    feed.beat()
    assert told == [
        ("hall/town", "beat", {"hall": town.hall, "boards": {"hall": 1, "window:W01": 0, "staff": 1}})
    ]


def test_a_new_day_changes_every_board(town: World, feed: Feed, told: Told) -> None:
    for name in ("hall", "window:W01", "window:W02"):
        feed.shelf.get(town.hall, name)
    town.clock.forward(days=1)
    town.issue()
    feed.look()
    assert {board["name"] for board in of(told, "board")} == {"hall", "window:W01", "window:W02"}


def test_far_behind_it_builds_what_stands_now(
    town: World, feed: Feed, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "BEHIND", 3)
    feed.shelf.get(town.hall, "hall")
    feed.shelf.get(town.hall, "window:W01")
    for _ in range(6):
        town.issue()
    feed.look()
    assert of(told, "board") == [{"hall": town.hall, **truth(town, "hall")}]


def test_a_failed_reading_is_told_later_and_silences_no_other_board(
    town: World, feed: Feed, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("hall", "window:W01"):
        feed.shelf.get(town.hall, name)
    build = boards.build

    def fails_for_the_hall(session: Any, hall: Any, name: str) -> boards.Board:
        if name == "hall":
            raise RuntimeError("one bad row")
        return build(session, hall, name)

    monkeypatch.setattr(boards, "build", fails_for_the_hall)
    town.sign_in("c1", "W01")
    feed.look()
    assert [board["name"] for board in of(told, "board")] == ["window:W01"]
    monkeypatch.setattr(boards, "build", build)
    feed.look()
    assert of(told, "board")[-1] == {"hall": town.hall, **truth(town, "hall")}
    told.clear()
    feed.look()
    assert told == []


def test_an_unknown_board_is_refused_and_not_followed(town: World, feed: Feed) -> None:
    with pytest.raises(Unknown):
        feed.shelf.get(town.hall, "window:W99")
    assert feed.shelf.wanted(town.hall) == frozenset()


def test_the_shelf_gives_the_truth_even_before_the_feed_looked(town: World, feed: Feed) -> None:
    feed.shelf.get(town.hall, "hall")
    town.issue()
    assert feed.shelf.get(town.hall, "hall") == truth(town, "hall")
    feed.look()
    assert feed.shelf.get(town.hall, "hall") is feed.shelf.get(town.hall, "hall")


def test_the_bell_of_this_process_is_heard_at_once(
    town: World, feed: Feed, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "LOOK_S", 60.0)
    monkeypatch.setattr(feeds, "SQLITE_TICK_S", 60.0)
    feed.shelf.get(town.hall, "hall")
    feed.start()
    town.issue()
    wait_for(lambda: of(told, "board"))


def test_another_process_is_heard_by_the_look(town: World, feed: Feed, told: Told) -> None:
    feed.shelf.get(town.hall, "hall")
    feed.start()
    other = Database(town.db.url)
    World(other, town.clock).issue()
    wait_for(lambda: of(told, "board"))
    other.close()


def test_it_goes_on_after_the_database_was_away(
    town: World, feed: Feed, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.shelf.get(town.hall, "hall")
    feed.start()
    with monkeypatch.context() as away:
        away.setattr(town.db, "look", lambda: 1 / 0)
        town.issue()
        time.sleep(0.1)
        assert told == []
    wait_for(lambda: of(told, "board"))
