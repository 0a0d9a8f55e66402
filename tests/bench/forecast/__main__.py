"""`python -m tests.bench.forecast [SET…]`: rolling forecasts of real series beside simple rivals."""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from scheduler.forecast import Count, Forecast, fit
from tests.bench.forecast.rivals import Days, Rival, missing, rivals
from tests.bench.forecast.score import Array, Tally, least_band
from tests.bench.forecast.sets import SETS, folder, is_open
from tests.bench.jackknife import Estimate, ratio

MORNING_SHARE = 0.4  # of a day's slots: where the forecast is updated
YARDSTICK = "last 8 weekdays"


@dataclass
class Judged:
    """One data set: a tally per day for each forecaster, and the rest of the day before and after."""

    days: dict[str, list[Tally]] = field(default_factory=lambda: defaultdict(list))
    before: list[Tally] = field(default_factory=list)
    after: list[Tally] = field(default_factory=list)
    rests: list[tuple[float, float]] = field(default_factory=list)  # absolute misses of the rest's sum


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
        table.add_row(name, *_cells(_judge(name, against), against))
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    Console(width=200).print(table)
    return 0


def _judge(name: str, against: dict[str, Rival]) -> Judged:
    read, first, step = SETS[name]
    rows = read()
    series: dict[str, dict[date, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for service, day, slot, count in rows:
        series[service][day][slot] = count
    judged = Judged()
    days = sorted({row[1] for row in rows})[first::step]
    for day in track(days, name, console=Console(stderr=True), transient=True):
        known = {s: d for s, d in series.items() if day in d and min(d) < day}
        starts = sorted({slot for days in known.values() for slot in days[day]})
        hours = {slot for slot in starts if is_open(name, day, slot)}
        _judge_day(judged, against, [row for row in rows if row[1] < day], known, day, starts, hours)
    return judged


def _judge_day(
    judged: Judged, against: dict[str, Rival], history: list[Count], series: dict[str, Days], day: date,
    starts: list[int], hours: set[int],
) -> None:  # fmt: skip
    cut = int(MORNING_SHARE * len(starts))
    usual = fit(history).day(day, starts)
    arrived = {s: [days[day].get(slot, np.nan) for slot in starts[:cut]] for s, days in series.items()}
    updated = usual.update(arrived, starts[cut])
    ours, before, after = Tally(), Tally(), Tally()
    theirs = {name: (Tally(), rival(series, day)) for name, rival in against.items()}
    misses = np.zeros(2)
    for name, days in series.items():
        slots = sorted(days[day])
        seen = np.array([days[day][slot] for slot in slots], dtype=np.float64)
        at, late = np.searchsorted(starts, slots), np.array(slots) >= starts[cut]
        doors = np.array([slot in hours for slot in slots])
        ours.add(seen, usual.quantiles(name)[at], doors)
        ours.least += float(least_band(np.array(usual.mean(name))[at], usual.dispersions(name)[at]).sum())
        before.add(seen[late], usual.quantiles(name)[at][late], doors[late])
        after.add(seen[late], updated.quantiles(name)[at][late], doors[late])
        misses += [_missed(seen, forecast, name, at, late) for forecast in (usual, updated)]
        for tally, told in theirs.values():
            tally.add(seen, told[name], doors)
    judged.days["ours"].append(ours)
    judged.before.append(before)
    judged.after.append(after)
    judged.rests.append((float(misses[0]), float(misses[1])))
    for rival, (tally, _) in theirs.items():
        judged.days[rival].append(tally)


def _missed(seen: Array, forecast: Forecast, name: str, at: Array, late: Array) -> float:
    """How far the sum of the rest of the day was off."""
    return abs(float(seen[late].sum() - np.array(forecast.mean(name))[at][late].sum()))


def _cells(judged: Judged, against: dict[str, Rival]) -> Iterator[str]:
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
