"""How a day's walk-ins spread over its slots, by weekday; what a weekday lacks it borrows.

A weekday's shape is drawn towards the service's common one, and that towards the hall's as the service bends
it from hour to hour: what one slot brought beyond its neighbours in time is mostly chance, unless the whole
hall shows it, or it comes day after day. How strongly, and how far back days count, is what would have told
each past day best from the days before it.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from scheduler.forecast.level import WEEK, Level
from scheduler.forecast.table import LEAST, Array, Table

HALF_LIVES = (12.0, 25.0, 70.0, 200.0)  # days
# The first of each holds until there are days to judge by.
BORROWED = (64.0, 16.0, 4.0, 1.0)  # as if the common shape had been seen on so many days of the weekday
BENT = (64.0, 16.0, 4.0, 1.0)  # as if the bent shape of the hall had been seen on so many days
NEIGHBOURS_S = 1800.0  # standard deviation of the distance in time of slots that tell of one another
JUDGED_DAYS = 180  # the newest days that judge; older ones are only learned from
HALL_DAYS = 0.3  # as if the hall's shape had been seen unbent on so many days …
HALL_COUNTS = 40.0  # … or on as many as bring so many walk-ins, whichever is more


def learn_shape(table: Table, level: Level) -> Array:
    """(services, WEEK, slots): expected count by slot on a day whose factor is 1."""
    pulse = _pulse(table, level)
    size = level.base.sum(axis=1, keepdims=True)
    near = np.exp(-((np.subtract.outer(table.slots, table.slots) / NEIGHBOURS_S) ** 2) / 2)
    best = np.full(len(table.services), np.inf)
    found = np.zeros((len(table.services), WEEK, len(table.slots)))
    for half_life, bent in product(HALF_LIVES, BENT):
        losses, shapes = _tried(table, pulse, size, near, half_life, bent)
        for loss, shape in zip(losses, shapes, strict=True):
            judged = loss + loss.mean()
            better = judged < best
            best = np.where(better, judged, best)
            found = np.where(better[:, None, None], shape, found)
    return found


def _pulse(table: Table, level: Level) -> Array:
    """(services, days): the day's factor as it turned out, from its own total, never quite zero."""
    based = np.einsum("ns,nds->nd", level.base, table.is_open)
    found: Array = (table.counts.sum(axis=2) + 0.5 * level.one_ahead) / np.maximum(based + 0.5, LEAST)
    found *= based > 0
    return found


def _tried(
    table: Table, pulse: Array, size: Array, near: Array, half_life: float, bent: float
) -> tuple[Array, Array]:
    """For each of BORROWED, what it would have lost on past days (services,), and the shape it now gives."""
    seen = np.zeros((len(size), WEEK, len(table.slots)))
    days = np.zeros_like(seen)
    losses = np.zeros((len(BORROWED), len(size)))
    fade = 0.5 ** (np.diff(table.days, prepend=table.days[:1]) / half_life)
    first = max(1, len(table.days) - JUDGED_DAYS)
    for index, weekday in enumerate(table.weekdays):
        counts, is_open = table.counts[:, index], table.is_open[:, index]
        if index >= first:
            common = _common(seen.sum(axis=1), days.sum(axis=1), size, near, bent)
            for loss, borrowed in zip(losses, BORROWED, strict=True):
                loss += _miss(_drawn(seen[:, weekday], days[:, weekday], common, borrowed), counts, is_open)
        seen *= fade[index]
        days *= fade[index]
        seen[:, weekday] += counts
        days[:, weekday] += pulse[:, index][:, None] * is_open
    common = _common(seen.sum(axis=1), days.sum(axis=1), size, near, bent)[:, None]
    return losses, np.array([_drawn(seen, days, common, borrowed) for borrowed in BORROWED])


def _common(seen: Array, days: Array, size: Array, near: Array, bent: float) -> Array:
    """(services, slots): one shape for all weekdays, drawn towards the hall's as the service bends it."""
    hall = seen.sum(axis=0) / np.maximum((days * size).sum(axis=0), LEAST) * size
    straight = np.maximum(HALL_DAYS, HALL_COUNTS / np.maximum(size, 1.0)) * hall
    bend = (seen @ near + straight) / np.maximum((days * hall) @ near + straight, LEAST)
    return _drawn(seen, days, hall * bend, bent)


def _drawn(seen: Array, days: Array, towards: Array, by_days: float) -> Array:
    """What was seen per day, drawn towards a shape as if that had been seen on so many days."""
    found: Array = (seen + by_days * towards) / np.maximum(days + by_days, LEAST)
    return found


def _miss(shape: Array, counts: Array, is_open: Array) -> Array:
    """(services,) squared miss over what was due, the day's sum known."""
    due = shape * is_open
    due *= (counts.sum(axis=1) / np.maximum(due.sum(axis=1), LEAST))[:, None]
    found: Array = ((counts - due) ** 2 / np.maximum(due, 0.1) * is_open).sum(axis=1)
    return found
