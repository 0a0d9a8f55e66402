"""The forecast of one day, and what the morning tells about the afternoon.

A day's counts share a factor (a rainy Monday is quiet in every slot), so that the slots of a day move
together and the sum over a slot's Poisson noise is over-dispersed. The factor's prior is a Gamma with
mean 1; what has arrived makes its posterior (DOMAIN.md: days of a hall are over-dispersed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]

LEAST = 1e-9  # keeps divisions apart from zero where nobody is expected


@dataclass(frozen=True)
class Forecast:
    """Expected walk-ins of a day by service: one mean per slot, slots as `starts_s` names them.

    `spread` is the variance of the day's factor, `noise` the variance over the mean of a slot once the
    factor is known; `factor` what is known of the day by now.
    """

    starts_s: tuple[int, ...]
    means: Mapping[str, Row]
    spread: Mapping[str, float]
    noise: Mapping[str, Row]
    factor: Mapping[str, float] = field(default_factory=dict)

    def mean(self, service: str) -> list[float]:
        """Expected walk-ins per slot; zeros for a service without history."""
        means = self.means.get(service)
        if means is None:
            return [0.0] * len(self.starts_s)
        found: list[float] = (means * self.factor.get(service, 1.0)).tolist()
        return found

    def dispersion(self, service: str) -> float:
        """Variance over mean of a slot's count, the day's factor being still unknown; at least 1."""
        means = self.means.get(service)
        if means is None or not means.size:
            return 1.0
        return float(max(1.0, self.noise[service].mean() + self.spread[service] * means.mean()))

    def dispersions(self, service: str) -> Row:
        """Variance over mean of each slot's count, the day's factor being still unknown; at least 1."""
        means = np.array(self.mean(service))
        if service not in self.means:
            return np.ones(len(self.starts_s))
        found: Row = np.maximum(1.0, self.noise[service] + self.spread[service] * means)
        return found

    def update(self, arrived: Mapping[str, Sequence[float]], now_s: int) -> Forecast:
        """The same day as it looks at `now_s`: slots to come scaled by what the past ones brought.

        `arrived`: walk-ins per slot from the first on, the slot of `now_s` partial, NaN where the service
        was shut. All services together say how the day is; each one's own counts correct that for itself.
        """
        shares = _passed(self.starts_s, now_s)
        seen, due = {}, {}
        for service, means in self.means.items():
            counts = np.full(len(shares), np.nan)
            told = np.asarray(arrived.get(service, ()), dtype=np.float64)[: len(shares)]
            counts[: len(told)] = told
            seen[service] = float(np.nansum(counts))
            due[service] = float((means * shares)[np.isfinite(counts)].sum())
        hall = self._posterior(sum(seen.values()), sum(due.values()), self._hall_spread(), self._hall_noise())
        factor = {}
        for service in self.means:
            own = self.spread[service] / 2  # the half of a day that the services do not share
            expected = due[service] * hall
            factor[service] = hall * self._posterior(
                seen[service], expected, own, float(self.noise[service].mean())
            )
        return replace(self, factor=factor)

    def _posterior(self, seen: float, due: float, spread: float, noise: float) -> float:
        """Mean of a Gamma(1/spread, 1/spread) factor after `seen` came where `due` were expected."""
        weight = 1.0 / max(spread, LEAST)
        return (weight + seen / noise) / (weight + due / noise)

    def _hall_spread(self) -> float:
        total = sum(float(means.sum()) for means in self.means.values())
        return sum(self.spread[s] * float(means.sum()) for s, means in self.means.items()) / max(total, LEAST)

    def _hall_noise(self) -> float:
        return float(np.mean([noise.mean() for noise in self.noise.values()])) if self.noise else 1.0


def _passed(starts_s: Sequence[int], now_s: int) -> Row:
    """How much of each slot is over at `now_s`, 0 to 1; the last slot is as long as the one before."""
    starts = np.asarray(starts_s, dtype=np.float64)
    if starts.size == 0:
        return starts
    lengths = np.diff(starts, append=starts[-1] + (starts[-1] - starts[-2] if starts.size > 1 else 900.0))
    shares: Row = np.clip((now_s - starts) / lengths, 0.0, 1.0)
    return shares
