"""Visitors at one kiosk: they come with the tide, some book, some give up, some come late."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random
from typing import Any

from hall.demo import tide
from hall.demo.district import MATTERS
from hall.demo.line import Line, Refused, Screen

STEP_S = 5.0  # of the hall's time between two looks at who comes
PRIORITY = 0.06  # shares of DOMAIN.md §H
BOOKS = 0.06
MISSES = 0.15
RETURNS = 0.5  # of those passed over, before long
PATIENCE_S = (2400.0, 7200.0)  # a visitor gives up after so long, if at all
GIVES_UP = 0.06


@dataclass
class Visitors:
    """Everybody who uses one of the hall's kiosks."""

    line: Line
    screen: Screen
    draw: Random
    kiosks: int
    seed: int
    _later: list[tuple[float, int, str, str]] = field(default_factory=list)
    _order: Any = field(default_factory=count)
    _tide: tide.Day | None = None
    _day: date | None = None

    def live(self) -> None:
        """Let visitors come for as long as the hall lives."""
        before = self.screen.clock.now()
        while True:
            self.screen.clock.sleep(STEP_S)
            now = self.screen.clock.now()
            passed_s = min(60.0, (now - before).total_seconds())
            before = now
            self._turn_page(now.date())
            if self.screen.is_open():
                self._come(passed_s)
            self._keep_appointments()

    def _turn_page(self, day: date) -> None:
        if day != self._day:
            self._day, self._tide = day, tide.of(day, self.seed, surge=day.weekday() == 0)
            self._later.clear()

    def _come(self, passed_s: float) -> None:
        assert self._tide is not None
        second = int(self.screen.clock.second())
        for index, matter in enumerate(MATTERS):
            expected = self._tide.rate(index, second) * passed_s / self.kiosks
            for _ in range(self._poisson(expected)):
                self._try(self._book if self.draw.random() < BOOKS else self._take, matter.id)

    def _poisson(self, mean: float) -> int:
        left, number = self.draw.expovariate(1.0), 0
        while left < mean:
            number += 1
            left += self.draw.expovariate(1.0)
        return number

    def _try(self, act: Any, about: str) -> None:
        try:
            act(about)
        except Refused:
            return  # closed, full, finished meanwhile: people shrug and go

    def _take(self, service: str) -> None:
        wanted = "priority" if self.draw.random() < PRIORITY else "normal"
        ticket = self.line.post("tickets", service=service, **{"class": wanted})["ticket"]
        if self.draw.random() < GIVES_UP:
            self._note(self.draw.uniform(*PATIENCE_S), "give_up", ticket["id"])
        else:
            self._note(900.0, "look", ticket["id"])

    def _book(self, service: str) -> None:
        assert self._day is not None
        slots = self.line.get("slots", service=service, day=self._day.isoformat())["slots"]
        free = [slot for slot in slots if slot["free"]]
        if not free:
            return self._take(service)
        slot = self.draw.choice(free[:8])
        booking = self.line.post("bookings", service=service, at=slot["at"])["booking"]
        if self.draw.random() > MISSES:
            hour, minute = (int(part) for part in slot["at"][11:16].split(":"))
            early_s = self.draw.uniform(-300, 900)
            self._note(
                hour * 3600 + minute * 60 - early_s - self.screen.clock.second(), "check_in", booking["id"]
            )
        return None

    def _note(self, in_s: float, what: str, about: str) -> None:
        at = self.screen.clock.second() + in_s
        heapq.heappush(self._later, (at, next(self._order), what, about))

    def _keep_appointments(self) -> None:
        while self._later and self._later[0][0] <= self.screen.clock.second():
            _, _, what, about = heapq.heappop(self._later)
            self._try(getattr(self, f"_{what}"), about)

    def _check_in(self, booking: str) -> None:
        self.line.post(f"/bookings/{booking}/check-in")

    def _give_up(self, ticket: str) -> None:
        if self.line.get(f"/tickets/{ticket}")["ticket"]["state"] == "waiting":
            self.line.post(f"/tickets/{ticket}/cancel")

    def _look(self, ticket: str) -> None:
        """Half of those who missed their call notice and come back; the others keep an eye on the board."""
        state = self.line.get(f"/tickets/{ticket}")["ticket"]["state"]
        if state == "passed" and self.draw.random() < RETURNS:
            self.line.post(f"/tickets/{ticket}/reactivate")
        elif state == "waiting":
            self._note(900.0, "look", ticket)
