"""The forecast of one day, and the same day as it looks when some of it is over.

A day's counts share a factor (a rainy Monday is quiet in every slot), so that the slots of a day move
together and a slot's count is over-dispersed; what has arrived tells the factor (see morning.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduler.forecast import quantiles
from scheduler.forecast.morning import Morning
from scheduler.forecast.table import Array
from scheduler.forecast.tails import moved

LAST_SLOT_S = 900.0  # length of a slot that stands alone


@dataclass(frozen=True)
class Forecast:
    """Expected walk-ins of a day by service and slot, slots as `starts_s` names them.

    `spread` is the variance of the day's factor, as far as it is unknown; `noise` a slot's variance over
    its mean once the factor is known. A service without history expects nobody.
    """

    starts_s: tuple[int, ...]
    services: tuple[str, ...]
    means: Array  # services × slots
    spread: Array  # services
    noise: Array  # services × slots
    tails: Array  # services × quantiles.LEVELS
    morning: Morning | None  # None once it has been listened to

    def mean(self, service: str) -> list[float]:
        """Expected walk-ins per slot; zeros for a service without history."""
        found: list[float] = self._row(self.means, service).tolist()
        return found

    def quantiles(self, service: str) -> Array:
        """(slots, quantiles.LEVELS) of a slot's count."""
        mean, dispersion = self._row(self.means, service), self.dispersions(service)
        found = quantiles.quantiles(mean, dispersion)
        if service not in self.services:
            return found
        return moved(found, self.tails[self.services.index(service)], mean, dispersion)

    def dispersions(self, service: str) -> Array:
        """Variance over mean of each slot's count; at least a little over a half."""
        if service not in self.services:
            return np.ones(len(self.starts_s))
        at = self.services.index(service)
        found: Array = self.noise[at] + self.spread[at] * self.means[at]
        return found

    def dispersion(self, service: str) -> float:
        """The mean of the above over the day, at least 1: for those who want one figure."""
        found = self.dispersions(service)
        return max(1.0, float(found.mean())) if found.size else 1.0

    def whole_day(self, service: str, slots: Sequence[int]) -> tuple[float, float]:
        """Mean of the walk-ins in these slots together, and variance over mean; they share a factor."""
        if service not in self.services:
            return 0.0, 1.0
        at = self.services.index(service)
        means, noise = self.means[at, list(slots)], self.noise[at, list(slots)]
        total = float(means.sum())
        if total <= 0.0:
            return 0.0, 1.0
        return total, float((noise * means).sum()) / total + float(self.spread[at]) * total

    def day_spread(self, service: str) -> float:
        """Variance of the day's factor, as far as it is unknown; 0 for a service without history."""
        return float(self.spread[self.services.index(service)]) if service in self.services else 0.0

    def only(self, is_open: Sequence[bool]) -> Forecast:
        """The same day with nobody expected in the slots that are shut."""
        return replace(self, means=self.means * np.asarray(is_open, dtype=np.float64))

    def update(self, arrived: Mapping[str, Sequence[float]], now_s: int) -> Forecast:
        """The same day as it looks at `now_s`: slots to come scaled by what the past ones brought.

        `arrived`: walk-ins per slot from the first on, the slot of `now_s` partial, NaN where the service
        was shut. Slots that are over hold who came, where it was told: whoever compares what came with
        what was expected finds the rest of the day already corrected.
        """
        shares = _passed(self.starts_s, now_s)
        if self.morning is None or not shares.any():
            return self
        begun = int((shares > 0).sum())
        came, due, is_told = self._told(arrived, shares[:begun])
        hall = self.morning.hall.factor(came.sum(axis=0, keepdims=True), due.sum(axis=0, keepdims=True))
        own = self.morning.own.factor(came, due * hall)
        means = self.means * np.where(shares < 1.0, (hall * own)[:, None], 1.0)
        means[:, :begun] = np.where((shares[:begun] >= 1.0) & is_told, came, means[:, :begun])
        left = np.minimum(self.morning.hall.left(due.sum(axis=0, keepdims=True)), 1.0)
        left = (left + self.morning.own.left(due)) / 2
        return replace(self, means=means, spread=self.spread * left, morning=None)

    def _row(self, values: Array, service: str) -> Array:
        if service not in self.services:
            return np.zeros(len(self.starts_s))
        found: Array = values[self.services.index(service)]
        return found

    def _told(
        self, arrived: Mapping[str, Sequence[float]], shares: Array
    ) -> tuple[Array, Array, NDArray[np.bool_]]:
        """What came, what was due and what was told by service and slot so far; 0 and 0 where nobody told."""
        came = np.full((len(self.services), len(shares)), np.nan)
        for row, service in enumerate(self.services):
            told = list(arrived.get(service, ()))[: len(shares)]
            came[row, : len(told)] = told
        is_told = np.isfinite(came)
        due = np.where(is_told, self.means[:, : len(shares)] * shares, 0.0)
        return np.where(is_told, came, 0.0), due, is_told


def _passed(starts_s: Sequence[int], now_s: int) -> Array:
    """How much of each slot is over at `now_s`, 0 to 1; the last slot is as long as the one before."""
    starts = np.asarray(starts_s, dtype=np.float64)
    if starts.size == 0:
        return starts
    last = float(starts[-1] - starts[-2]) if starts.size > 1 else LAST_SLOT_S
    lengths = np.minimum(np.diff(starts, append=starts[-1] + last), _usual(starts, last))
    shares: Array = np.clip((now_s - starts) / lengths, 0.0, 1.0)
    return shares


def _usual(starts: Array, last: float) -> float:
    """A slot before a noon closure is no longer than the others."""
    return float(np.min(np.diff(starts))) if starts.size > 1 else last
