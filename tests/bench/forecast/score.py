"""How good forecasts are: pinball loss and coverage, summed day by day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.forecast.quantiles import LEAST_EXTRA, LEVELS

Array = NDArray[np.float64]
LOW_LEVEL, HIGH_LEVEL = 0.10, 0.90
LOW, HIGH = LEVELS.index(LOW_LEVEL), LEVELS.index(HIGH_LEVEL)


@dataclass
class Tally:
    """Sums of one day: loss over all rows, series and levels; rows; rows inside the 80 % band.

    `open`, `open_inside`: the same of the hours in which the hall has its doors open. `least`: how many of
    all rows would be inside if no band held more than it cannot help (least_band).
    """

    loss: float = 0.0
    slots: int = 0
    inside: int = 0
    open: int = 0
    open_inside: int = 0
    least: float = 0.0

    def add(self, seen: Array, quantiles: Array, is_open: NDArray[np.bool_]) -> None:
        inside = (seen >= quantiles[:, LOW]) & (seen <= quantiles[:, HIGH])
        self.loss += float(pinball(seen, quantiles).sum())
        self.slots += len(seen)
        self.inside += int(inside.sum())
        self.open += int(is_open.sum())
        self.open_inside += int((inside & is_open).sum())


def pinball(seen: Array, quantiles: Array) -> Array:
    """(slots, LEVELS): how much each quantile missed by."""
    miss = seen[:, None] - quantiles
    levels = np.array(LEVELS)
    found: Array = np.maximum(levels * miss, (levels - 1.0) * miss)
    return found


def least_band(mean: Array, dispersion: Array) -> Array:
    """(slots,) the least share that a band of 80 % or more can hold: that of nobody at all, where it is more.

    No band leaves nobody out and keeps what is above; where most slots bring nobody, zero alone holds more.
    """
    extra = np.maximum(dispersion - 1.0, LEAST_EXTRA)
    nobody = np.exp(-mean / extra * np.log1p(extra))
    return np.maximum(HIGH_LEVEL - LOW_LEVEL, nobody)
