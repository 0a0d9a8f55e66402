"""The documented formats describe what is read and what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hall.cli import main
from scheduler import fallback, model, stream
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import clerk, document, service, window
from tests.scheduler.strange import strange, strange_document

FORMATS = Path("docs/formats")


def schema(name: str) -> dict[str, Any]:
    return json.loads((FORMATS / f"{name}.schema.json").read_text(encoding="utf-8"))


def strict(name: str) -> jsonschema.Draft202012Validator:
    """What we write holds no field that is not documented; the schema itself lets later ones pass."""
    told = schema(name)
    jsonschema.Draft202012Validator.check_schema(told)
    return jsonschema.Draft202012Validator(_closed(told))


def _closed(part: Any) -> Any:
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    closed = {key: _closed(each) for key, each in part.items()}
    return {"additionalProperties": False} | closed if part.get("type") == "object" else closed


@pytest.mark.parametrize("path", sorted(FORMATS.glob("*.schema.json")), ids=lambda path: path.name)
def test_each_schema_says_which_format_it_is_of(path: Path) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(told)
    name = path.name.removesuffix(".schema.json")
    assert told["title"] == f"tidehall.{name}/1"
    assert f'"const": "tidehall.{name}/1"' in path.read_text(encoding="utf-8")


def test_snapshots_that_are_read_and_written_keep_the_format() -> None:
    validator = jsonschema.Draft202012Validator(schema("snapshot"))
    for seed in range(100):
        told = strange_document(seed)
        validator.validate(told)
        validator.validate(json.loads(json.dumps(Snapshot.from_json(told).to_json())))


def test_plans_keep_the_format() -> None:
    validator = strict("plan")
    for seed in range(40):
        for plan in (fallback.plan(strange(seed)), model.solve(strange(seed))):
            validator.validate(json.loads(json.dumps(plan.to_json())))


def test_what_the_schema_requires_the_reader_requires() -> None:
    told = strange_document(1)
    for field in schema("snapshot")["required"]:
        with pytest.raises(Exception, match=field):
            Snapshot.from_json({k: v for k, v in told.items() if k != field})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("replay", ["--policy", "fixed", "longest", "--replications", "2"]),
        ("replay", ["--replications", "1"]),
        ("whatif", ["--what-if", '{"ask": "more_demand", "percent": 20}', "--replications", "3"]),
        ("whatif", ["--what-if", '{"ask": "more_demand", "percent": 20}', "--replications", "1"]),
        ("whatif", ["--what-if", '{"ask": "worth", "of": "training"}', "--replications", "2"]),
        ("whatif", ["--what-if", '{"ask": "worth", "of": "equipment"}', "--replications", "1"]),
    ],
)
def test_what_replay_writes_keeps_the_format(
    name: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = str(FORMATS / "scenario.example.json")
    assert main(["replay", "--scenario", scenario, "--jobs", "1", "--json", *words]) == 0
    strict(name).validate(json.loads(capsys.readouterr().out))


def test_a_service_that_nobody_wants_keeps_the_formats(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads((FORMATS / "scenario.example.json").read_text(encoding="utf-8"))
    for series in told["demand"].values():
        if isinstance(series, dict):
            series.pop("tax", None)
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    words = ["replay", "--scenario", str(path), "--jobs", "1", "--json", "--replications", "2"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["policies"]["fixed"]["services"]["tax"]["mean_s"]["value"] is None
    strict("replay").validate(found)
    assert main([*words, "--what-if", '{"ask": "one_clerk_fewer", "clerk": "li"}']) == 0
    strict("whatif").validate(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("name", ["replay", "whatif", "error"])
def test_another_document_is_refused(name: str) -> None:
    assert not strict(name).is_valid({"format": f"tidehall.{name}/1"})
    assert not strict(name).is_valid(fallback.plan(strange(1)).to_json())


def test_each_documented_error_is_written_in_its_format(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    good = document([service("a/b~c")], [window("W", "a/b~c")], [clerk("c", "a/b~c")])
    pin = {"window": "W", "mode": [], "until_s": 40_000}
    bad = [
        {key: value for key, value in good.items() if key != "zone"},
        good | {"now_s": "ten"},
        good | {"format": "tidehall.snapshot/9"},
        good | {"now_s": -1},
        good | {"forecast": {"a/b~c": [1.0]}},
        good | {"windows": [window("W", "")] * 2},
        good | {"forecast": {"d/e~f": []}},
        good | {"pins": [pin, pin]},
    ]
    path = tmp_path / "lines.jsonl"
    lines = ["{", " " * stream.LONGEST_LINE + "{}", *map(json.dumps, bad)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert main(["plan", "--fallback", str(path)]) == 1
    told = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    for each in told:
        strict("error").validate(each)
    assert [each["code"] for each in told[:2]] == ["not_json", "too_long"]
    assert {each["code"] for each in told} == set(schema("error")["properties"]["code"]["enum"])
    assert "/forecast/a~1b~0c" in {each["path"] for each in told}
