"""`tidehall plan`: snapshot lines in, plan lines out, in order, one line each, flushed per line.

Needs no database. Lines do not influence each other; a bad one gets a `tidehall.error/1` line in its place.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, BinaryIO

from scheduler import fallback
from scheduler.check import faults
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot, SnapshotError

ERROR_FORMAT = "tidehall.error/1"
LONGEST_LINE = 16 * 1024 * 1024  # bytes, contracts/README.md §1

Planner = Callable[[Snapshot], Plan]


def main(argv: list[str]) -> int:
    """Read lines from a file or standard input. Exit status 1 if any of them was bad."""
    parser = argparse.ArgumentParser(prog="tidehall plan", description="Snapshot lines in, plan lines out.")
    parser.add_argument("file", nargs="?", help="JSON lines; standard input where none is named")
    parser.add_argument("--fallback", action="store_true", help="plan without the solver")
    options = parser.parse_args(argv)
    plan = fallback.plan if options.fallback else planner()
    if options.file is None:
        return run(sys.stdin.buffer, sys.stdout.buffer, plan)
    try:
        lines = open(options.file, "rb")  # noqa: PTH123, SIM115  # the name is the caller's, as typed
    except OSError as error:
        print(f"tidehall plan: {options.file}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 2
    with lines:
        return run(lines, sys.stdout.buffer, plan)


def planner() -> Planner:
    """The optimiser; the fallback on an installation without OR-Tools."""
    if find_spec("ortools") is None:
        return fallback.plan
    solve: Planner = import_module("scheduler.model").solve
    return solve


def run(lines: BinaryIO, out: BinaryIO, plan: Planner) -> int:
    """Answer each line that is not blank; 1 if any answer was an error."""
    status = 0
    for line in _lines(lines):
        if line is not None and not line.strip():
            continue
        document = _answer(line, plan)
        status = status or int(document["format"] == ERROR_FORMAT)
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        out.write(text.encode() + b"\n")
        out.flush()
    return status


def _lines(lines: BinaryIO) -> Iterator[bytes | None]:
    """Line by line; None stands for one that is too long, of which no more than the limit is held."""
    while line := lines.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := lines.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _answer(line: bytes | None, plan: Planner) -> dict[str, Any]:
    """The plan of one line, or what is wrong with it."""
    if line is None:
        return _error("too_long", "", f"a line may have {LONGEST_LINE} bytes")
    begun = time.perf_counter()
    try:
        document = json.loads(line.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        return _error("not_json", "", f"the line is no JSON: {error}")
    except UnicodeDecodeError as error:
        return _error("not_json", "", f"the line is not UTF-8 at byte {error.start}")
    except RecursionError:
        return _error("not_json", "", "the line is nested too deeply")
    except ValueError:  # the only other one: an integer of thousands of digits
        return _error("not_json", "", "a number has too many digits")
    try:
        snapshot = Snapshot.from_json(document)
    except SnapshotError as error:
        return _error(error.code, error.path, error.message)
    except RecursionError:
        return _error("not_json", "", "the document is nested too deep")
    return _checked(snapshot, plan, begun).to_json()


def _checked(snapshot: Snapshot, plan: Planner, begun: float) -> Plan:
    """What the planner says if it keeps the rules, else the fallback.

    A fault of the planner's own is told on standard error: the lines after it are still answered.
    """
    try:
        found = plan(snapshot)
        if not faults(snapshot, found):
            return found
    except Exception:  # whatever it is, whoever sent the line waits for a plan
        traceback.print_exc()
    return fallback.plan(snapshot, _since_ms(begun))


def _since_ms(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)


def _error(code: str, path: str, message: str) -> dict[str, Any]:
    return {"format": ERROR_FORMAT, "code": code, "path": path, "message": message}
