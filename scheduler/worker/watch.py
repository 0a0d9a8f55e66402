"""When a hall wants a new plan: time has come, a line jumped, or somebody is not there any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hall.core.events import ClerkAbsent, DayRolled, Event, PinChanged, SettingsChanged, WindowChanged
from hall.core.names import ServiceId

REST_S = 30.0  # two plans are at least this far apart in the hall's time, however much happens
JUMP = 1.5  # a line this many times as long as at the last plan …
JUMP_PEOPLE = 4  # … and by at least so many people


@dataclass
class Watch:
    """What was true at the last plan of one hall."""

    planned_at: datetime | None = None
    waiting: Mapping[ServiceId, int] = field(default_factory=dict)
    wanted: str | None = None  # why a plan is wanted before its time

    def told(self, events: Iterable[Event]) -> None:
        """Take in what happened; some events want a plan at once."""
        for event in events:
            if isinstance(event, ClerkAbsent | DayRolled | PinChanged | SettingsChanged) or (
                isinstance(event, WindowChanged) and event.state in ("closed", "paused")
            ):
                self.wanted = event.kind

    def due(self, now: datetime, waiting: Mapping[ServiceId, int], replan_s: int) -> str | None:
        """Why a plan is due now; None when it is not."""
        if self.planned_at is None:
            return "start"
        since = now - self.planned_at
        if since < timedelta():
            return "clock"
        if since < timedelta(seconds=REST_S):
            return None
        if since >= timedelta(seconds=replan_s):
            return "interval"
        return self.wanted or ("line" if self._jumped(waiting) else None)

    def planned(self, now: datetime, waiting: Mapping[ServiceId, int]) -> None:
        """A plan was made."""
        self.planned_at, self.waiting, self.wanted = now, dict(waiting), None

    def _jumped(self, waiting: Mapping[ServiceId, int]) -> bool:
        return any(
            number >= JUMP * self.waiting.get(service, 0)
            and number - self.waiting.get(service, 0) >= JUMP_PEOPLE
            for service, number in waiting.items()
        )
