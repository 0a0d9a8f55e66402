"""What the day so far tells about the rest: the hall's own factor first, then each service's around it.

A factor is 1 + gain · (came − due) / (due + mass), due and came fading with their age. With gain 1 that is
the posterior mean of a Gamma factor after Poisson counts; the gain is what past days' mornings were worth
for their afternoons, because a morning that runs high is not always a day that runs high (a fixed number of
tickets turns it round).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.forecast.noise import Noise
from scheduler.forecast.table import LEAST, Array, Table, shares

CUTS = (0.15, 0.3, 0.45, 0.6)  # of a day's walk-ins: where past days are cut in two
MEMORIES = (1e9, 12.0, 5.0)  # slots after which a slot counts a third; the first never forgets
HALF_LIFE = 120.0  # days
GAIN = 0.3  # before any history: of four real series three followed their mornings by a third or less
GAIN_DAYS = 24.0  # as if seen on so many days
MOST_GAIN = 1.3
RANGE = (0.25, 4.0)  # no factor is believed beyond


@dataclass(frozen=True)
class Rule:
    """How to learn a factor from a morning: per series (services, or the hall as the only one)."""

    gain: Array
    mass: Array  # walk-ins that weigh as much as the prior
    memory: float

    def factor(self, came: Array, due: Array) -> Array:
        """(series,) from slots so far, (series, slots); slots that tell nothing are 0 in both."""
        seen, wanted = _faded(came, self.memory), _faded(due, self.memory)
        told = (seen - wanted) / np.maximum(wanted + self.mass, LEAST)
        return np.clip(1.0 + self.gain * told, *RANGE)

    def left(self, due: Array) -> Array:
        """(series,) share of the factor's variance that the morning leaves."""
        wanted = _faded(due, self.memory)
        left: Array = 1.0 - np.minimum(self.gain, 1.0) * wanted / np.maximum(wanted + self.mass, LEAST)
        return left


@dataclass(frozen=True)
class Morning:
    """The two rules, and which part of a service's spread is the hall's."""

    hall: Rule
    own: Rule


def learn_morning(table: Table, due: Array, noise: Noise) -> Morning:
    """`due`: (services, days, slots) the level as seen the day before."""
    weight = 0.5 ** (table.ages() / HALF_LIFE)
    cuts = _cuts(due)
    hall_due, hall_came = due.sum(axis=0, keepdims=True), table.counts.sum(axis=0, keepdims=True)
    share = shares(due.sum(axis=(1, 2)))
    usual = (noise.slots * due.mean(axis=1)).sum(axis=1) / np.maximum(due.mean(axis=1).sum(axis=1), LEAST)
    usual = np.maximum(usual, 1.0)
    spread = np.array([float(share @ noise.spread)])
    hall = _rule(hall_came, hall_due, cuts, weight, np.array([float(share @ usual)]) / spread)
    lifted = np.stack([_lift(hall, hall_came, hall_due, cut) for cut in cuts])  # cuts × days
    single = len(table.services) == 1
    own = _rule(table.counts, due, cuts, weight, usual / (noise.spread / 2), lifted, silent=single)
    return Morning(hall, own)


def _faded(values: Array, memory: float) -> Array:
    """Sums over the last axis, whose last place is the newest."""
    found: Array = values @ np.exp(-np.arange(values.shape[-1])[::-1] / memory)
    return found


def _cuts(due: Array) -> Array:
    """(cuts, days): the slot at which each past day is cut."""
    running = np.cumsum(due.sum(axis=0), axis=1)
    share = running / np.maximum(running[:, -1:], LEAST)
    return np.array([(share < cut).sum(axis=1) + 1 for cut in CUTS])


def _halves(came: Array, due: Array, cut: Array, memory: float) -> tuple[Array, Array, Array, Array]:
    """Morning and afternoon, came and due: (series, days) each."""
    slots = np.arange(came.shape[2])
    past = slots[None, :] < cut[:, None]  # days × slots
    fade = np.where(past, np.exp(-np.maximum(cut[:, None] - 1 - slots[None, :], 0) / memory), 0.0)
    rest = ~past
    return (
        np.einsum("nds,ds->nd", came, fade),
        np.einsum("nds,ds->nd", due, fade),
        np.einsum("nds,ds->nd", came, rest),
        np.einsum("nds,ds->nd", due, rest),
    )


def _rule(
    came: Array,
    due: Array,
    cuts: Array,
    weight: Array,
    mass: Array,
    lifted: Array | None = None,
    silent: bool = False,
) -> Rule:
    """The gain and the memory that would have foretold past afternoons best."""
    best, found = np.inf, Rule(np.zeros(len(came)), mass, MEMORIES[0])
    if silent:
        return found
    for memory in MEMORIES:
        product, square, rest = np.zeros(len(came)), np.zeros(len(came)), np.zeros(len(came))
        for index, cut in enumerate(cuts):
            lift = 1.0 if lifted is None else lifted[index][None, :]
            seen, wanted, later, expected = _halves(came, due * _wide(lift), cut, memory)
            told = (seen - wanted) / np.maximum(wanted + mass[:, None], LEAST)
            missed = later / np.maximum(expected, LEAST) - 1.0
            worth = weight * expected * (expected > 0)
            missed = np.clip(missed, -1.0, 2.0)
            product += (told * missed * worth).sum(axis=1)
            square += (told**2 * worth).sum(axis=1)
            rest += (missed**2 * worth).sum(axis=1)
        prior = square / max(float(weight.sum()), LEAST) * GAIN_DAYS
        gain = np.clip((product + GAIN * prior) / np.maximum(square + prior, LEAST), 0.0, MOST_GAIN)
        loss = float((rest - 2 * gain * product + gain**2 * square).sum())
        if loss < best * 0.99:
            best, found = loss, Rule(gain, mass, memory)
    return found


def _wide(lift: Array | float) -> Array | float:
    return lift if isinstance(lift, float) else lift[:, :, None]


def _lift(rule: Rule, came: Array, due: Array, cut: Array) -> Array:
    """(days,) what the hall's rule would have said on each past day at the cut."""
    seen, wanted, _, _ = _halves(came, due, cut, rule.memory)
    told = (seen - wanted) / np.maximum(wanted + rule.mass[:, None], LEAST)
    found: Array = np.clip(1.0 + rule.gain[:, None] * told, *RANGE)[0]
    return found
