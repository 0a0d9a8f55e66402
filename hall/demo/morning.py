"""The demo's morning, played by the hall's own verbs with a clock that a hand moves.

Many verbs share one transaction here, since nobody watches yet; each still takes its own version.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from numpy.random import Generator

from hall.core.days import instant
from hall.core.errors import HallError
from hall.core.names import ClerkId, HallId
from hall.core.people import Actor, Role
from hall.demo import tide
from hall.demo.district import MATTERS, ZONE
from hall.demo.lived import COMES_S, PASSED, PRIORITY, handling_s
from hall.desk import calls, opening, posts, visits
from hall.store import journal, read
from hall.store.db import Database, Session
from hall.store.journal import Change

PER_TRANSACTION = 400  # verbs
KIOSK = Actor(Role.KIOSK, "demo-kiosk")


@dataclass
class HandClock:
    """The clock of days gone by."""

    at: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    def real(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class Morning:
    """One day of the hall from opening on, played verb by verb."""

    db: Database
    hall: HallId
    tide: tide.Day
    draw: Generator
    clock: HandClock = field(default_factory=HandClock)
    _agenda: list[tuple[float, int, Callable[[Session], None]]] = field(default_factory=list)
    _order: Any = field(default_factory=count)
    _idle: dict[str, frozenset[str]] = field(default_factory=dict)  # windows with nobody, and their modes
    _clerks: dict[str, str] = field(default_factory=dict)  # window -> clerk

    def play(self, until_s: float) -> None:
        """Live the day up to a second of its wall clock."""
        self._open()
        while self._agenda and self._agenda[0][0] <= until_s:
            with self.db.change() as session:
                for _ in range(PER_TRANSACTION):
                    if not self._agenda or self._agenda[0][0] > until_s:
                        break
                    second, _number, act = heapq.heappop(self._agenda)
                    self.clock.at = instant(self.tide.day, second, ZONE)
                    act(session)

    def _open(self) -> None:
        with self.db.look() as session:
            windows = [window.id for window in read.windows(session, self.hall)]
        for index, window in enumerate(windows):
            self._clerks[window] = f"c{index + 1:02d}"
            self._at(tide.MORNING_S - 60 + index, partial(self._sign_in, window=window))
        counts = self.tide.counts(self.draw)
        for row, matter in enumerate(MATTERS):
            for start, number in zip(self.tide.starts_s, counts[row], strict=True):
                for second in start + self.draw.random(int(number)) * tide.SLOT_S:
                    self._at(float(second), partial(self._arrive, service=matter.id))

    def _at(self, second: float, act: Callable[[Session], None]) -> None:
        heapq.heappush(self._agenda, (second, next(self._order), act))

    def _verb(self, session: Session, by: Actor, verb: Callable[[Change], Any]) -> Any:
        """Run one verb; a refusal (the hall closed at noon) leaves no trace."""
        with session.begin_nested():
            sitting = journal.open(session, self.hall)
            found = verb(opening.begin(sitting, self.clock, by))
            sitting.close()
            return found

    def _sign_in(self, session: Session, window: str) -> None:
        row = self._verb(session, self._clerk(window), lambda c: posts.sign_in(c, window))
        self._idle[window] = frozenset(row.mode)

    def _arrive(self, session: Session, service: str) -> None:
        try:
            self._verb(
                session, KIOSK,
                lambda c: visits.issue(c, service, priority=bool(self.draw.random() < PRIORITY)),
            )  # fmt: skip
        except HallError:
            return
        free = [window for window, mode in self._idle.items() if service in mode]
        if free:
            self._call(session, min(free))

    def _call(self, session: Session, window: str, finish: bool = False) -> None:
        called = self._verb(session, self._clerk(window), lambda c: calls.call_next(c, window, finish=finish))
        if called is None:
            with_mode = read.window(session, self.hall, window)
            self._idle[window] = frozenset(with_mode.mode)
            return
        self._idle.pop(window, None)
        second = self._second()
        if self.draw.random() < PASSED:
            self._at(second + 60, lambda s: self._pass_over(s, window, called.ticket))
            return
        self._at(second + COMES_S, lambda s: self._start(s, window, called.ticket))
        index = next(i for i, matter in enumerate(MATTERS) if matter.id == called.service)
        served = second + COMES_S + handling_s(index, self.draw)
        self._at(served, lambda s: self._call(s, window, True))

    def _start(self, session: Session, window: str, ticket: str) -> None:
        self._verb(session, self._clerk(window), lambda c: calls.start(c, ticket))

    def _pass_over(self, session: Session, window: str, ticket: str) -> None:
        self._verb(session, self._clerk(window), lambda c: calls.pass_over(c, ticket))
        self._call(session, window)

    def _second(self) -> float:
        return (self.clock.at - instant(self.tide.day, 0, ZONE)).total_seconds()

    def _clerk(self, window: str) -> Actor:
        clerk = self._clerks[window]
        return Actor(Role.CLERK, f"demo-{clerk}", ClerkId(clerk))


def live(db: Database, hall: HallId, day: date, until_s: float, seed: int, surge: bool = False) -> None:
    """Play a day of the demo's hall from opening until a second of its wall clock."""
    Morning(db, hall, tide.of(day, seed, surge), np.random.default_rng((seed, day.toordinal()))).play(until_s)
