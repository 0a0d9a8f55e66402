"""Presses that meet at one hall share a transaction: a commit costs eight of them what it costs one.

The first to come works at once and alone. Who comes meanwhile waits, and the first of those then takes
all of them along. So one press alone is never held up, and under load the lock, the journal's end and
the disk are asked for once a party instead of once a press.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Ask = TypeVar("Ask")
Done = TypeVar("Done")
PARTY = 16  # presses in one transaction, at most: the last one's answer waits for all of them


@dataclass(slots=True, eq=False)
class _Seat(Generic[Ask, Done]):
    ask: Ask
    turn: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    done: list[Done] = field(default_factory=list)  # empty until it is settled


class Meeting(Generic[Ask, Done]):
    """Where the presses of one hall in one process meet."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[_Seat[Ask, Done]] = []
        self._led = False

    def settle(self, ask: Ask, work: Callable[[Sequence[Ask]], Sequence[Done]]) -> Done:
        """What `work`, which does a party of asks, all or none, gives for this one.

        Raises what it raises for this ask alone, never for another's.
        """
        seat: _Seat[Ask, Done] = _Seat(ask)
        with self._guard:
            self._waiting.append(seat)
            seat.leads, self._led = not self._led, True
        if not seat.leads:
            seat.turn.wait()
        if seat.leads:
            try:
                self._lead(work)
            finally:
                self._hand_on()
        return seat.done[0] if seat.done else work([ask])[0]

    def _lead(self, work: Callable[[Sequence[Ask]], Sequence[Done]]) -> None:
        """Do a party, which begins with the one who leads.

        Where one of it is refused nothing of it holds, and each finds out alone whose fault it was.
        """
        time.sleep(0)  # a database in this process never waits: without this nobody could come meanwhile
        with self._guard:
            party = self._waiting[:PARTY]
            del self._waiting[:PARTY]
        try:
            for seat, done in zip(party, work([seat.ask for seat in party]), strict=True):
                seat.done.append(done)
        except Exception:
            if len(party) == 1:
                raise
        finally:
            for seat in party[1:]:
                seat.turn.set()

    def _hand_on(self) -> None:
        with self._guard:
            self._led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].leads = True
                self._waiting[0].turn.set()
