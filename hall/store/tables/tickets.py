"""Tickets, calls, bookings, and the counters that number them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hall.store.tables.base import Base


class Ticket(Base):
    """A ticket 号. `place` is the instant from which its turn in the line counts (core.line)."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("hall_id", "day", "prefix", "serial"),
        CheckConstraint("serial > 0", "serial"),
        Index("ix_tickets_line", "hall_id", "day", "state", "service_id", "place", "issued_version"),
        # Priority is rare: whether anybody in a line has it is then known without reading the line.
        Index(
            "ix_tickets_priority",
            "hall_id",
            "day",
            "state",
            "service_id",
            sqlite_where=text("priority = 1"),
            postgresql_where=text("priority"),
        ),
        # One window holds one ticket; the database says so too. Only of tickets that are at one: as an index
        # of all it is what PostgreSQL takes for every question about a hall, while it has no statistics yet.
        Index(
            "ux_tickets_at_window",
            "hall_id",
            "at_window",
            unique=True,
            sqlite_where=text("at_window IS NOT NULL"),
            postgresql_where=text("at_window IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    day: Mapped[date]
    prefix: Mapped[str]
    serial: Mapped[int]
    number: Mapped[str]
    service_id: Mapped[str]
    state: Mapped[str]
    priority: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str]
    entry: Mapped[str]
    place: Mapped[datetime]
    booked_at: Mapped[datetime | None]
    issued_at: Mapped[datetime]
    issued_version: Mapped[int]  # the hall's version at issue: the order of arrival
    overtaken: Mapped[int] = mapped_column(default=0)  # by priority tickets
    let_in: Mapped[int] = mapped_column(default=0)  # bookings, returns and kept places that went ahead
    returned: Mapped[bool] = mapped_column(default=False)  # reactivated once already
    calls: Mapped[int] = mapped_column(default=0)  # how often announced at its present window
    at_window: Mapped[str | None]  # set while called or serving
    for_window: Mapped[str | None]  # transferred to this very window; only it may call the ticket
    window_id: Mapped[str | None]  # the last window that called it
    clerk_id: Mapped[str | None]
    called_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    version: Mapped[int]


class Call(Base):
    """One announcement of a ticket at a window; a recall is a call of its own, so it is said again once."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_recent", "hall_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    window_id: Mapped[str]
    clerk_id: Mapped[str]
    number: Mapped[str]
    at: Mapped[datetime]
    why: Mapped[str]
    version: Mapped[int]


class Counter(Base):
    """The next serial of a prefix on a business day. Blocks can be cut off it for kiosks and paper."""

    __tablename__ = "counters"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    next: Mapped[int]


class SlotAhead(Base):
    """What is expected of a slot of a day to come: bookings it may take, and the wait of whoever comes in it.

    The worker's word, written anew as forecast and line-up change; `wait_s` is a mean.
    """

    __tablename__ = "slots_ahead"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(primary_key=True)
    slot_s: Mapped[int] = mapped_column(primary_key=True)  # slot's start, seconds since local midnight
    quota: Mapped[int]
    wait_s: Mapped[int]


class Booking(Base):
    """A booking 预约 of one place in a slot. `at` is the slot's start."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("hall_id", "code"),
        Index("ix_bookings_slot", "hall_id", "service_id", "at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    code: Mapped[str]  # eight digits, said and typed by people
    service_id: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime]
    state: Mapped[str]  # booked | checked_in | cancelled | missed
    ticket_id: Mapped[str | None]
    made_at: Mapped[datetime]
    version: Mapped[int]
