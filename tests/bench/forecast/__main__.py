"""`python -m tests.bench.forecast [SET…]`: rolling forecasts of real series beside simple rivals."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.bench.forecast.judged import Judged, judge
from tests.bench.forecast.rivals import Rival, missing, rivals
from tests.bench.forecast.score import Array, Tally
from tests.bench.forecast.sets import SETS, folder
from tests.bench.jackknife import Estimate, ratio

YARDSTICK = "last 8 weekdays"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    wanted = parser.parse_args().sets or list(SETS)
    if unknown := set(wanted) - set(SETS):
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    if not folder().is_dir():
        print(f"no data at {folder()}: name the folder in TIDEHALL_DATA", file=sys.stderr)
        return 2
    if absent := missing():
        print(
            f"not judged, not installed: {', '.join(absent)}. `make bench-forecast` has them.",
            file=sys.stderr,
        )
    against = rivals()
    table = Table("set", "days", *(f"pinball to {name}" for name in against), "80 % band, open hours",
                  "80 % band, all rows", "update, pinball", "update, rest of day")  # fmt: skip
    for name in wanted:
        began = time.monotonic()
        table.add_row(name, *_cells(judge(name, against), against))
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    Console(width=200).print(table)
    return 0


def _cells(judged: Judged, against: Mapping[str, Rival]) -> Iterator[str]:
    ours = _losses(judged.days["ours"])
    yield str(len(ours))
    for rival in against:
        yield _said(ratio(ours, _losses(judged.days[rival])))
    least = sum(t.least for t in judged.days["ours"]) / sum(t.slots for t in judged.days["ours"])
    yield f"{_share_open(judged.days['ours']):.1%} ({_share_open(judged.days[YARDSTICK]):.0%})"
    yield f"{_share(judged.days['ours']):.1%} ({_share(judged.days[YARDSTICK]):.0%}, {least:.1%})"
    yield _said(ratio(_losses(judged.after), _losses(judged.before)))
    rests = np.array(judged.rests)
    yield _said(ratio(rests[:, 1], rests[:, 0]))


def _losses(tallies: list[Tally]) -> Array:
    return np.array([tally.loss for tally in tallies])


def _share(tallies: list[Tally]) -> float:
    return sum(t.inside for t in tallies) / sum(t.slots for t in tallies)


def _share_open(tallies: list[Tally]) -> float:
    """The share inside while the hall has its doors open: a closed hour holds whatever band there is."""
    return sum(t.open_inside for t in tallies) / sum(t.open for t in tallies)


def _said(found: Estimate) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


if __name__ == "__main__":
    sys.exit(main())
