"""Quantiles of a count that is over-dispersed: negative binomial, by its mean and its variance over mean.

Small means are summed exactly; large ones use the gamma distribution of the same mean and variance
(Wilson and Hilferty's cube root), which is within a hundredth of a deviation from there on.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
EXACT_BELOW = 60.0  # mean up to which the distribution is summed
# By Markov's inequality no count above mean / (1 - level) is needed to reach a level, however uneven the
# counts are: one day of a million walk-ins among days of ten would ask for a sum over millions.
MOST_SUMMED = int(np.ceil(EXACT_BELOW / (1.0 - LEVELS[-1])))
LEAST_EXTRA = 1e-3  # variance over mean is 1 plus at least this: a Poisson count for all that matters
JITTER = 0.25  # see _exact
NUDGE = 0.01  # below a whole number, so that it is left out
Z = np.array([NormalDist().inv_cdf(level) for level in LEVELS])


def quantiles(mean: Row, dispersion: Row) -> NDArray[np.float64]:
    """(slots, LEVELS): `dispersion` is variance over mean, 1 or more."""
    mean = np.maximum(np.asarray(mean, dtype=np.float64), 0.0)
    extra = np.maximum(np.broadcast_to(dispersion, mean.shape) - 1.0, LEAST_EXTRA)
    found = np.zeros((mean.size, len(LEVELS)))
    small = mean < EXACT_BELOW
    found[small] = _exact(mean[small], extra[small])
    found[~small] = smooth(mean[~small], 1.0 + extra[~small])
    return found


def smooth(mean: Row, dispersion: Row) -> NDArray[np.float64]:
    """(slots, LEVELS) of the gamma distribution, by the cube root that is nearly normal: for large means."""
    spread = (dispersion / np.maximum(mean, 1e-9))[:, None] / 9.0
    cube = 1.0 - spread + Z[None, :] * np.sqrt(spread)
    found: NDArray[np.float64] = mean[:, None] * np.maximum(cube, 0.0) ** 3
    return found


def _exact(mean: Row, extra: Row) -> NDArray[np.float64]:
    """Where the summed distribution passes each level.

    A count that holds the level in its lower half of probability gives a quantile just below itself, else
    one just above: then the share of counts that fall outside a band is nearly what the band promises,
    while no quantile is farther than JITTER from the whole number that is best. Nobody is
    fewer than none, so the upper end decides what its band holds: it leaves out the count it stands at
    wherever the band would otherwise hold more than it promises.
    """
    if not mean.size:
        return np.zeros((0, len(LEVELS)))
    pmf = chances(mean, extra)
    below = np.cumsum(pmf, axis=1)
    rows = np.arange(mean.size)
    found = np.empty((mean.size, len(LEVELS)))
    left_out = np.zeros((mean.size, len(LEVELS)))  # beyond each quantile, on its side of the median
    for index, level in enumerate(LEVELS):
        k = np.minimum((below < level).sum(axis=1), pmf.shape[1] - 1)
        mass, under = np.maximum(pmf[rows, k], 1e-12), below[rows, k] - pmf[rows, k]
        within = np.clip((level - under) / mass, 0.0, 1.0)
        offset = JITTER * (2.0 * within - 1.0)
        if level > 0.5:
            due = 2 * (1 - level) - left_out[:, len(LEVELS) - 1 - index]  # for the upper end to leave out
            leaves = 1 - below[rows, k] < due
            offset = np.where(leaves, np.minimum(offset, -NUDGE), np.maximum(offset, NUDGE))
        found[:, index] = k + offset
        left_out[:, index] = np.where(offset > 0, below[rows, k], under)
    return np.maximum.accumulate(np.maximum(found, 0.0), axis=1)


def chances(mean: Row, extra: Row) -> NDArray[np.float64]:
    """(slots, counts from 0 on) negative binomial probabilities; `extra`: variance over mean, less 1.

    For means below EXACT_BELOW; as many counts as the LEVELS need.
    """
    top = min(MOST_SUMMED, int(np.ceil((mean + 12.0 * np.sqrt(mean * (1.0 + extra)) + 12.0).max())))
    shape = mean / extra
    step = extra / (1.0 + extra)
    pmf = np.empty((mean.size, top + 1))
    pmf[:, 0] = np.exp(-shape * np.log1p(extra))
    for k in range(top):
        pmf[:, k + 1] = pmf[:, k] * step * (shape + k) / (k + 1.0)
    return pmf
