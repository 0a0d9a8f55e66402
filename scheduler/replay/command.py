"""`tidehall replay`: a day again, or a day to come, under one policy or several."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from joblib import parallel_config
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scheduler.field import MOST, SnapshotError
from scheduler.replay.policies import POLICIES
from scheduler.replay.reading import read
from scheduler.replay.report import as_json, show, show_ranked, show_told
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import Results, study
from scheduler.replay.whatif import spoken
from scheduler.replay.whatif.told import DAYS, RANKED_DAYS, tell, tell_ranked
from scheduler.replay.whatif.worth import STEPS

BAD_INPUT = 2
EVERY_CORE = -1  # joblib's word for it
MOST_JOBS = 1000  # more than any machine has; far above, joblib fails in a trace instead of in words
MOST_SEED = 2**63 - 1


def main(argv: list[str]) -> int:
    """Exit status 2 for a scenario that cannot be read or a policy that does not exist."""
    wanted = _parser().parse_args(argv)
    try:
        scenario = read(_json(Path(wanted.scenario).read_text(encoding="utf-8-sig")))
    except OSError as refused:
        return _refuse(f"{wanted.scenario}: {refused.strerror}")
    except UnicodeDecodeError:
        return _refuse(f"{wanted.scenario}: not UTF-8")
    except json.JSONDecodeError as broken:
        return _refuse(f"{wanted.scenario}, line {broken.lineno}: not JSON ({broken.msg})")
    except SnapshotError as wrong:
        return _refuse(f"{wanted.scenario}: {wrong}")
    if wanted.what_if is not None and len(wanted.policy or ()) > 1:
        return _refuse("--policy: one policy runs the days of a --what-if")
    try:
        with parallel_config(backend=wanted.backend) if wanted.backend else nullcontext():
            return (_study if wanted.what_if is None else _what_if)(scenario, wanted)
    except json.JSONDecodeError as broken:
        return _refuse(f"--what-if: not JSON ({broken.msg})")
    except spoken.WrongQuestion as wrong_question:
        return _refuse(f"--what-if, {wrong_question}")
    except (ValueError, ImportError) as unknown:
        if wanted.backend is None:
            raise
        return _refuse(f"back end {wanted.backend}: {unknown}")


def _study(scenario: Scenario, wanted: argparse.Namespace) -> int:
    """The day under one policy or several."""
    results = _run(scenario, wanted)
    if wanted.json:
        _print_json(as_json(scenario, results, wanted.seed))
    else:
        show(scenario, results, Console())
    return 0


def _what_if(scenario: Scenario, wanted: argparse.Namespace) -> int:
    """One question answered as the dashboard answers it, unless a policy is named."""
    question = _json(wanted.what_if)
    name = wanted.policy[0] if wanted.policy else None
    how: dict[str, Any] = {"jobs": wanted.jobs}
    if name is not None:
        how["chosen"] = lambda _: POLICIES[name]()
    if spoken.ranks(question):
        of, days = spoken.ranked_of(question), wanted.replications or RANKED_DAYS
        with _progress(STEPS) as more:
            told = tell_ranked(scenario, of, days, wanted.seed, more, **how)
        show = show_ranked
    else:
        change, days = spoken.read(question, scenario), wanted.replications or DAYS
        with _progress(2 * days) as more:
            told = tell(scenario, change, days, wanted.seed, more, **how)
        show = show_told
    if wanted.json:
        _print_json(told)
    else:
        show(told, Console())
    return 0


def _json(text: str) -> Any:
    """What is written; what Python cannot follow is refused as if it were no JSON."""
    try:
        return json.loads(text)
    except RecursionError:
        raise json.JSONDecodeError("nested too deeply", text, 0) from None
    except ValueError as refused:
        if isinstance(refused, json.JSONDecodeError):
            raise
        raise json.JSONDecodeError("a number has too many digits", text, 0) from None


def _print_json(told: dict[str, Any]) -> None:
    json.dump(told, sys.stdout, ensure_ascii=False, allow_nan=False)
    sys.stdout.write("\n")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal's standard error; what is given hears how many were done."""
    error = Console(stderr=True)
    columns = (TextColumn("replaying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=error, transient=True, disable=not error.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)


def _run(scenario: Scenario, wanted: argparse.Namespace) -> Results:
    chosen = {name: POLICIES[name]() for name in dict.fromkeys(wanted.policy or ["fixed"])}
    days = wanted.replications or DAYS
    with _progress(days * len(chosen)) as more:
        return study(scenario, chosen, days, wanted.seed, jobs=wanted.jobs, on_done=more)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tidehall replay", description=__doc__)
    parser.add_argument("--scenario", required=True, metavar="FILE", help="tidehall.scenario/1 as JSON")
    parser.add_argument(
        "--policy",
        nargs="+",
        action="extend",
        choices=sorted(POLICIES),
        help="one or several, differences are taken to the first (fixed); one for a what-if (docs/replay.md)",
    )
    parser.add_argument(
        "--what-if",
        metavar="QUESTION",
        help='a question as JSON (docs/replay.md), such as {"ask": "more_demand", "percent": 20}',
    )
    parser.add_argument(
        "--replications",
        type=_whole(1, MOST),
        metavar="N",
        help=f"days ({DAYS}; for a ranking {RANKED_DAYS})",
    )
    parser.add_argument("--seed", type=_whole(0, MOST_SEED), default=1, help="same seed, same people (1)")
    parser.add_argument("--jobs", type=_jobs, default=EVERY_CORE, help="processes; -1 takes every core (-1)")
    parser.add_argument("--backend", help="a joblib back end, such as threading, dask or ray (processes)")
    parser.add_argument(
        "--json",
        action="store_true",
        help="instead of tables: tidehall.replay/1, or tidehall.whatif/1 for a what-if",
    )
    return parser


def _whole(least: int, most: int, besides: str = "") -> Callable[[str], int]:
    """A reader that refuses with what is allowed; `besides` names what its caller lets through."""

    def whole(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"“{text}” is no whole number from {least} to {most}{besides}")
        return int(text)

    return whole


def _jobs(text: str) -> int:
    """joblib's -1, or a count; its 0 means nothing, and its -5 another number on each machine."""
    return EVERY_CORE if text == str(EVERY_CORE) else _whole(1, MOST_JOBS, ", or -1 for every core")(text)


def _refuse(message: str) -> int:
    sys.stderr.write(f"tidehall replay: {message}\n")
    return BAD_INPUT
