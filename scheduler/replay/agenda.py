"""What is due when, in a simulated day. Things due at the same second happen in the order they were set."""

from __future__ import annotations

from enum import Enum
from heapq import heapify, heappop, heappush

NEVER = float("inf")


class Due(Enum):
    """The kinds of things that come due. Arrivals and walk-aways are known at opening and kept apart."""

    FINISH = "finish"  # a case in hand ends
    READY = "ready"  # a walk or set-up ends
    LOOK = "look"  # a clerk's shift begins or ends, a break is due, an absence begins or ends
    RESUME = "resume"  # a break ends
    WINDOW = "window"  # a window opens or shuts
    FLIP = "flip"  # a flip agreed on comes due
    TICK = "tick"


class Agenda:
    """A heap of (time, order, kind, whose)."""

    def __init__(self) -> None:
        self.heap: list[tuple[float, int, Due, int]] = []
        self._count = 0

    def add(self, at_s: float, due: Due, who: int = -1) -> None:
        self._count += 1
        heappush(self.heap, (at_s, self._count, due, who))

    def next_s(self) -> float:
        return self.heap[0][0] if self.heap else NEVER

    def drop(self, due: Due) -> None:
        """Forget everything of a kind."""
        self.heap = [each for each in self.heap if each[2] is not due]
        heapify(self.heap)

    def pop(self) -> tuple[float, int, Due, int]:
        return heappop(self.heap)
