"""The demo's days gone by: simulated by the hall's own line rule, then written down as finished visits."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

import numpy as np
from numpy.random import Generator

from hall.core.days import instant
from hall.core.line import Place, next_for
from hall.core.names import ServiceId, TicketId
from hall.demo import tide
from hall.demo.district import GROUPS, MATTERS, TIDAL, ZONE
from hall.store.pastdays import Visit

PRIORITY = 0.06  # DOMAIN.md §H
PASSED = 0.04  # called, and nobody comes
COMES_S = 20.0  # from the call until the visitor sits down
BOUND = 3  # priority tickets that may overtake one ordinary ticket: the hall's default
EVENING_S = 18 * 3600
SIGMA = float(np.sqrt(np.log(1.36)))  # lognormal handling times, coefficient of variation 0.6


@dataclass
class LivedDay:
    """One day, window by window, until everybody has been served."""

    tide: tide.Day
    draw: Generator
    visits: list[Visit] = field(default_factory=list)
    _waiting: list[Place] = field(default_factory=list)
    _free: list[tuple[float, int]] = field(default_factory=list)  # (second, window)

    def live(self) -> list[Visit]:
        """The day's visits in the order of their calls."""
        arrivals = self._arrivals()
        modes = window_modes()
        self._free = [(tide.MORNING_S + 1.0 + index, index) for index in range(len(modes))]
        heapq.heapify(self._free)
        coming = 0
        while self._free and (coming < len(arrivals) or self._waiting):
            second, window = heapq.heappop(self._free)
            while coming < len(arrivals) and arrivals[coming].arrived <= second:
                self._waiting.append(arrivals[coming])
                coming += 1
            mine = [place for place in self._waiting if place.service in modes[window]]
            choice = next_for(mine, second, BOUND)
            if choice is None:
                if coming < len(arrivals):  # look again when the next visitor is there
                    heapq.heappush(self._free, (max(second, arrivals[coming].arrived) + 0.5, window))
                continue
            self._waiting.remove(choice.place)
            ready = self._serve(second, window, choice.place, choice.why.value)
            heapq.heappush(self._free, (ready, window))
        return self.visits

    def _arrivals(self) -> list[Place]:
        counts = self.tide.counts(self.draw)
        places: list[Place] = []
        for row, matter in enumerate(MATTERS):
            for start, number in zip(self.tide.starts_s, counts[row], strict=True):
                for second in start + self.draw.random(int(number)) * tide.SLOT_S:
                    urgent = bool(self.draw.random() < PRIORITY)
                    name = TicketId(f"{matter.id}-{len(places)}")
                    places.append(
                        Place(name, ServiceId(matter.id), float(second), float(second), priority=urgent)
                    )
        return sorted(places, key=lambda place: place.arrived)

    def _serve(self, second: float, window: int, place: Place, why: str) -> float:
        at = partial(_at, self.tide.day)
        index = next(i for i, matter in enumerate(MATTERS) if matter.id == place.service)
        comes = self.draw.random() >= PASSED
        started = second + COMES_S
        ended = started + handling_s(index, self.draw)
        self.visits.append(
            Visit(
                place.service, chr(ord("A") + index), at(place.arrived), place.priority,
                f"W{window + 1:02d}", f"c{window + 1:02d}", why, at(second),
                at(started) if comes else None, at(ended) if comes else None,
            )
        )  # fmt: skip
        return ended if comes else second + 60.0

    def evening(self) -> datetime:
        """When what nobody came for expires."""
        return _at(self.tide.day, max(EVENING_S, *(second for second, _ in self._free), 0))


def window_modes() -> list[frozenset[ServiceId]]:
    """What each window offers on a plain day: its own group, or the first two groups it reaches."""
    matters = {group.id: [ServiceId(m.id) for m in group.matters] for group in GROUPS}
    own = [frozenset(matters[group.id]) for group in GROUPS for _ in range(group.windows)]
    return own + [frozenset(matters[reach[0]] + matters[reach[1]]) for reach in TIDAL]


def handling_s(matter: int, draw: Generator) -> float:
    """One handling time in seconds."""
    mean = MATTERS[matter].handling_min * 60
    return float(mean * np.exp(SIGMA * draw.standard_normal() - SIGMA**2 / 2))


def _at(day: date, second: float) -> datetime:
    return instant(day, second, ZONE)
