"""Slots asked for that are not those learned from: a special day begins at 08:35, or stays open at night."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.forecast.table import Array

Starts = NDArray[np.int64]  # seconds since midnight, ascending


ALONE_S = 900  # length of a slot that stands alone


def parts_of(known: Starts, asked: Starts) -> Array:
    """(known, asked): how much of each known slot lies in each slot asked for, 0 to 1; both are as long.

    Hours that no day ever had are taken to be like the nearest that one had.
    """
    # The shortest distance of two: a slot before a closure at noon is no longer than the others.
    length_s = int(np.diff(known).min()) if len(known) > 1 else ALONE_S
    apart = np.abs(np.subtract.outer(known, asked))
    parts: Array = np.maximum(length_s - apart, 0) / length_s
    new = np.flatnonzero(parts.sum(axis=0) == 0)
    parts[apart[:, new].argmin(axis=0), new] = 1.0
    return parts
