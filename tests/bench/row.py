"""One line of the table: what was measured, beside its yardstick and the goal of DESIGN §7."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`must` and `aim` are the goals as text; `yardstick` what the same run found possible at all."""

    what: str
    found: str
    must: str = ""
    aim: str = ""
    yardstick: str = ""


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def share(values: Sequence[float], of: float) -> float:
    """The value below which this share of all lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(of * len(ordered)))]


def spread(values: Sequence[float]) -> str:
    """p50 and p99 of times in seconds."""
    return f"p50 {ms(statistics.median(values))}, p99 {ms(share(values, 0.99))}"
