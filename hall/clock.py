"""The only place that asks the machine for the time.

Business rules use the hall's time (a Pace applied to real time, stored with the hall); sockets, tokens,
leases and solver deadlines use real time (DESIGN.md §7a).
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def real(self) -> datetime:
        """The real instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that only ever grow."""


class SystemClock:
    def real(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
