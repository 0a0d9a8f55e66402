"""The outlook: who waits, who is expected, and how long their cases take, for the rest of the day.

Arrivals: the forecast, corrected by what has arrived so far, plus bookings. The correction is a ratio
shrunk towards 1 by PSEUDO_ARRIVALS, recent slots weighing more; work likewise by what was handled
(PLANNING.md §2: with both, forecasts wrong by 30 % cost almost nothing).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from hall.core.names import ServiceId
from scheduler.draft.decision import BreakStarts
from scheduler.snapshot import DISPERSION, Clerk, Snapshot

PSEUDO_ARRIVALS = 12.0
HALF_LIFE_S = 3600.0  # an hour ago counts half as much as now
SHOW_UP = 0.9  # share of bookings that come; 0.85-0.95 in DOMAIN.md §B
LATEST_S = 1800  # whoever is later than this for a booking is not expected any more
SHORTEST_BLOCK_S, LONGEST_BLOCK_S = 300, 3600
MOST_BLOCKS = 96

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """Rows are services in the snapshot's order, columns blocks of `block_s` from now on."""

    ids: tuple[ServiceId, ...]
    row: dict[ServiceId, int]
    block_s: int
    arrivals: Floats  # people per block
    waiting: Floats  # people
    waited_s: Floats  # seconds that those waiting have waited, in all
    work_s: Floats  # mean work of a case at pace 1
    scv: Floats
    dispersion: Floats  # variance/mean of a slot's arrivals
    target_s: Floats
    weight: Floats

    @property
    def blocks(self) -> int:
        return int(self.arrivals.shape[1])

    def need(self, ahead_s: float) -> dict[ServiceId, float]:
        """Seconds of work per service: those waiting and those expected within `ahead_s`."""
        count = max(1, round(ahead_s / self.block_s))
        people = self.waiting + self.arrivals[:, :count].sum(axis=1)
        return dict(zip(self.ids, (people * self.work_s).tolist(), strict=True))


def outlook(snapshot: Snapshot, factor: Mapping[ServiceId, float] | None = None) -> Outlook:
    """Look ahead from now to closing (one block at least).

    `factor`: what was foretold of a service is multiplied by this, in place of the forecast as corrected.
    """
    services = snapshot.services
    row = {s.id: i for i, s in enumerate(services)}
    block_s = min(max(snapshot.slot_s, SHORTEST_BLOCK_S), LONGEST_BLOCK_S)
    left_s = max(snapshot.close_s - snapshot.now_s, 1)
    block_s = max(block_s, -(-left_s // MOST_BLOCKS))
    edges = snapshot.now_s + block_s * np.arange(-(-left_s // block_s) + 1, dtype=float)
    waiting, waited_s = np.zeros(len(row)), np.zeros(len(row))
    for one in snapshot.waiting:
        waiting[row[one.service]] += 1
        waited_s[row[one.service]] += max(0, snapshot.now_s - one.counts_from_s)
    return Outlook(
        ids=tuple(row),
        row=row,
        block_s=block_s,
        arrivals=_walk_ins(snapshot, edges, factor) + _bookings(snapshot, row, edges),
        waiting=waiting,
        waited_s=waited_s,
        work_s=np.array([_work_s(snapshot, s.id, s.service_s) for s in services]),
        scv=np.array([s.scv for s in services]),
        dispersion=np.array([snapshot.dispersion.get(s.id, DISPERSION) for s in services]),
        target_s=np.array([float(s.target_wait_s) for s in services]),
        weight=np.array([float(s.weight) for s in services]),
    )


def presence(snapshot: Snapshot, clerks: tuple[Clerk, ...], look: Outlook, breaks: BreakStarts) -> Floats:
    """Share of each block in which each clerk is there: shift less those breaks that begin in `breaks`.

    Whoever is at work after the end of the shift (overtime) is counted to closing of the first block. Whoever
    is off although the shift has begun is not here, and nobody knows for how long.
    """
    begins = snapshot.now_s + look.block_s * np.arange(look.blocks, dtype=float)
    there = np.zeros((len(clerks), look.blocks))
    for i, clerk in enumerate(clerks):
        start_s, end_s = float(clerk.start_s), float(clerk.end_s)
        if not clerk.is_counted_on(snapshot.now_s):
            continue
        if clerk.is_at_work:
            start_s, end_s = snapshot.now_s, max(end_s, snapshot.now_s + look.block_s)
        elif clerk.status == "break":
            start_s = max(start_s, clerk.until_s or snapshot.now_s)
        there[i] = _overlap(begins, look.block_s, start_s, end_s)
        for index, one in enumerate(clerk.breaks):
            rest_s = breaks.get((clerk.id, index), inf)
            until_s = min(rest_s + one.length_s, end_s)
            there[i] -= _overlap(begins, look.block_s, max(rest_s, start_s), until_s)
    return np.clip(there, 0.0, 1.0)


def after(there: Floats, lost_s: Floats, look: Outlook) -> Floats:
    """Presence less the first `lost_s` seconds of each clerk's time there: a set-up or a walk."""
    seconds = there * look.block_s
    before = np.cumsum(seconds, axis=1) - seconds
    lost = np.clip(lost_s[:, None] - before, 0.0, seconds)
    return np.asarray((seconds - lost) / look.block_s)


def _overlap(begins: Floats, block_s: float, start_s: float, end_s: float) -> Floats:
    ends = np.minimum(begins + block_s, end_s)
    return np.asarray(np.clip(ends - np.maximum(begins, start_s), 0.0, None) / block_s)


def _walk_ins(snapshot: Snapshot, edges: Floats, given: Mapping[ServiceId, float] | None) -> Floats:
    """The corrected forecast, shared out to blocks by time."""
    slots = snapshot.open_s + snapshot.slot_s * np.arange(snapshot.slots + 1, dtype=float)
    rows = []
    for service in snapshot.services:
        told = snapshot.forecast.get(service.id, ()) if given is None else snapshot.as_foretold(service.id)
        means = np.asarray(told, dtype=float)
        if not means.size or not snapshot.slots:
            rows.append(np.zeros(len(edges) - 1))
            continue
        sums = np.concatenate([[0.0], np.cumsum(means), [means.sum()]])[: len(slots)]
        factor = _so_far(snapshot, service.id, means) if given is None else given.get(service.id, 1.0)
        rows.append(np.diff(np.interp(edges, slots, sums)) * factor)
    return np.array(rows).reshape(len(snapshot.services), len(edges) - 1)


def _so_far(snapshot: Snapshot, service: ServiceId, means: Floats) -> float:
    """Arrived over expected until now, recent slots weighing more, shrunk towards 1."""
    counts = np.asarray(snapshot.arrived.get(service, ()), dtype=float)[: len(means)]
    if not counts.size:
        return 1.0
    begins = snapshot.open_s + snapshot.slot_s * np.arange(len(counts), dtype=float)
    elapsed = np.clip((snapshot.now_s - begins) / snapshot.slot_s, 0.0, 1.0)
    weight = 0.5 ** ((snapshot.now_s - begins) / HALF_LIFE_S).clip(0.0)
    expected = float((weight * means[: len(counts)] * elapsed).sum())
    return float(((weight * counts).sum() + PSEUDO_ARRIVALS) / (expected + PSEUDO_ARRIVALS))


def _bookings(snapshot: Snapshot, row: dict[ServiceId, int], edges: Floats) -> Floats:
    """Bookings not yet checked in, at their time; late ones may still come in the first block."""
    people = np.zeros((len(row), len(edges) - 1))
    for one in snapshot.booked:
        block = int(np.searchsorted(edges, one.at_s, side="right")) - 1
        if one.at_s > snapshot.now_s - LATEST_S and block < people.shape[1]:
            people[row[one.service], max(block, 0)] += SHOW_UP
    return people


def _work_s(snapshot: Snapshot, service: ServiceId, planned_s: float) -> float:
    """The planned mean, corrected by what was handled today."""
    done = snapshot.handled.get(service)
    if done is None:
        return planned_s
    return (planned_s * PSEUDO_ARRIVALS + done.total_s) / (PSEUDO_ARRIVALS + done.count)
