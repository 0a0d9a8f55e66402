"""How far counts fall from what was due: a factor that a day's slots share, and each slot's own noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.forecast.table import LEAST, Array, Table

HALF_LIFE = 120.0  # days
SPREAD = 0.02  # variance of a day's factor before any history: one day in three is more than 14 % off
SPREAD_DAYS = 4.0  # as if seen on so many days
NOISE = 1.3  # variance over mean of a slot before any history (PLANNING.md §6)
NOISE_DAYS = 3.0
SLOT_DAYS = 10.0  # as if the service's common noise had been seen in a slot on so many days
MOST_NOISE = 1000.0
FITTED = 2.0  # days: the shape is fitted to the slots it is held against, and as far off on the day to come
MOST_TAKEN = 0.8  # of its own luck


@dataclass(frozen=True)
class Noise:
    """`spread`: (services,) variance of a day's factor; `slots`: (services, slots) variance over mean."""

    spread: Array
    slots: Array


def learn_noise(table: Table, due: Array, taken: Array) -> Noise:
    """`due`: (services, days, slots), the level as seen the day before. `taken`: Level's."""
    weight = 0.5 ** (table.ages() / HALF_LIFE)
    totals, expected = table.counts.sum(axis=2), due.sum(axis=2)
    known = due * (totals / np.maximum(expected, LEAST))[:, :, None]
    squares = np.einsum("d,nds->ns", weight, (table.counts - known) ** 2)
    mass = np.einsum("d,nds->ns", weight, known)
    days = weight.sum()
    mean = mass / max(days, LEAST)
    prior = mean.mean(axis=1, keepdims=True) * NOISE_DAYS * max(1, due.shape[2])
    service = (squares.sum(axis=1, keepdims=True) + NOISE * prior) / np.maximum(
        mass.sum(axis=1, keepdims=True) + prior, LEAST
    )
    borrowed = np.maximum(mean * SLOT_DAYS, 0.2)
    slots = (squares + borrowed * service) / np.maximum(mass + borrowed, LEAST)
    slots = np.clip(slots * (1.0 + FITTED / (len(table.days) + 1.0)), 0.7, MOST_NOISE)
    usual = (slots * mean).sum(axis=1) / np.maximum(mean.sum(axis=1), LEAST)
    return Noise(_spread(totals, expected, taken, usual, weight), slots)


def _spread(totals: Array, expected: Array, taken: Array, noise: Array, weight: Array) -> Array:
    """What the slots' own noise does not explain of a day's miss: Var = noise · mean + spread · mean²."""
    miss = (totals - expected) / (1.0 - np.minimum(taken, MOST_TAKEN))
    extra = (miss**2 - noise[:, None] * expected) @ weight
    squares = (expected**2) @ weight
    days = weight.sum()
    found: Array = (extra / np.maximum(squares, LEAST) * days + SPREAD * SPREAD_DAYS) / (days + SPREAD_DAYS)
    return np.maximum(found, 1e-4)
