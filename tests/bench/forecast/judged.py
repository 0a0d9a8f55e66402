"""Rolling forecasts: each day foretold from the days before it alone, then held against who came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from scheduler.forecast import Count, Forecast, fit
from tests.bench.forecast.rivals import Days, Rival
from tests.bench.forecast.score import Array, Tally, least_band
from tests.bench.forecast.sets import SETS, is_open

MORNING_SHARE = 0.4  # of a day's slots: where the forecast is updated


@dataclass
class Judged:
    """One data set: a tally per day for each forecaster, and the rest of the day before and after."""

    days: dict[str, list[Tally]] = field(default_factory=lambda: defaultdict(list))
    before: list[Tally] = field(default_factory=list)
    after: list[Tally] = field(default_factory=list)
    rests: list[tuple[float, float]] = field(default_factory=list)  # absolute misses of the rest's sum


def judge(name: str, against: Mapping[str, Rival]) -> Judged:
    """Every judged day of a set."""
    read, first, step = SETS[name]
    rows = read()
    judged = Judged()
    days = sorted({row[1] for row in rows})[first::step]
    for day in track(days, name, console=Console(stderr=True), transient=True):
        judge_day(judged, against, rows, day, partial(is_open, name, day))
    return judged


def judge_day(
    judged: Judged,
    against: Mapping[str, Rival],
    rows: Sequence[Count],
    day: date,
    opened: Callable[[int], bool],
) -> None:
    """One day. `rows` may go on after it: nobody is told who came that day, but for the update, or later."""
    came, asked = _parted(rows, day)
    starts = sorted({slot for slots in came.values() for slot in slots})
    usual = fit([row for row in rows if row[1] < day]).day(day, starts)
    cut = int(MORNING_SHARE * len(starts))
    arrived = {s: [slots.get(slot, np.nan) for slot in starts[:cut]] for s, slots in came.items()}
    updated = usual.update(arrived, starts[cut])
    ours, before, after = Tally(), Tally(), Tally()
    theirs = {name: (Tally(), rival(asked, day)) for name, rival in against.items()}
    misses = np.zeros(2)
    for name in came:
        slots = sorted(came[name])
        seen = np.array([came[name][slot] for slot in slots], dtype=np.float64)
        at, late = np.searchsorted(starts, slots), np.array(slots) >= starts[cut]
        doors = np.array([opened(slot) for slot in slots])
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


def _parted(rows: Sequence[Count], day: date) -> tuple[dict[str, dict[int, float]], dict[str, Days]]:
    """Per series that has a past: who came that day by slot, and what rivals are told, that day blank."""
    series: dict[str, dict[date, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for service, when, slot, count in rows:
        if when <= day:
            series[service][when][slot] = count
    came = {s: days[day] for s, days in series.items() if day in days and min(days) < day}
    return came, {s: series[s] | {day: dict.fromkeys(came[s], np.nan)} for s in came}


def _missed(
    seen: Array, forecast: Forecast, name: str, at: NDArray[np.int64], late: NDArray[np.bool_]
) -> float:
    """How far the sum of the rest of the day was off."""
    return abs(float(seen[late].sum() - np.array(forecast.mean(name))[at][late].sum()))
