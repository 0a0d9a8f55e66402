"""Windows, the clerks who sit there, their authorisations and shifts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hall.store.tables.base import Base


class Window(Base):
    """A window 窗口. It owns its mode and keeps it while nobody sits there.

    `version` is the hall's version at which this row or its sign last changed.
    """

    __tablename__ = "windows"
    __table_args__ = (
        CheckConstraint("state in ('closed', 'open', 'setup', 'paused')", "state"),
        # One clerk sits at one window; the database says so too.
        Index("ix_windows_clerk", "hall_id", "clerk_id", unique=True),
    )

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]  # what the sign and the voice say, for instance 5
    position: Mapped[int] = mapped_column(default=0)
    can: Mapped[list[str]]
    tidal: Mapped[bool]
    fixed_mode: Mapped[list[str]]
    usable: Mapped[bool] = mapped_column(default=True)  # False: out of order
    state: Mapped[str] = mapped_column(default="closed")
    mode: Mapped[list[str]] = mapped_column(default=list)
    mode_since: Mapped[datetime | None]
    flips_today: Mapped[int] = mapped_column(default=0)
    clerk_id: Mapped[str | None]
    state_since: Mapped[datetime | None]
    state_until: Mapped[datetime | None]  # expected end of a set-up or break
    reason: Mapped[str | None]  # why it is paused
    last_family: Mapped[str | None]  # of the last visitor served here
    version: Mapped[int] = mapped_column(default=0)


class Clerk(Base):
    """A clerk 窗口人员. `home` is the window the roster names; the plan may send elsewhere."""

    __tablename__ = "clerks"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    home: Mapped[str | None]


class Skill(Base):
    """A clerk's authorisation for a service; `pace` 1.1 = 10 % faster than planned."""

    __tablename__ = "skills"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    clerk_id: Mapped[str] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    pace: Mapped[float] = mapped_column(default=1.0)
    until: Mapped[date | None]


class Shift(Base):
    """A clerk's working time on a weekday (Monday 0), in seconds of wall clock; breaks as in the snapshot."""

    __tablename__ = "shifts"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    clerk_id: Mapped[str] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    start_s: Mapped[int]
    end_s: Mapped[int]
    breaks: Mapped[list[Any]]  # [{earliest_s, latest_s, length_s}]


class Attendance(Base):
    """What a clerk did on a day: absence, and breaks taken. One row per clerk and day."""

    __tablename__ = "attendance"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    clerk_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    absent: Mapped[bool] = mapped_column(default=False)
    breaks_taken: Mapped[list[Any]] = mapped_column(default=list)  # indices into the shift's breaks
