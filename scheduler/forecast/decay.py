"""Sums that forget: of what lies before each day, around it, or a year before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.forecast.table import LEAST, Array

Days = NDArray[np.int64]
YEAR = 364  # 52 weeks, so that weekdays meet weekdays
NEAR_YEAR = 20  # days either side of the same day a year ago that count
YEAR_HALF_LIFE = 5.0


def before(values: Array, days: Days, half_life: float) -> Array:
    """Along the last axis, for each day the sum of what came before it, 0.5 ** (days apart / half_life).

    The day itself is left out.
    """
    found = np.zeros((*values.shape[:-1], len(days)))
    total = np.zeros(values.shape[:-1])
    gaps = np.append(np.diff(days), 1)[: len(days)]
    for index, keep in enumerate(0.5 ** (gaps / half_life)):
        found[..., index] = total
        total = (total + values[..., index]) * keep
    return found


def around(values: Array, days: Days, half_life: float) -> Array:
    """Along the last axis, for each day the sum of all, 0.5 ** (days apart / half_life), itself included."""
    past = before(values, days, half_life)
    turned = -days[::-1]
    future = before(values[..., ::-1], turned, half_life)[..., ::-1]
    found: Array = past + values + future
    return found


def year_before(values: Array, days: Days, wanted: Days) -> Array:
    """Along the last axis, the mean of `values` 52 weeks before each wanted day; 1 if none is known."""
    first, last = int(days[0]), int(days[-1])
    dense = np.zeros((*values.shape[:-1], last - first + 1 + 2 * NEAR_YEAR))
    known = np.zeros(dense.shape[-1])
    dense[..., days - first + NEAR_YEAR] = values
    known[days - first + NEAR_YEAR] = 1.0
    at = wanted - YEAR - first + NEAR_YEAR
    total, mass = np.zeros((*values.shape[:-1], len(wanted))), np.zeros(len(wanted))
    for shift in range(-NEAR_YEAR, NEAR_YEAR + 1):
        place = at + shift
        inside = (place >= 0) & (place < dense.shape[-1])
        place = np.clip(place, 0, dense.shape[-1] - 1)
        weight = 0.5 ** (abs(shift) / YEAR_HALF_LIFE) * known[place] * inside
        total += weight * dense[..., place]
        mass += weight
    found: Array = np.where(mass > 0, total / np.maximum(mass, LEAST), 1.0)
    return found
