"""Reading a snapshot: what is valid, and which place an error names."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from scheduler.snapshot import Snapshot, SnapshotError
from tests.scheduler.halls import clerk, document, pause, service, waiting, window


def small(**changes: Any) -> dict[str, Any]:
    return document(
        [service("a"), service("b")],
        [window("W1", "a b", "a"), window("W2", "a", "a", tidal=False, fixed_mode=["a"])],
        [clerk("c1", "a b", "W1", "a", breaks=[pause()]), clerk("c2", "a", "W2", "a")],
        waiting=waiting("a", 2),
        **changes,
    )


def test_a_snapshot_survives_being_written_and_read() -> None:
    found = Snapshot.from_json(small())
    assert Snapshot.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_the_lines_bound_on_overtaking_is_the_halls_or_three() -> None:
    assert Snapshot.from_json(small()).rules.overtake_bound == 3
    found = Snapshot.from_json(small(rules={"overtake_bound": 0}))
    assert found.rules.overtake_bound == 0
    assert found.to_json()["rules"]["overtake_bound"] == 0


def test_unknown_fields_are_ignored_and_optional_ones_have_their_default() -> None:
    told = small(mood="fine")
    del told["windows"][0]["open"], told["windows"][0]["flips_today"], told["committed"], told["refused"]
    found = Snapshot.from_json(told)
    assert found.windows[0].open and found.windows[0].flips_today == 0
    assert found.hours == ((found.open_s, found.close_s),)


@pytest.mark.parametrize(
    "changes",
    [
        {"clerks": [], "windows": [], "waiting": []},
        {"waiting": waiting("a", 500)},
        {"hours": []},
        {"now_s": 20_000, "arrived": {"a": [], "b": []}},
        {"now_s": 80_000, "arrived": {"a": [1] * 36, "b": [1] * 36}},
        {"close_s": 30_600, "forecast": {}, "arrived": {"a": []}},
        {
            "services": [],
            "windows": [],
            "clerks": [],
            "waiting": [],
            "forecast": {},
            "arrived": {},
            "handled": {},
        },
    ],
)
def test_a_strange_hall_is_still_a_hall(changes: dict[str, Any]) -> None:
    Snapshot.from_json(small() | changes)


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(told: dict[str, Any]) -> None:
        at = told
        for step in path[:-1]:
            at = at[step]
        if to is KeyError:
            del at[path[-1]]
        else:
            at[path[-1]] = to

    return change


PIN = {"window": "W1", "mode": ["a"], "until_s": 40_000}


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (_set("format", to="tidehall.snapshot/2"), "not_allowed", "/format"),
        (_set("now_s", to=KeyError), "missing", "/now_s"),
        (_set("now_s", to=36_300.5), "wrong_type", "/now_s"),
        (_set("now_s", to=-1), "out_of_range", "/now_s"),
        (_set("now_s", to=10**30), "out_of_range", "/now_s"),
        (_set("now_s", to=True), "wrong_type", "/now_s"),
        (_set("day", to="yesterday"), "wrong_type", "/day"),
        (_set("day", to="20260302"), "wrong_type", "/day"),
        (_set("day", to="2026-W10-1"), "wrong_type", "/day"),
        (_set("close_s", to=100), "out_of_range", "/close_s"),
        (_set("slot_s", to=0), "out_of_range", "/slot_s"),
        (_set("services", 0, "service_s", to=float("nan")), "out_of_range", "/services/0/service_s"),
        (_set("services", 0, "service_s", to=float("inf")), "out_of_range", "/services/0/service_s"),
        (_set("services", 0, "service_s", to=0), "out_of_range", "/services/0/service_s"),
        (_set("services", 1, "id", to="a"), "duplicate_id", "/services/1/id"),
        (_set("services", 1, "weight", to=KeyError), "missing", "/services/1/weight"),
        (_set("windows", 1, "id", to="W1"), "duplicate_id", "/windows/1/id"),
        (_set("windows", 0, "can", 1, to="zz"), "unknown_reference", "/windows/0/can/1"),
        (_set("windows", 0, "tidal", to="yes"), "wrong_type", "/windows/0/tidal"),
        (_set("clerks", 1, "id", to="c1"), "duplicate_id", "/clerks/1/id"),
        (_set("clerks", 0, "status", to="asleep"), "not_allowed", "/clerks/0/status"),
        (_set("clerks", 0, "status", to="serving"), "missing", "/clerks/0/serving"),
        (_set("clerks", 0, "pace", "zz", to=1.0), "unknown_reference", "/clerks/0/pace/zz"),
        (_set("clerks", 0, "pace", "a", to=0), "out_of_range", "/clerks/0/pace/a"),
        (_set("clerks", 0, "window", to="W9"), "unknown_reference", "/clerks/0/window"),
        (_set("clerks", 0, "window", to=KeyError), "missing", "/clerks/0/window"),
        (
            _set("clerks", 0, "breaks", 0, "latest_s", to=40_000),
            "out_of_range",
            "/clerks/0/breaks/0/latest_s",
        ),
        (_set("waiting", 1, "service", to="zz"), "unknown_reference", "/waiting/1/service"),
        (_set("waiting", 1, "class", to="royal"), "not_allowed", "/waiting/1/class"),
        (_set("arrived", "a", to=[1]), "wrong_length", "/arrived/a"),
        (_set("arrived", "a", 3, to=-1), "out_of_range", "/arrived/a/3"),
        (_set("forecast", "a", to=[1.0] * 5), "wrong_length", "/forecast/a"),
        (_set("foretold", to={"a": [1.0] * 5}), "wrong_length", "/foretold/a"),
        (_set("foretold", to={"zz": [1.0] * 36}), "unknown_reference", "/foretold/zz"),
        (_set("foretold", to={"a": [-1.0] * 36}), "out_of_range", "/foretold/a/0"),
        (_set("forecast", "z/z", to=[1.0] * 36), "unknown_reference", "/forecast/z~1z"),
        (_set("rules", "max_families", to=0), "out_of_range", "/rules/max_families"),
        (_set("rules", "max_flips_per_window", to=KeyError), "missing", "/rules/max_flips_per_window"),
        (_set("rules", "overtake_bound", to=-1), "out_of_range", "/rules/overtake_bound"),
        (_set("rules", "overtake_bound", to=1.5), "wrong_type", "/rules/overtake_bound"),
        (_set("rules", "overtake_bound", to="few"), "wrong_type", "/rules/overtake_bound"),
        (_set("pins", to=[PIN, PIN]), "pin_conflict", "/pins/1/window"),
        (_set("pins", to=[PIN | {"window": "W2", "mode": ["b"]}]), "pin_conflict", "/pins/0/mode/0"),
        (_set("pins", to=[PIN | {"window": "W9"}]), "unknown_reference", "/pins/0/window"),
        (_set("refused", to=[PIN | {"mode": ["zz"]}]), "unknown_reference", "/refused/0/mode/0"),
    ],
)
def test_an_error_names_the_place(change: Callable[[dict[str, Any]], None], code: str, path: str) -> None:
    told = small()
    change(told)
    with pytest.raises(SnapshotError) as refusal:
        Snapshot.from_json(told)
    assert (refusal.value.code, refusal.value.path) == (code, path)


@pytest.mark.parametrize(
    ("field", "code", "path"),
    [
        ("forecast", "wrong_length", "/forecast/a~1b~0c"),
        ("arrived", "wrong_length", "/arrived/a~1b~0c"),
        ("handled", "wrong_type", "/handled/a~1b~0c"),
    ],
)
def test_a_place_below_an_awkward_id_is_a_json_pointer(field: str, code: str, path: str) -> None:
    told = document([service("a/b~c")], [], [])
    told[field]["a/b~c"] = [1]
    with pytest.raises(SnapshotError) as refusal:
        Snapshot.from_json(told)
    assert (refusal.value.code, refusal.value.path) == (code, path)


def test_a_pin_with_too_many_families_is_an_error() -> None:
    told = document(
        [service(s) for s in "abc"],
        [window("W", "a b c")],
        [],
        pins=[PIN | {"window": "W", "mode": ["a", "b", "c"]}],
    )
    with pytest.raises(SnapshotError) as refusal:
        Snapshot.from_json(told)
    assert refusal.value.path == "/pins/0/mode"


@pytest.mark.parametrize("told", [None, 3, [], "snapshot"])
def test_what_is_no_object_is_refused(told: Any) -> None:
    with pytest.raises(SnapshotError) as refusal:
        Snapshot.from_json(told)
    assert refusal.value.path == ""
