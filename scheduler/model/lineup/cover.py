"""Floors while clerks rest. Rehearsals count waits alone, and by these it can be best that two thirds of the
clerks have lunch at once when few people come: then nobody may be left who can serve a family at all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hall.core.names import ClerkId
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook
from scheduler.draft.decision import BreakStarts
from scheduler.model.lineup.rehearsal import Floats
from scheduler.snapshot import Clerk, Mode

STEP_S = 900


class Cover:
    """How far posts and breaks together miss the hall's floors in the hours to come."""

    def __init__(self, book: Rulebook) -> None:
        seen, floors = book.snapshot, {s: floor for s, floor in book.floors.items() if floor > 0}
        self._clerks, self._row = book.at_work, {service: i for i, service in enumerate(floors)}
        self._floors = np.array(list(floors.values()), dtype=float)[:, None]
        self._times = np.arange(seen.now_s, max(seen.close_s, seen.now_s + 1), STEP_S)
        self._offers: dict[Mode, Floats] = {}
        self._there: dict[tuple[ClerkId, tuple[int | None, ...]], Floats] = {}

    def missed(self, posts: Mapping[ClerkId, Posting], breaks: BreakStarts) -> float:
        """Windows short of the floors, added up over services and quarter hours until closing."""
        posted = [clerk for clerk in self._clerks if clerk.id in posts]
        if not posted:
            return float(self._floors.sum() * len(self._times))
        modes = np.stack([self._mode(posts[clerk.id][1]) for clerk in posted], axis=1)
        there = np.stack([self._presence(clerk, breaks) for clerk in posted])
        return float((self._floors - modes @ there).clip(0.0).sum())

    def _mode(self, mode: Mode) -> Floats:
        if mode not in self._offers:
            row = np.zeros(len(self._row))
            row[[self._row[s] for s in mode if s in self._row]] = 1.0
            self._offers[mode] = row
        return self._offers[mode]

    def _presence(self, clerk: Clerk, breaks: BreakStarts) -> Floats:
        """1 at the times at which the clerk is at work and does not rest, else 0."""
        starts = tuple(breaks.get((clerk.id, i)) for i in range(len(clerk.breaks)))
        if (clerk.id, starts) not in self._there:
            row = (self._times < clerk.end_s).astype(float)
            for start_s, one in zip(starts, clerk.breaks, strict=True):
                if start_s is not None:
                    row[(start_s <= self._times) & (self._times < start_s + one.length_s)] = 0.0
            self._there[clerk.id, starts] = row
        return self._there[clerk.id, starts]
