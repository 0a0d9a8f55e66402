"""The process that answers one what-if: its questions, its refusals, and the lines it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from scheduler.replay import today
from scheduler.replay.asked import answer
from scheduler.replay.scenario import Break
from scheduler.replay.whatif.spoken import WrongQuestion, read
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import CLOSE_S, OPEN_S, SLOTS, clerk, document, pause, service, waiting, window

NOW_S = OPEN_S + 3600


def hall(now_s: int = NOW_S, **more: Any) -> dict[str, Any]:
    return document(
        [service("a"), service("b")],
        [
            window("1", "a b", "a"), window("2", "a b", "b"), window("3", more.pop("third", "a")),
            window("4", "a", open=False),
        ],
        [
            clerk("x", "a b", "1", "a", breaks=more.pop("breaks", [])), clerk("y", "a b", "2", "b"),
            clerk("z", "a"),
        ],
        now_s,
        waiting=waiting("a", 4, now_s - 600),
        **{"forecast": {"a": [2.0] * SLOTS, "b": [1.0] * SLOTS}, **more},
    )  # fmt: skip


def ask(question: Any, now_s: int = NOW_S, **more: Any) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    answer({"snapshot": hall(now_s, **more), "question": question}, said.append)
    return said


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"ask": "magic"}, "ask"),
        ([], "ask"),
        ({"ask": "clerk_absent", "clerk": "nobody", "from": "10:00", "to": "11:00"}, "clerk"),
        ({"ask": "clerk_absent", "clerk": "x", "from": "1000", "to": "11:00"}, "from"),
        ({"ask": "clerk_absent", "clerk": "x", "from": "11:00", "to": "10:30"}, "to"),
        ({"ask": "clerk_absent", "clerk": "x", "from": "11:00", "to": "23:59"}, "to"),
        ({"ask": "window_shut", "window": "9", "from": "11:00", "to": "12:00"}, "window"),
        ({"ask": "more_demand", "percent": "many"}, "percent"),
        ({"ask": "more_demand", "percent": 301}, "percent"),
        ({"ask": "more_demand", "percent": "20"}, "percent"),
        ({"ask": "more_demand", "percent": True}, "percent"),
        ({"ask": "more_demand", "percent": 20, "service": "c"}, "service"),
        ({"ask": "promise", "minutes": 0}, "minutes"),
        ({"ask": "breaks", "clerk": "x", "from": "11:00", "minutes": 500}, "minutes"),
        ({"ask": "breaks", "clerk": "x", "from": "11:00", "minutes": 30}, "clerk"),  # has none
        ({"ask": "window_opened", "window": "1", "from": "11:00"}, "window"),  # is open
        ({"ask": "equipped", "window": "9", "service": "a"}, "window"),
        ({"ask": "equipped", "window": "1"}, "service"),
        ({"ask": "worth", "of": "wishes"}, "of"),
    ],
)
def test_a_wrong_question_names_its_field_and_what_is_allowed(question: Any, field: str) -> None:
    (said,) = ask(question)
    assert said["refused"]["field"] == field
    assert said["refused"]["text"].format(**said["refused"]["details"])


@pytest.mark.parametrize(
    "question",
    [
        {"ask": "window_shut", "window": "1", "from": "10:30", "to": "12:00"},
        {"ask": "window_opened", "window": "4", "from": "10:30"},
        {"ask": "one_clerk_more", "clerk": "x"},
        {"ask": "one_clerk_fewer", "clerk": "x"},
        {"ask": "authorised", "clerk": "z", "service": "b"},
        {"ask": "equipped", "window": "3", "service": "b"},
        {"ask": "breaks", "clerk": "x", "from": "11:00", "minutes": 30},
    ],
)
def test_each_question_changes_the_day(question: dict[str, Any]) -> None:
    day = today.scenario(Snapshot.from_json(hall(breaks=[pause()])))
    assert read(question, day)(day) != day


def test_an_absence_is_answered_for_every_service_with_ranges() -> None:
    *steps, last = ask({"ask": "clerk_absent", "clerk": "y", "from": "10:00", "to": "17:00"})
    assert steps[0] == {"done": 0, "of": 60}
    assert steps[-1] == {"done": 60, "of": 60}
    found = last["answer"]
    assert found["format"] == "tidehall.whatif/1"
    assert set(found["services"]) == {"a", "b"}
    assert found["hall"]["difference"]["mean_s"]["value"] > 0
    for row in (found["hall"], *found["services"].values()):
        for side in ("before", "after"):
            for measure in ("mean_s", "p90_s", "over_30_min", "late"):
                each = row[side][measure]
                assert 0 <= each["low"] <= each["value"] <= each["high"]


def test_a_shorter_promise_is_kept_for_fewer() -> None:
    found = ask({"ask": "promise", "minutes": 1})[-1]["answer"]["hall"]
    assert found["after"]["late"]["value"] > found["before"]["late"]["value"]


def test_one_break_is_moved_and_the_clerks_others_stay() -> None:
    noon, tea = (Break(at_s, at_s + 1800, 1200, at_s) for at_s in (12 * 3600, 15 * 3600))
    day = today.scenario(Snapshot.from_json(hall()))
    day = replace(day, clerks=tuple(replace(c, breaks=(noon, tea)) for c in day.clerks))
    asked = {"ask": "breaks", "clerk": "x", "from": "14:00", "minutes": 30}
    found = {c.id: c.breaks for c in read(asked, day)(day).clerks}
    moved = Break(14 * 3600, 14 * 3600, 1800, 14 * 3600)
    assert found == {"x": (noon, moved), "y": (noon, tea), "z": (noon, tea)}
    with pytest.raises(WrongQuestion, match="from: Not during the clerk's other break, 15:00 to 15:20"):
        read(asked | {"from": "13:20", "minutes": 120}, day)


@pytest.mark.parametrize("minutes", [{}, {"minutes": None}])
def test_a_break_whose_length_is_not_asked_about_is_as_long_as_before(minutes: dict[str, Any]) -> None:
    """Also where it would be too short or too long to be asked for."""
    noon, tea = (Break(at_s, at_s + 1800, long_s, at_s) for at_s, long_s in ((43_200, 9000), (57_600, 240)))
    day = today.scenario(Snapshot.from_json(hall()))
    day = replace(day, clerks=tuple(replace(c, breaks=(noon, tea)) for c in day.clerks))
    for start, at_s, others in (("11:30", 41_400, (tea,)), ("15:30", 55_800, (noon,))):
        change = read({"ask": "breaks", "clerk": "x", "from": start, **minutes}, day)
        (length_s,) = (b.length_s for b in change(day).clerks[0].breaks if b not in others)
        assert change(day).clerks[0].breaks == tuple(
            sorted((*others, Break(at_s, at_s, length_s, at_s)), key=lambda b: b.start_s)
        )
        assert length_s == (noon if others == (tea,) else tea).length_s


def test_minutes_that_are_given_must_be_a_number() -> None:
    day = today.scenario(Snapshot.from_json(hall(breaks=[pause()])))
    for minutes in (0, "30", "", "x", 4, 30.0, False):
        with pytest.raises(WrongQuestion, match="minutes: A whole number from 5 to 120"):
            read({"ask": "breaks", "clerk": "x", "from": "11:00", "minutes": minutes}, day)


def test_a_fifth_more_people_wait_longer() -> None:
    found = ask({"ask": "more_demand", "percent": 20})[-1]["answer"]["hall"]
    assert found["difference"]["mean_s"]["value"] > 0


def test_trainings_are_ranked() -> None:
    busy = {"a": [0.5] * SLOTS, "b": [9.0] * SLOTS}
    *steps, last = ask({"ask": "worth", "of": "training"}, forecast=busy, third="a b")
    assert steps[-1] == {"done": 100, "of": 100}
    found = last["answer"]
    assert (found["asked"], found["nothing"]) == (1, None)
    (first,) = found["worth"]
    assert (first["who"], first["family"]) == ("z", "b")
    assert 0 < first["low"] <= first["value"] <= first["high"]
    assert first["day_low"] <= first["value"] <= first["day_high"]
    figures = [first[name] for name in ("value", "low", "high", "day_low", "day_high")]
    assert figures == [round(each, 4) for each in figures]


def test_a_hall_without_a_forecast_says_so() -> None:
    question = {"ask": "more_demand", "percent": 20}
    assert ask(question)[-1]["is_foretold"]
    last = ask(question, forecast={"a": [0.0] * SLOTS, "b": [0.0] * SLOTS})[-1]
    assert not last["is_foretold"]
    assert last["answer"]["services"]["a"]["days"] == {"before": 30, "after": 30}, "those who wait now"
    assert last["answer"]["services"]["b"]["days"] == {"before": 0, "after": 0}
    assert last["answer"]["services"]["b"]["before"]["mean_s"] is None


def test_one_day_strays_farther_than_the_average_of_many() -> None:
    found = ask({"ask": "more_demand", "percent": 20})[-1]["answer"]["hall"]
    for side in ("before", "after", "difference"):
        each = found[side]["mean_s"]
        assert each["day_low"] < each["low"] < each["value"] < each["high"] < each["day_high"]


def test_after_closing_it_says_that_nothing_is_left() -> None:
    (said,) = ask({"ask": "more_demand", "percent": 20}, CLOSE_S)
    assert "over" in said["refused"]["text"]


def test_it_runs_as_a_process_that_talks_in_lines() -> None:
    asked = {"snapshot": hall(), "question": {"ask": "more_demand", "percent": 20}}
    command = [sys.executable, "-m", "scheduler.replay.asked"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps(asked) + "\n")
        child.stdin.flush()
        lines = [json.loads(line) for line in child.stdout]
        assert child.wait(10) == 0
    assert lines[0]["done"] == 0
    assert lines[-1]["answer"]["hall"]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"ask": "window_opened", "window": "1", "from": "11:00"}, "window"),
        ({"ask": "equipped", "window": "1", "service": "a"}, "window"),
        ({"ask": "one_clerk_more", "clerk": "x"}, "clerk"),
    ],
)
def test_where_there_is_none_to_choose_it_says_so(question: dict[str, Any], field: str) -> None:
    day = today.scenario(Snapshot.from_json(hall()))
    windows = tuple(replace(w, open=True, tidal=False) for w in day.windows)
    with pytest.raises(WrongQuestion) as refusal:
        read(question, replace(day, windows=windows, clerks=()))
    assert str(refusal.value) == f"{field}: There is none to choose now. Ask something else."


def test_read_refuses_with_a_sentence() -> None:
    day = today.scenario(Snapshot.from_json(hall()))
    with pytest.raises(WrongQuestion, match="percent: A whole number from -90 to 300"):
        read({"ask": "more_demand", "percent": "x"}, day)
