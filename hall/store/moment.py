"""A hall at an instant: the frame in which everything of one reading is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hall.core.days import wall_s
from hall.store.tables import Hall


@dataclass(frozen=True, slots=True)
class Moment:
    """One session, one hall, one instant; seconds are of wall clock since the business day's midnight."""

    session: Session
    hall: Hall
    now: datetime

    @property
    def day(self) -> date:
        return self.hall.day

    @property
    def now_s(self) -> int:
        return self.second(self.now)

    def second(self, at: datetime) -> int:
        """Wall-clock second of an instant, counted from this business day's midnight."""
        return wall_s(at, self.hall.zone, self.hall.day)
