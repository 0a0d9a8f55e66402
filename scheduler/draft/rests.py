"""When breaks begin: as planned before, unless that leaves a line with nobody who could stay.

Inside each break's limits; moved only for a reason, because people have made plans for lunch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hall.core.names import ClerkId, ServiceId
from scheduler.check.commitments import Settled
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook
from scheduler.snapshot import Break, Clerk, Snapshot

STEP_S = 900  # between starts that are tried

Starts = dict[tuple[ClerkId, int], int]


def as_planned(snapshot: Snapshot) -> Starts:
    """Breaks where they stand, moved into their limits: the start planned before, or now if it is late."""
    return {
        (clerk.id, index): limited(snapshot, one, one.start_s)
        for clerk in snapshot.clerks
        for index, one in enumerate(clerk.breaks)
        if not one.taken
    }


def limited(snapshot: Snapshot, one: Break, start_s: int) -> int:
    """The nearest start inside the break's limits; now, if these have passed."""
    if one.latest_s < snapshot.now_s:
        return snapshot.now_s
    return min(max(start_s, one.earliest_s, snapshot.now_s), one.latest_s)


def placed(book: Rulebook, posts: Mapping[ClerkId, Posting], settled: Settled) -> Starts:
    """Breaks of all clerks; the nearest start at which nothing goes wrong, else the planned one.

    Wrong is: two breaks of one clerk at once, the hour of an agreed flip, a floor missed or a line left
    with nobody that colleagues at work could hold. Those with least choice are placed first.
    """
    planned = as_planned(book.snapshot)
    table = _Table(book, posts, settled)
    by_choice = sorted(planned, key=lambda key: (_limits(book, key)[1], planned[key], key))
    for key in by_choice:
        fine = (s for s in _starts(book, key, planned[key]) if table.is_fine(key, s))
        table.starts[key] = next(fine, planned[key])
    return {key: table.starts[key] for key in planned}


class _Table:
    """The breaks placed so far, and who holds which service by the present posts."""

    def __init__(self, book: Rulebook, posts: Mapping[ClerkId, Posting], settled: Settled) -> None:
        self.starts: Starts = {}
        self._book, self._posts, self._settled = book, posts, settled
        self._holders: dict[ServiceId, list[Clerk]] = {}
        for clerk, (_, mode) in posts.items():
            for service in mode:
                self._holders.setdefault(service, []).append(book.clerks[clerk])

    def is_fine(self, key: tuple[ClerkId, int], start_s: int) -> bool:
        clerk = self._book.clerks[key[0]]
        end_s = start_s + clerk.breaks[key[1]].length_s
        if any(begin < end_s and start_s < end for begin, end in self._rests(clerk)):
            return False
        if any(a.clerk == clerk.id and start_s <= a.at_s < end_s for a in self._settled.kept):
            return False
        mode = self._posts[clerk.id][1] if clerk.id in self._posts else ()
        return all(self._is_held(service, clerk, start_s, end_s) for service in mode)

    def _is_held(self, service: ServiceId, leaving: Clerk, start_s: float, end_s: float) -> bool:
        """Whether enough colleagues stay all the time: the floor, at least one, as far as there are any."""
        others = [c for c in self._holders[service] if c.id != leaving.id and c.end_s > start_s]
        wanted = min(max(self._book.floors.get(service, 0), 1), len(others))
        away = [(b, e) for c in others for b, e in self._rests(c) if b < end_s and start_s < e]
        moments = (max(begin, start_s) for begin, _ in away)
        return all(len(others) - sum(b <= t < e for b, e in away) >= wanted for t in moments)

    def _rests(self, clerk: Clerk) -> Iterator[tuple[float, float]]:
        for index, one in enumerate(clerk.breaks):
            if (clerk.id, index) in self.starts:
                yield self.starts[clerk.id, index], self.starts[clerk.id, index] + one.length_s


def _limits(book: Rulebook, key: tuple[ClerkId, int]) -> tuple[int, int]:
    one = book.clerks[key[0]].breaks[key[1]]
    return max(one.earliest_s, book.now_s), one.latest_s


def _starts(book: Rulebook, key: tuple[ClerkId, int], planned_s: int) -> list[int]:
    """The planned start, then others inside the limits, the nearest first."""
    first_s, last_s = _limits(book, key)
    others = {*range(first_s, last_s + 1, STEP_S), last_s} if last_s >= first_s else set()
    return [planned_s, *sorted(others - {planned_s}, key=lambda s: (abs(s - planned_s), s))]
