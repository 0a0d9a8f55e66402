"""Where a negative binomial's quantiles and those of past counts part: how far to move each quantile.

The move of a level is that level's own quantile of past counts' distances from the quantile that was
forecast, in standard deviations, so that past counts fall below the moved one as often as they should.
"""

from __future__ import annotations

import numpy as np

from scheduler.forecast.noise import Noise
from scheduler.forecast.quantiles import LEVELS, smooth
from scheduler.forecast.table import LEAST, Array, Table

LAST_DAYS = 150
LEAST_DUE = 4.0  # walk-ins in a slot; fewer are too coarse to tell
TRUST_DAYS = 15.0  # past days that are trusted as much as the distribution
MOST = 1.5  # standard deviations


def learn_tails(table: Table, due: Array, noise: Noise) -> Array:
    """(services, LEVELS) moves in standard deviations of a slot's count."""
    due, counts = due[:, -LAST_DAYS:], table.counts[:, -LAST_DAYS:]
    variance = due * (noise.slots[:, None] + noise.spread[:, None, None] * due)
    found = np.zeros((len(due), len(LEVELS)))
    for row in range(len(due)):
        told = due[row] >= LEAST_DUE
        if not told.any():
            continue
        mean, var = due[row][told], variance[row][told]
        miss = (counts[row][told][:, None] - smooth(mean, var / mean)) / np.sqrt(var)[:, None]
        days = float(told.any(axis=1).sum())
        moves = [np.quantile(miss[:, at], level) for at, level in enumerate(LEVELS)]
        found[row] = np.clip(moves, -MOST, MOST) * days / (days + TRUST_DAYS)
    return found


def moved(quantiles: Array, tails: Array, mean: Array, dispersion: Array) -> Array:
    """The quantiles of (slots, LEVELS) moved, less where the mean is too small to be told apart."""
    deviation = np.sqrt(np.maximum(mean * dispersion, LEAST))
    share = np.clip((mean - LEAST_DUE / 2) / LEAST_DUE, 0.0, 1.0)
    found = np.maximum(quantiles + tails * (deviation * share)[:, None], 0.0)
    return np.maximum.accumulate(found, axis=1)
