"""Results on disk, so that the bench can be stopped at any moment and goes on where it was."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".bench" / "plans"

# What a result depends on: simple rules on the simulator, the tidal policy on the planner as well.
SIMULATOR = ("hall/core", "scheduler/replay", "tests/bench/plans/halls.py", "tests/bench/plans/days.py")
PLANNER = ("scheduler",)
# Reading, printing and the command line change no result.
INDIFFERENT = {"command.py", "report.py", "reading.py", "study.py", "policies.py"}


@cache
def fingerprint(places: tuple[str, ...]) -> str:
    """A hash over the source files in these places."""
    digest = hashlib.sha256()
    for place in places:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            if file.name not in INDIFFERENT:
                digest.update(file.relative_to(ROOT).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


class Kept:
    """JSON values under a key of any JSON-like parts."""

    def __init__(self, kind: str) -> None:
        self._folder = FOLDER / kind

    def get(self, key: object) -> Any:
        path = self._path(key)
        return json.loads(path.read_text()) if path.exists() else None

    def put(self, key: object, value: Any) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_text(json.dumps(value))
        half.replace(path)  # a stopped run leaves no half result

    def _path(self, key: object) -> Path:
        name = hashlib.sha256(repr(key).encode()).hexdigest()[:32]
        return self._folder / f"{name}.json"
