"""One measure of a rule's days as a column, day by day as the people came: what ratios are made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scheduler.replay.figures import Daily
from tests.bench.jackknife import Floats


def column(days: Sequence[Daily], measure: str) -> Floats:
    """One measure over days."""
    return np.asarray([day[measure] for day in days], dtype=float)
