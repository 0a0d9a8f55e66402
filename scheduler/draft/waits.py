"""Waits to be expected when these clerks offer these modes for the rest of the day.

A fluid balance per block, clerks sharing their time by the work before them, plus the wait that chance
adds in a line that is not overloaded (Sakasegawa 1977, with squared variations of arrivals and work).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.draft.outlook import Floats, Outlook

ROUNDS = 3  # times that unused time is shared out again; more change the waits by under one per cent
LONGEST_WAIT_S = 4 * 3600.0
FULL = 0.98  # above this load chance has no steady state within a block; the fluid part takes over


@dataclass(frozen=True)
class Waits:
    """Rows are services, columns blocks."""

    person_s: Floats  # seconds waited in the block by all
    block_s: int
    _ahead: Floats  # people in the line in the middle of the block
    _handled: Floats  # people in the block
    _chance_s: Floats

    @cached_property  # most who ask want the sums alone
    def wait_s(self) -> Floats:
        """Of somebody who comes in the block."""
        found = _until_served_s(self._ahead, self._handled, self.block_s) + self._chance_s
        return np.minimum(found, LONGEST_WAIT_S)


def waits(look: Outlook, rates: Floats, there: Floats) -> Waits:
    """`rates`: clerks x services, cases per second; `there`: clerks x blocks, share present."""
    backlog = look.waiting.copy()
    chances, middles, handled, person_s = (np.zeros_like(look.arrivals) for _ in range(4))
    offers = (rates > 0).astype(float)
    for block in range(look.blocks):
        before = backlog
        people = backlog + look.arrivals[:, block]
        served, clerks, load = _share(look, people, rates, offers, there[:, block])
        backlog = people - served
        chance = _chance_s(look, people, clerks, load)
        middle = (before + backlog) / 2
        chances[:, block], middles[:, block], handled[:, block] = chance, middle, served
        person_s[:, block] = middle * look.block_s + look.arrivals[:, block] * chance
    return Waits(person_s, look.block_s, middles, handled, chances)


def _until_served_s(ahead: Floats, handled: Floats, block_s: float) -> Floats:
    """How long whoever comes in the middle of a block waits until those ahead have been handled.

    A line that rests over noon is handled afterwards, so the blocks to come count, not only this one.
    """
    rows, blocks = handled.shape
    ends_s = np.arange(blocks + 1) * block_s
    middles_s = (np.arange(blocks) + 0.5) * block_s
    found = np.zeros_like(ahead)
    for row in range(rows):
        so_far = np.concatenate(([0.0], np.cumsum(handled[row])))
        due = (so_far[:-1] + so_far[1:]) / 2 + ahead[row]
        reached = np.interp(due, so_far, ends_s, right=np.inf)
        found[row] = np.where(ahead[row] > 0, np.maximum(reached - middles_s, 0.0), 0.0)
    return found


def _share(
    look: Outlook, people: Floats, rates: Floats, offers: Floats, there: Floats
) -> tuple[Floats, Floats, Floats]:
    """People served, clerks' time given, and load per service in one block."""
    left, time = people.copy(), there.copy()
    given, possible = np.zeros_like(people), np.zeros_like(people)
    for turn in range(ROUNDS):
        wish = offers * (left * look.work_s + 1e-6)
        share = wish / np.maximum(wish.sum(axis=1, keepdims=True), 1e-12) * time[:, None]
        reach = (share * rates).sum(axis=0) * look.block_s
        part = np.minimum(1.0, left / np.maximum(reach, 1e-12))
        given += (share * part).sum(axis=0)
        left = left - reach * part
        time = time - (share * part).sum(axis=1)
        if turn == 0:
            possible = (offers * there[:, None]).sum(axis=0)
    # Load of the pool that a line draws on: busy share of the clerks who offer it.
    busy = 1.0 - time / np.maximum(there, 1e-12)
    load = (offers * (there * busy)[:, None]).sum(axis=0) / np.maximum(possible, 1e-12)
    return people - np.maximum(left, 0.0), possible, load


def steady_s(
    work_s: Floats | float, spread: Floats | float, windows: Floats | float, load: Floats | float
) -> Floats:
    """Mean wait in a line in balance (Sakasegawa 1977); `spread`: mean squared variation of gaps and work."""
    return np.asarray(spread * work_s / windows * load ** np.sqrt(2 * (windows + 1)) / (1 - load))


def _chance_s(look: Outlook, people: Floats, clerks: Floats, load: Floats) -> Floats:
    """Mean wait in seconds that chance alone makes, of `clerks` clerks with this load.

    No more than can build up within a block: the mean positive part of a normal change, 0.4 deviations.
    A line at which nobody sits is as uneven as one with a clerk who cannot keep up.
    """
    count = np.maximum(clerks, 1.0)
    load = np.where(clerks > 0, np.clip(load, 0.0, FULL), FULL)
    spread = (look.dispersion + look.scv) / 2
    steady = steady_s(look.work_s, spread, count, load)
    return np.minimum(steady, 0.4 * np.sqrt(2 * spread * people) * look.work_s / count)
