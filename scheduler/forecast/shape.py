"""How a day's walk-ins spread over its slots, by weekday; what a weekday lacks it borrows.

A weekday's shape is drawn towards the service's common one, that towards its neighbours in time and the
hall's. How strongly, and how far back days count, is what would have told past days best when left out.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from scheduler.forecast.level import WEEK, Level
from scheduler.forecast.table import LEAST, Array, Table

HALF_LIVES = (25.0, 70.0, 200.0)  # days
BORROWED = (1.0, 4.0, 16.0, 64.0)  # as if the common shape had been seen on so many days of the weekday
JUDGED_DAYS = 60  # that many days are left out in turn
HALL_DAYS = 0.3  # as if the hall's shape had been seen on so many days of the service …
HALL_COUNTS = 40.0  # … or as many days as bring so many walk-ins, whichever is more


def learn_shape(table: Table, level: Level) -> Array:
    """(services, WEEK, slots): expected count by slot on a day whose factor is 1."""
    pulse = _pulse(table, level)
    best = np.full(len(table.services), np.inf)
    found = np.zeros((len(table.services), WEEK, len(table.slots)))
    for half_life, borrowed in product(HALF_LIVES, BORROWED):
        weight = 0.5 ** (table.ages() / half_life)
        common = _common(table, level, pulse, weight)
        seen, days = _sums(table, pulse, weight)
        shape = (seen + borrowed * common[:, None]) / np.maximum(days + borrowed, LEAST)
        loss = _left_out(table, pulse, weight, seen, days, borrowed, common)
        loss = loss / np.maximum(len(table.days), 1) + loss.mean() / max(len(table.days), 1)
        better = loss < best
        best = np.where(better, loss, best)
        found = np.where(better[:, None, None], shape, found)
    return found


def _pulse(table: Table, level: Level) -> Array:
    """(services, days): the day's factor as it turned out, from its own total, never quite zero."""
    based = np.einsum("ns,nds->nd", level.base, table.is_open)
    found: Array = (table.counts.sum(axis=2) + 0.5 * level.one_ahead) / np.maximum(based + 0.5, LEAST)
    found *= based > 0
    return found


def _sums(table: Table, pulse: Array, weight: Array) -> tuple[Array, Array]:
    """Counts and day factors by weekday: (services, WEEK, slots) each."""
    member = np.eye(WEEK)[table.weekdays] * weight[:, None]
    seen = np.einsum("dw,nds->nws", member, table.counts)
    days = np.einsum("dw,nd,nds->nws", member, pulse, table.is_open)
    return seen, days


def _common(table: Table, level: Level, pulse: Array, weight: Array) -> Array:
    """(services, slots): one shape for all weekdays, drawn towards the hall's where counts are few."""
    seen = np.einsum("d,nds->ns", weight, table.counts)
    days = np.einsum("d,nd,nds->ns", weight, pulse, table.is_open)
    size = level.base.sum(axis=1, keepdims=True)
    hall_seen, hall_days = seen.sum(axis=0), (days * size).sum(axis=0)
    hall = hall_seen / np.maximum(hall_days, LEAST) * size
    borrowed = np.maximum(HALL_DAYS, HALL_COUNTS / np.maximum(size, 1.0)) if len(size) > 1 else 0.0
    plain: Array = (seen + borrowed * hall) / np.maximum(days + borrowed, LEAST)
    return plain


def _left_out(
    table: Table, pulse: Array, weight: Array, seen: Array, days: Array, borrowed: float, common: Array
) -> Array:
    """(services,) squared miss of each recent day by the shape that the other days make."""
    loss = np.zeros(len(table.services))
    for index in range(max(0, len(table.days) - JUDGED_DAYS), len(table.days)):
        weekday, factor = table.weekdays[index], pulse[:, index][:, None]
        mine, opened = table.counts[:, index], table.is_open[:, index]
        others = seen[:, weekday] - weight[index] * mine
        count = days[:, weekday] - weight[index] * factor * opened
        shape = (others + borrowed * common) / np.maximum(count + borrowed, LEAST)
        due = shape * opened
        due = due * (mine.sum(axis=1) / np.maximum(due.sum(axis=1), LEAST))[:, None]
        loss += (((mine - due) ** 2) / np.maximum(due, 0.1) * opened).sum(axis=1)
    return loss
