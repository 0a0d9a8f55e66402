"""Plans, the flips they propose or commit to, pins, and the counts that forecasts learn from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hall.store.tables.base import Base


class Plan(Base):
    """A plan 排窗方案 as the scheduler gave it.

    `state`: proposed | in_force | superseded | refused | undone.
    """

    __tablename__ = "plans"
    __table_args__ = (Index("ix_plans_state", "hall_id", "state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    made_at: Mapped[datetime]
    state: Mapped[str]
    plan: Mapped[dict[str, Any]]  # tidehall.plan/1
    solve_ms: Mapped[int]
    version: Mapped[int]


class Flip(Base):
    """A change of one window's mode, from proposal to the sign.

    `state`: proposed | approved | applied | refused | undone | dropped | superseded. Approved is a
    commitment: it stands until it is applied, undone by a manager, or dropped with a reason.
    """

    __tablename__ = "flips"
    __table_args__ = (Index("ix_flips_window", "hall_id", "window_id", "state"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    plan_id: Mapped[str | None] = mapped_column(ForeignKey("plans.id"))  # None: a pin made without a plan
    window_id: Mapped[str]
    clerk_id: Mapped[str | None]
    mode: Mapped[list[str]]
    before: Mapped[list[str]]
    at: Mapped[datetime]
    state: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]  # of a refusal or a drop
    version: Mapped[int]


class Pin(Base):
    """A manager's word: this window keeps this mode until then; [] = keep closed."""

    __tablename__ = "pins"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(primary_key=True)
    mode: Mapped[list[str]]
    until: Mapped[datetime]
    by: Mapped[str]


class Arrivals(Base):
    """Rolled-up walk-ins: how many came for a service in a slot of a day. What forecasts learn from."""

    __tablename__ = "arrivals"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    slot_s: Mapped[int] = mapped_column(primary_key=True)  # slot's start, seconds since local midnight
    count: Mapped[int]
    generated: Mapped[bool] = mapped_column(default=False)  # made for the demo, never seen by a kiosk


class CalendarEntry(Base):
    """What a manager says of a span of days: hall.core.calendar's kinds; the newest `version` holds."""

    __tablename__ = "calendar_entries"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]  # included
    kind: Mapped[str]
    open_s: Mapped[int | None]  # with half: seconds since local midnight
    close_s: Mapped[int | None]
    factor: Mapped[float | None]  # with event: times the usual walk-ins
    services: Mapped[list[str]]  # of an event; none: all of them
    note: Mapped[str | None]
    by: Mapped[str]
    version: Mapped[int]
