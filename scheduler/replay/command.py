"""`tidehall replay`: a day again, or a day to come, under one policy or several."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path

from joblib import parallel_config
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scheduler.field import SnapshotError
from scheduler.replay.policies import POLICIES
from scheduler.replay.reading import read
from scheduler.replay.report import as_json, show, show_told
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import Results, study
from scheduler.replay.whatif import spoken
from scheduler.replay.whatif.told import tell

BAD_INPUT = 2


def main(argv: list[str]) -> int:
    """Exit status 2 for a scenario that cannot be read or a policy that does not exist."""
    wanted = _parser().parse_args(argv)
    try:
        scenario = read(json.loads(Path(wanted.scenario).read_text(encoding="utf-8")))
    except OSError as refused:
        return _refuse(f"{wanted.scenario}: {refused.strerror}")
    except UnicodeDecodeError:
        return _refuse(f"{wanted.scenario}: not UTF-8")
    except json.JSONDecodeError as broken:
        return _refuse(f"{wanted.scenario}, line {broken.lineno}: not JSON ({broken.msg})")
    except SnapshotError as wrong:
        return _refuse(f"{wanted.scenario}: {wrong}")
    if wanted.what_if is not None:
        return _what_if(scenario, wanted)
    try:
        with parallel_config(backend=wanted.backend) if wanted.backend else nullcontext():
            results = _run(scenario, wanted)
    except (ValueError, ImportError) as unknown:
        if wanted.backend is None:
            raise
        return _refuse(f"back end {wanted.backend}: {unknown}")
    if wanted.json:
        json.dump(as_json(scenario, results, wanted.seed), sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        show(scenario, results, Console())
    return 0


def _what_if(scenario: Scenario, wanted: argparse.Namespace) -> int:
    """One question answered as the dashboard answers it."""
    try:
        change = spoken.read(json.loads(wanted.what_if), scenario)
    except json.JSONDecodeError as broken:
        return _refuse(f"--what-if: not JSON ({broken.msg})")
    except spoken.WrongQuestion as wrong:
        return _refuse(f"--what-if, {wrong}")
    with _progress() as bar:
        task = bar.add_task("", total=2 * wanted.replications)
        told = tell(scenario, change, wanted.replications, wanted.seed, lambda n: bar.advance(task, n))
    if wanted.json:
        json.dump(told, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        show_told(told, Console())
    return 0


def _progress() -> Progress:
    error = Console(stderr=True)
    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=error, transient=True, disable=not error.is_terminal)


def _run(scenario: Scenario, wanted: argparse.Namespace) -> Results:
    chosen = {name: POLICIES[name]() for name in dict.fromkeys(wanted.policy or ["fixed"])}
    with _progress() as bar:
        task = bar.add_task("", total=wanted.replications * len(chosen))
        return study(
            scenario,
            chosen,
            wanted.replications,
            wanted.seed,
            jobs=wanted.jobs,
            on_done=lambda count: bar.advance(task, count),
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tidehall replay", description=__doc__)
    parser.add_argument("--scenario", required=True, metavar="FILE", help="tidehall.scenario/1 as JSON")
    parser.add_argument(
        "--policy",
        nargs="+",
        action="extend",
        choices=sorted(POLICIES),
        help="one or several; differences are taken to the first",
    )
    parser.add_argument(
        "--what-if",
        metavar="QUESTION",
        help='a question as JSON (docs/replay.md), such as {"ask": "more_demand", "percent": 20}',
    )
    parser.add_argument("--replications", type=_positive, default=30, metavar="N", help="days (30)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same people (1)")
    parser.add_argument("--jobs", type=int, default=-1, help="processes; -1 takes every core (-1)")
    parser.add_argument("--backend", help="a joblib back end, such as threading, dask or ray (processes)")
    parser.add_argument("--json", action="store_true", help="tidehall.replay/1 instead of tables")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _refuse(message: str) -> int:
    sys.stderr.write(f"tidehall replay: {message}\n")
    return BAD_INPUT
