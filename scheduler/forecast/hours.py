"""Hours that nobody wrote down: slots in which a weekday never brings anybody, though other weekdays do.

A hall that is open until six on Mondays, a desk that sits twice a week, tickets that run out at noon: where
a history has zeros there in place of no rows, they would pass for people who happened not to come, and each
weekday's shape would be drawn towards the mean of open and shut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduler.forecast.table import LEAST, Array, Table

WEEK = 7
ENOUGH = 10.0  # people who stayed away: chance alone hardly ever keeps so many, however unevenly they come
ONCE = 1.0  # days: a weekday met so often is half believed, it may have been an odd one
ONCE_SHUT = 0.5  # as likely to be open next time as the other days are, times this
ROUNDS = 3  # what is shut on some weekdays makes the others' rate higher, which shows more to be shut


@dataclass(frozen=True)
class Hours:
    """`is_shut`, and `open_share` of a day to come, services × WEEK × slots: 0 where shut, 1 where open.

    A weekday that the history never had lies between: as many of the others' days are open. So does, at
    half of that, what was shut on the only day of its weekday: something may have failed on it.
    """

    is_shut: NDArray[np.bool_]
    open_share: Array

    def marked(self, table: Table) -> Table:
        """The table, shut where nobody ever came."""
        return replace(table, is_open=table.is_open * ~self.is_shut[:, table.weekdays])


def learn_hours(table: Table) -> Hours:
    """By service, and by the hall where a service's own people are too few to tell."""
    member = np.eye(WEEK)[table.weekdays]
    came = np.einsum("dw,nds->nws", member, table.counts)
    days = np.einsum("dw,nds->nws", member, table.is_open)
    hall = _is_shut(came.sum(axis=0, keepdims=True), days.max(axis=0, keepdims=True))
    is_shut = _is_shut(came, days) | hall
    known = np.where(is_shut, 0.0, days).sum(axis=1) / np.maximum(days.sum(axis=1), LEAST)
    never = days.sum(axis=2, keepdims=True) <= 0
    share = np.where(is_shut, np.where(days <= 1, ONCE_SHUT * known[:, None], 0.0), 1.0)
    return Hours(is_shut, np.where(never, known[:, None], share))


def _is_shut(came: Array, days: Array) -> NDArray[np.bool_]:
    """Slots in a row in which nobody ever came on a weekday, while other weekdays would have had ENOUGH."""
    found = np.zeros(came.shape, dtype=bool)
    for _ in range(ROUNDS):
        usual = came.sum(axis=1) / np.maximum(np.where(found, 0.0, days).sum(axis=1), LEAST)
        due = usual[:, None] * days * days / (days + ONCE)
        for service, weekday in np.ndindex(*came.shape[:2]):
            found[service, weekday] = _empty(came[service, weekday], due[service, weekday])
    return found


def _empty(came: Array, due: Array) -> NDArray[np.bool_]:
    """Rows of slots without anybody in which at least ENOUGH were due."""
    is_empty = came <= 0
    row = np.cumsum(np.diff(is_empty, prepend=False) != 0)  # slots that are alike in a row have one number
    found: NDArray[np.bool_] = is_empty & (np.bincount(row, due)[row] >= ENOUGH)
    return found
