"""Results on disk, so that the bench can be stopped at any moment and goes on where it was."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".bench" / "plans"

# What a result depends on. Simple rules: the simulator alone; the tidal policy: the planner as well.
_RULES_USE = (
    "agenda agreed bounds coverage day figures fixed floor layout lending lines lineup longest moving outcome"
    " policy record scenario staff threshold visitors"
)
SIMULATOR = (
    "hall/core/line.py",
    "hall/core/window.py",
    *(f"scheduler/replay/{name}.py" for name in _RULES_USE.split()),
    "tests/bench/plans/halls.py",
    "tests/bench/plans/days.py",
    "tests/bench/plans/lived.py",
    "tests/bench/plans/rules.py",
)
# Whatever the planner may import: all of scheduler but these, which no plan depends on.
PLANNER = ("scheduler", "scheduler/replay/tidal.py", "scheduler/replay/seen.py")
PATIENT_PLANNER = (*PLANNER, "tests/bench/plans/planner.py")
PACKAGES = ("ortools", "numpy", "numba")  # another release may solve, draw or round differently
NO_PART_OF_PLANNING = ("scheduler/replay/", "scheduler/forecast/", "scheduler/quotas", "scheduler/worker")


@cache
def fingerprint(places: tuple[str, ...]) -> str:
    """A hash over the source files in these places, and the releases of what they compute with."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in PACKAGES).encode())
    for place in places:
        for name in _files(place):
            digest.update(name.encode())
            digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _files(place: str) -> list[str]:
    if (ROOT / place).is_file():
        return [place]
    names = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / place).rglob("*.py"))
    return [name for name in names if not name.startswith(NO_PART_OF_PLANNING)]


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
        # A stopped run leaves no half result. A name of its own: two workers may make the same line-up at
        # once, and the second to finish would find the half of a shared name gone.
        half = path.with_suffix(f".{uuid4().hex}.part")
        half.write_text(json.dumps(value))
        half.replace(path)

    def _path(self, key: object) -> Path:
        name = hashlib.sha256(repr(key).encode()).hexdigest()[:32]
        return self._folder / f"{name}.json"
