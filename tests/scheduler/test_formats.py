"""The documented formats describe what is read and what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scheduler import fallback, model
from scheduler.snapshot import Snapshot
from tests.scheduler.strange import strange, strange_document

FORMATS = Path("docs/formats")


def schema(name: str) -> dict[str, Any]:
    return json.loads((FORMATS / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["snapshot", "plan"])
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


def test_snapshots_that_are_read_and_written_keep_the_format() -> None:
    validator = jsonschema.Draft202012Validator(schema("snapshot"))
    for seed in range(100):
        told = strange_document(seed)
        validator.validate(told)
        validator.validate(json.loads(json.dumps(Snapshot.from_json(told).to_json())))


def test_plans_keep_the_format() -> None:
    validator = jsonschema.Draft202012Validator(schema("plan"))
    for seed in range(40):
        for plan in (fallback.plan(strange(seed)), model.solve(strange(seed))):
            validator.validate(json.loads(json.dumps(plan.to_json())))


def test_what_the_schema_requires_the_reader_requires() -> None:
    told = strange_document(1)
    for field in schema("snapshot")["required"]:
        with pytest.raises(Exception, match=field):
            Snapshot.from_json({k: v for k, v in told.items() if k != field})
