"""Ratios of mean figures over the same days, with 95 % intervals by the jackknife over days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.replay.figures import Daily

Floats = npt.NDArray[np.float64]
Z95 = 1.96


@dataclass(frozen=True)
class Ratio:
    """An estimate and half the width of its interval."""

    value: float
    half: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ±{self.half:.2f}"


def column(days: Sequence[Daily], measure: str) -> Floats:
    """One measure over days."""
    return np.asarray([day[measure] for day in days], dtype=float)


def jackknife(estimate: Callable[..., float], *columns: Floats) -> Ratio:
    """An estimate from columns over the same days, and its spread when one day at a time is left out."""
    count = len(columns[0])
    left_out = np.asarray([estimate(*(np.delete(c, i) for c in columns)) for i in range(count)])
    spread = np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum())
    return Ratio(float(estimate(*columns)), float(Z95 * spread))


def ratio(ours: Floats, theirs: Floats) -> Ratio:
    """Mean over mean."""
    return jackknife(lambda a, b: float(a.mean() / b.mean()), ours, theirs)


def gap_closed(ours: Floats, fixed: Floats, free: Floats) -> Ratio:
    """The share of the way from one-family fixed windows to free switching (PLANNING.md §4)."""
    return jackknife(lambda x, a, b: float((a.mean() - x.mean()) / (a.mean() - b.mean())), ours, fixed, free)
