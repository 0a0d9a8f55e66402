"""`python -m tests.bench [ROW…] [--json]`: the hall's figures beside the goals and this run's yardsticks."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench import calm, desk, foretold, push, real_day, solve, whatif
from tests.bench.row import Row

ROWS: dict[str, Callable[[Path], Iterable[Row]]] = {
    "sqlite": desk.on_sqlite,
    "postgres": desk.on_postgres,
    "solve": solve.solves,
    "whatif": whatif.replays,
    "forecast": foretold.a_year,
    "push": push.to_screens,
    "calm": calm.beside_others,
    "day": real_day.driven,
}


def main() -> None:
    options = _parser().parse_args()
    console = Console(stderr=True, width=150)
    found: list[Row] = []
    for name in options.rows or ROWS:
        with console.status(f"measuring {name}"), tempfile.TemporaryDirectory(dir=options.folder) as folder:
            found += ROWS[name](Path(folder))
    if options.json:
        print(json.dumps({"machine": _machine(), "rows": [asdict(row) for row in found]}, ensure_ascii=False))
    else:
        Console(width=150).print(_table(found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help=f"all, or some of {', '.join(ROWS)}")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--folder", help="where the measured databases lie (default: the temporary folder)")
    return parser


def _machine() -> str:
    day = datetime.now(UTC).date()
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, {day}"


def _table(rows: Iterable[Row]) -> Table:
    table = Table(title=f"Tidehall on {_machine()}")
    for name in ("what", "found", "must", "aim", "yardstick of this run"):
        table.add_column(name)
    for row in rows:
        table.add_row(row.what, row.found, row.must, row.aim, row.yardstick)
    return table


if __name__ == "__main__":
    main()
