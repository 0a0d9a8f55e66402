"""The hall file: what a good one becomes, and that every bad one says where and what."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hall.cli import main
from hall.store.db import Database
from hall.store.hallfile import HallFileError, load, parse, sections
from hall.store.tables import Account, Base, Clerk, Hall, Service, Shift, Skill, Window

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = DOCS / "hall.example.yaml"
TODAY = date(2026, 3, 2)
SMALL = """\
hall: {id: town, name: Town}
hours: {mon-fri: "08:30-12:00, 13:30-17:30"}
families: [{id: social, name: Social}]
services:
  - {id: pension, family: social, name: Pension, prefix: A, handling_min: 7.5}
windows:
  - {id: W01, can: [social], tidal: true}
clerks:
  - {id: c01, name: Zhang, home: W01, skills: [social], shift: "08:30-17:30"}
"""


def faults(text: str) -> list[str]:
    with pytest.raises(HallFileError) as caught:
        parse(text, TODAY)
    return [fault.told("h.yaml") for fault in caught.value.faults]


def the_fault(text: str) -> str:
    (only,) = faults(text)
    return only


def test_the_example_loads_without_a_warning() -> None:
    found = load(EXAMPLE, TODAY)
    assert (found.id, len(found.parts.services), len(found.parts.windows)) == ("riverside", 4, 5)
    assert found.warnings == ()
    assert found.settings.hours[0] == ((30600, 43200), (48600, 63000))
    assert found.settings.hours[5:] == (((32400, 43200),), ())
    assert found.settings.extra == {"2026-10-10": ((32400, 57600),)}


def test_minutes_become_seconds_and_what_is_left_out_the_usual() -> None:
    found = parse(SMALL, TODAY)
    service = found.parts.services[0]
    assert (service.handling_s, service.promise_s, service.cap_s) == (450, 900, None)
    assert found.parts.windows[0].label == "W01"
    assert found.settings.plan.setup_s == 240
    assert found.parts.clerks[0].shifts == dict.fromkeys(range(5), (30600, 63000))


def test_every_field_is_described() -> None:
    text = (DOCS / "hall-file.md").read_text(encoding="utf-8")
    tables = (
        sections.FILE, sections.HALL, sections.FAMILY, sections.SERVICE, sections.WINDOW, sections.CLERK,
        sections.SKILL, sections.BREAK, sections.LINES, sections.BOOKINGS, sections.RULES,
    )  # fmt: skip
    missing = [name for table in tables for name in table if f"`{name}`" not in text]
    assert missing == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("prefix: A", "prefix: a1", "h.yaml:5: services[0].prefix: “a1”. Allowed: one to three capital"),
        ("handling_min: 7.5", "handling_min: long", "h.yaml:5: services[0].handling_min: “long” is not a nu"),
        ("handling_min: 7.5", "handling_min: .nan", "is not a number from 0.1 to 480"),
        ("prefix: A, ", "", "h.yaml:5: services[0]: “prefix” is missing"),
        ("prefix: A", "prefx: B, prefix: A", "no such field. Did you mean “prefix”?"),
        ("prefix: A", "prefix: A, prefix: B", "given twice (first in line 5)"),
        ("family: social", "family: soical", "there is no family “soical”. Did you mean “social”?"),
        ("can: [social]", "can: [socal]", "windows[0].can[0]: there is no service or family “socal”. Did"),
        ("home: W01", "home: W1", "clerks[0].home: there is no window “W1”. Did you mean “W01”?"),
        ("tidal: true", "tidal: perhaps", "“perhaps” is neither true nor false"),
        ("tidal: true", "tidal: false", "either “tidal: true”, or “fixed:"),
        ("08:30-12:00,", "08:30-25:00,", "hours.mon-fri: “08:30-25:00” is no interval"),
        ("08:30-12:00,", "12:00-08:30,", "does not run forward in time"),
        ("mon-fri", "mo-fri", "“mo-fri” is no weekday"),
        ("name: Town", "name: Town, zone: Asia/Shangri-La", "is no time zone"),
        ("name: Town", "name: Town, plan_mode: maybe", "Allowed: advise | approve | auto"),
        ('"08:30-17:30"', '"08:30"', "“08:30” is no interval"),
        ("skills: [social]", "skills: {social: fast}", "is not a number from 0.2 to 5"),
        ("skills: [social]", "skills: {social: {until: soon}}", "“soon” is not a date as 2026-03-02"),
        ("name: Zhang", "name: [Zhang]", "something else than a single value"),
        ("families: [{id: social, name: Social}]", "families: []", "an empty list. At least one is needed"),
        ("families: [{id: social, name: Social}]", "families: social", "not a list"),
        (
            'shift: "08:30-17:30"',
            'shift: "08:30-17:30", breaks: [{earliest: 17:00, latest: 17:00, minutes: 60}]',
            "does not lie inside the shift 08:30-17:30",
        ),
    ],
)  # fmt: skip
def test_a_fault_names_the_line_the_field_and_what_is_allowed(old: str, new: str, told: str) -> None:
    assert old in SMALL
    assert any(told in fault for fault in faults(SMALL.replace(old, new, 1)))


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    broken = SMALL.replace("prefix: A", "prefix: 1").replace("mon-fri", "monday").replace("W01", "W 01", 1)
    lines = [int(fault.split(":")[1]) for fault in faults(broken)]
    assert lines == sorted(lines)
    assert {2, 5, 7} <= set(lines)


def test_a_faulty_service_is_not_told_again_at_each_window() -> None:
    text = SMALL.replace("can: [social]", "can: [pension]").replace("7.5", "seven")
    assert "handling_min" in the_fault(text)


def test_a_prefix_or_id_used_twice_is_refused() -> None:
    second = "  - {id: pension, family: social, name: P2, prefix: A, handling_min: 5}\nwindows:"
    told = faults(SMALL.replace("windows:", second, 1))
    assert any("prefix “A” is used twice (first in line 5)" in fault for fault in told)
    assert any("id “pension” is used twice (first in line 5)" in fault for fault in told)


def test_a_service_that_nobody_serves_is_a_warning() -> None:
    lonely = "  - {id: lonely, family: social, name: L, prefix: B, handling_min: 5}\nwindows:"
    text = SMALL.replace("windows:", lonely, 1).replace("[social]", "[pension]")
    (warning,) = parse(text, TODAY).warnings
    assert "no window can serve “lonely”" in warning.text


def test_an_authorisation_that_has_expired_is_a_warning() -> None:
    text = SMALL.replace("skills: [social]", "skills: {social: {until: 2026-03-01}}")
    assert any("has expired" in warning.text for warning in parse(text, TODAY).warnings)


BOMB = "a: &a [x]\n" + "\n".join(f"{c}: &{c} [*{p},*{p}]" for p, c in pairwise("abcdefghi"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"# only a remark\n", "is empty"),
        (b"\x00\x01\x02\xff\xfe", "not a text file in UTF-8"),
        (b"\x00" * 50, "not readable as YAML"),
        (b"hall: [unclosed\n", "not readable as YAML"),
        (b"- just\n- a list\n", "not a set of"),
        (BOMB.encode(), "anchors (&) and aliases (*) are not taken"),
        (b"[" * 5000, "nested deeper than"),
        (b"x" * 1_000_001, "a hall file has at most"),
        (b"hall: !!python/object/apply:os.system [echo]\n", "not a set of"),
    ],
)
def test_an_absurd_file_gets_a_clear_word(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "h.yaml"
    path.write_bytes(content)
    with pytest.raises(HallFileError) as caught:
        load(path, TODAY)
    assert told in str(caught.value)


def test_init_makes_the_hall_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["init", str(EXAMPLE), "--data", str(tmp_path)]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "password  " in told
    assert counts(tmp_path) == {Hall: 1, Service: 4, Window: 5, Clerk: 5, Skill: 9, Shift: 26, Account: 1}
    assert main(words) == 2
    assert "exists here already" in capsys.readouterr().err
    assert counts(tmp_path)[Account] == 1


def test_init_with_a_broken_file_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "h.yaml"
    path.write_text(SMALL.replace("prefix: A", "prefix: 9"))
    assert main(["init", str(path), "--data", str(tmp_path / "data")]) == 2
    assert f"{path}:5: services[0].prefix" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
    assert main(["init", str(tmp_path / "none.yaml"), "--data", str(tmp_path)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def counts(folder: Path) -> dict[type[Base], int]:
    db = Database(f"sqlite:///{folder}/tidehall.sqlite")
    tables: tuple[type[Base], ...] = (Hall, Service, Window, Clerk, Skill, Shift, Account)
    with db.look() as session:
        found = {table: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    db.close()
    return found
