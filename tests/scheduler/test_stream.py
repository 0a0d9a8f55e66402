"""`tidehall plan`: one line out for each line in, whatever the lines are."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hall.cli import main
from scheduler import fallback, stream
from scheduler.check import faults
from scheduler.model import solve
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import clerk, document, service, waiting, window


def hall(**changes: Any) -> dict[str, Any]:
    return document(
        [service("a"), service("b")],
        [window("W1", "a b", "a"), window("W2", "a b", "b")],
        [clerk("c1", "a b", "W1", "a"), clerk("c2", "a b", "W2", "b")],
        waiting=waiting("a", 5),
        **changes,
    )


def answers(*lines: bytes, plan: stream.Planner = fallback.plan) -> tuple[int, list[dict[str, Any]]]:
    out = io.BytesIO()
    status = stream.run(io.BytesIO(b"\n".join(lines)), out, plan)
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_gives_a_valid_plan_for_each_of_twenty_snapshots(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    asked = [hall(hall=f"h{number}") for number in range(20)]
    file = tmp_path / "snapshots.jsonl"
    file.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    assert main(["plan", str(file)]) == 0
    told = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [plan["hall"] for plan in told] == [snapshot["hall"] for snapshot in asked]
    for plan, snapshot in zip(told, asked, strict=True):
        assert plan["status"] in {"optimal", "feasible"}, "by the optimiser, not by the fallback"
        assert faults(Snapshot.from_json(snapshot), Plan.from_json(plan)) == []


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "snapshots.jsonl"
    file.write_text("\n".join([json.dumps(hall())] * 50), encoding="utf-8")
    command = f'"{sys.executable}" -m hall.cli plan --fallback "{file}" | head -n 1'
    told = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert json.loads(told.stdout)["format"] == "tidehall.plan/1"
    assert told.stderr == ""


def test_twenty_lines_give_twenty_answers_in_order() -> None:
    good = [json.dumps(hall(hall=f"h{i}")).encode() for i in range(20)]
    lines = [line if i % 5 else b'{"format": 1}' for i, line in enumerate(good)]
    status, told = answers(*lines)
    assert status == 1
    assert len(told) == 20
    assert [t.get("hall") for t in told] == [f"h{i}" if i % 5 else None for i in range(20)]


def test_blank_lines_are_skipped_and_good_ones_leave_no_error() -> None:
    line = json.dumps(hall()).encode()
    status, told = answers(b"", line, b"  ", b"\t", line, b"")
    assert status == 0
    assert len(told) == 2
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        (b"{", "not_json", ""),
        (b"\xff\xfe", "not_json", ""),
        (b"[" * 100_000, "not_json", ""),
        (b"3", "wrong_type", ""),
        (b'{"format": "tidehall.snapshot/9"}', "not_allowed", "/format"),
        (json.dumps(hall() | {"now_s": None}).encode(), "wrong_type", "/now_s"),
        (json.dumps(hall(seed=float("nan"))).encode(), "out_of_range", "/seed"),
        (b'{"a": "' + b"x" * stream.LONGEST_LINE + b'"}', "too_long", ""),
    ],
)
def test_a_bad_line_is_answered_with_its_place(line: bytes, code: str, path: str) -> None:
    good = json.dumps(hall()).encode()
    status, told = answers(good, line, good)
    assert status == 1
    assert [t["format"] for t in told] == ["tidehall.plan/1", "tidehall.error/1", "tidehall.plan/1"]
    assert (told[1]["code"], told[1]["path"]) == (code, path)
    assert told[1]["message"]


def test_a_plan_that_breaks_a_rule_is_never_printed() -> None:
    def broken(snapshot: Snapshot) -> Plan:
        return Plan.from_json(fallback.plan(snapshot).to_json() | {"posts": []})

    out = io.BytesIO()
    told = hall()
    assert stream.run(io.BytesIO(json.dumps(told).encode()), out, broken) == 0
    plan = Plan.from_json(json.loads(out.getvalue()))
    assert faults(Snapshot.from_json(told), plan) == []
    assert plan.status == "fallback"


def test_a_planner_that_fails_costs_one_line_its_optimum_and_no_line_its_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails_at_first(snapshot: Snapshot) -> Plan:
        if snapshot.seed == 1:
            raise ZeroDivisionError("of all things")
        return solve(snapshot)

    status, told = answers(*(json.dumps(hall(seed=seed)).encode() for seed in (1, 2)), plan=fails_at_first)
    assert status == 0
    assert [plan["status"] == "fallback" for plan in told] == [True, False]
    assert "of all things" in capsys.readouterr().err


@pytest.mark.parametrize("windows", [[], [window("W1", "")]])
@pytest.mark.parametrize("clerks", [[], [clerk("c1", "")], [clerk("c1", "", "W1")]])
def test_a_hall_without_any_service_gets_a_plan(windows: list[Any], clerks: list[Any]) -> None:
    if not windows:
        clerks = [one | {"window": None} for one in clerks]
    told = document([], windows, clerks)
    status, plans = answers(json.dumps(told).encode(), plan=solve)
    assert (status, plans[0]["format"], plans[0]["status"]) == (0, "tidehall.plan/1", "optimal")
    assert faults(Snapshot.from_json(told), Plan.from_json(plans[0])) == []


def test_the_command_reads_a_file(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps(hall()) + "\n{\n")
    assert main(["plan", str(path)]) == 1
    assert len(capfdbinary.readouterr().out.splitlines()) == 2
    assert main(["plan", str(tmp_path / "absent.jsonl")]) == 2
