"""The figures a hall is judged by: one set per replicated day, then means over days with 95 % intervals.

All of them are always reported together: a rule can improve one and spoil another (PLANNING.md §3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite, sqrt

import numpy as np
import numpy.typing as npt

from scheduler.replay.outcome import Outcome
from scheduler.replay.study import Results

Floats = npt.NDArray[np.float64]
Daily = dict[str, float]  # measure -> figure of one day

# Without a figure on a day on which nobody came; and those of the whole hall alone.
WAITS = ("mean_s", "p90_s", "p95_s", "over_15_min", "over_30_min")
HALL = ("worst_service_s", "flips", "walks", "idle_share")
SHARES = ("over_15_min", "over_30_min", "idle_share")  # parts of a whole: at most 1

# Two-sided 95 % quantiles of Student's t for 1 … 30 degrees of freedom (any table); beyond, the normal's.
_T95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
    2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048,
    2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over days and its 95 % interval; all three NaN for a wait or share where no day had anybody."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One policy: figures of the hall, and of each service."""

    total: Mapping[str, Figure]
    services: Mapping[str, Mapping[str, Figure]]


def of_day(outcome: Outcome) -> Daily:
    """The figures of one day, by measure (WAITS, the three counts of `_waits`, and HALL)."""
    worst = [float(outcome.wait_s[outcome.service == i].mean()) for i in set(outcome.service.tolist())]
    return _waits(outcome, np.ones(len(outcome.wait_s), dtype=bool), float(outcome.bare_s.sum())) | {
        "worst_service_s": max(worst, default=float("nan")),
        "flips": float(outcome.flips),
        "walks": float(outcome.walks),
        "idle_share": outcome.idle_share,
    }


def summary(outcomes: Sequence[Outcome], services: Sequence[str]) -> Summary:
    """Figures of one policy over its days. `services` are the names in the scenario's order."""
    return Summary(
        _levels([of_day(o) for o in outcomes]),
        {name: _levels([_line(o, i) for o in outcomes]) for i, name in enumerate(services)},
    )


def difference(ours: Sequence[Outcome], theirs: Sequence[Outcome], services: Sequence[str]) -> Summary:
    """Ours minus theirs, day by day: the same people met both, so most of the noise cancels."""

    def apart(one: Daily, other: Daily) -> Daily:
        return {measure: one[measure] - other[measure] for measure in one}

    pairs = list(zip(ours, theirs, strict=True))
    return Summary(
        _changes([apart(of_day(a), of_day(b)) for a, b in pairs]),
        {
            name: _changes([apart(_line(a, i), _line(b, i)) for a, b in pairs])
            for i, name in enumerate(services)
        },
    )


def summaries(results: Results, services: Sequence[str]) -> dict[str, Summary]:
    """One summary per policy of a study."""
    return {name: summary(outcomes, services) for name, outcomes in results.items()}


def figure(days: Sequence[float] | Floats) -> Figure:
    """Mean over days and Student's interval; days without a figure (NaN) are left out.

    For differences, which lie on both sides of nothing; `level` for what cannot be below it.
    """
    found = np.asarray(days, dtype=float)
    found = found[~np.isnan(found)]
    if not len(found):
        return Figure(float("nan"), float("nan"), float("nan"))
    mean = float(found.mean())
    if len(found) == 1:
        return Figure(mean, float("-inf"), float("inf"))
    factor = _T95[len(found) - 2] if len(found) <= len(_T95) + 1 else 1.96
    half = factor * float(found.std(ddof=1)) / sqrt(len(found))
    return Figure(mean, mean - half, mean + half)


def level(days: Sequence[float] | Floats, most: float = inf) -> Figure:
    """`figure` of waits, counts or shares: few days' intervals end where no day can be, 0 and `most`.

    An interval that is not known (one day) stays unknown.
    """
    found = figure(days)
    if not isfinite(found.low):
        return found
    return replace(found, low=max(0.0, found.low), high=min(most, found.high))


def _levels(days: Sequence[Daily]) -> dict[str, Figure]:
    return {
        measure: level([day[measure] for day in days], 1.0 if measure in SHARES else inf)
        for measure in (days[0] if days else ())
    }


def _changes(days: Sequence[Daily]) -> dict[str, Figure]:
    return {measure: figure([day[measure] for day in days]) for measure in days[0]} if days else {}


def _line(outcome: Outcome, service: int) -> Daily:
    return _waits(outcome, outcome.service == service, float(outcome.bare_s[service]))


def _waits(outcome: Outcome, mine: npt.NDArray[np.bool_], bare_s: float) -> Daily:
    """A day on which nobody came has no wait, but it counts: nobody walked away on it."""
    waits = outcome.wait_s[mine]
    return (_of_waits(waits) if len(waits) else dict.fromkeys(WAITS, float("nan"))) | {
        "walk_aways": float(outcome.walked_away[mine].sum()),
        "unserved": float(outcome.unserved[mine].sum()),
        "bare_min": bare_s / 60,
    }


def _of_waits(waits: Floats) -> Daily:
    p90, p95 = np.quantile(waits, (0.9, 0.95))
    return {
        "mean_s": float(waits.mean()),
        "p90_s": float(p90),
        "p95_s": float(p95),
        "over_15_min": float((waits > 900).mean()),
        "over_30_min": float((waits > 1800).mean()),
    }
