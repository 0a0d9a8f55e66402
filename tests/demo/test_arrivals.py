"""Arrivals from a file: what a good one becomes, and that a bad one is told line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import pytest

from hall.demo.arrivals import ArrivalsError, load

SERVICES = {"social", "estate"}
GOOD = "start,series,count\n2026-03-02T09:00,social,3\n2026-03-02T09:15,estate,2\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "day.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(tmp_path: Path, text: str, day: date | None = None) -> list[str]:
    with pytest.raises(ArrivalsError) as caught:
        load(written(tmp_path, text), SERVICES, day)
    return caught.value.faults


def test_everybody_comes_in_their_slot(tmp_path: Path) -> None:
    times = load(written(tmp_path, GOOD), SERVICES, None).times(Random(1))
    assert [service for _, service in times] == ["social"] * 3 + ["estate"] * 2
    assert all(32400 <= second < 33300 for second, service in times if service == "social")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("yesterday,social,3", "line 4: start “yesterday”"),
        ("2026-03-02T09:00,passport,3", "line 4: series “passport”"),
        ("2026-03-02T09:00,social,-1", "line 4: count “-1”"),
        ("2026-03-02T09:00,social,many", "line 4: count “many”"),
        ("2026-03-02T09:00,social", "line 4: 2 fields"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    (fault,) = faults(tmp_path, GOOD + row + "\n")
    assert fault.startswith(said) and "Allowed" in fault


def test_a_file_without_its_header_is_refused(tmp_path: Path) -> None:
    assert "header" in faults(tmp_path, "a,b\n")[0]


def test_a_file_of_several_days_wants_one_named(tmp_path: Path) -> None:
    two = GOOD + "2026-03-03T09:00,social,1\n"
    assert "--day" in faults(tmp_path, two)[0]
    assert "no row" in faults(tmp_path, two, date(2026, 3, 9))[0]
    assert len(load(written(tmp_path, two), SERVICES, date(2026, 3, 3)).slots) == 1


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArrivalsError):
        load(tmp_path / "none.csv", SERVICES, None)
