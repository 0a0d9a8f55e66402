"""The hall itself, its families and services, and the accounts and tokens that may use it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hall.core.hall import Pace, Settings
from hall.store.tables.base import Base


class Hall(Base):
    """One service hall. `version` is gapless: the lock, the order of truth and the push cursor."""

    __tablename__ = "halls"

    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    zone: Mapped[str]
    version: Mapped[int] = mapped_column(default=0)
    day: Mapped[date]  # the business day the hall is in; roll-over moves it on
    settings: Mapped[Settings]
    pace_real_at: Mapped[datetime]
    pace_hall_at: Mapped[datetime]
    pace_speed: Mapped[float] = mapped_column(default=1.0)

    @property
    def pace(self) -> Pace:
        return Pace(self.pace_real_at, self.pace_hall_at, self.pace_speed)


class Family(Base):
    __tablename__ = "families"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class Service(Base):
    """A service 事项 with its line. Times in seconds; `quota` is bookings per slot, 0 = not bookable."""

    __tablename__ = "services"
    __table_args__ = (UniqueConstraint("hall_id", "prefix"), CheckConstraint("service_s > 0", "service_s"))

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    family_id: Mapped[str]
    prefix: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    service_s: Mapped[float]
    scv: Mapped[float] = mapped_column(default=0.5)
    target_wait_s: Mapped[int] = mapped_column(default=900)
    weight: Mapped[float] = mapped_column(default=1.0)
    floor: Mapped[int] = mapped_column(default=1)
    cap_wait_s: Mapped[int | None]
    hours: Mapped[list[Any] | None]  # its own open intervals on every open day
    daily_cap: Mapped[int | None]
    quota: Mapped[int] = mapped_column(default=0)


class Account(Base):
    """Somebody who logs in with a password. `login` is unique in the whole installation."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    login: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    clerk_id: Mapped[str | None]
    password_hash: Mapped[str]


class Token(Base):
    """A device's or program's bearer token; only its SHA-256 is kept."""

    __tablename__ = "tokens"

    hash: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"))
    role: Mapped[str]
    clerk_id: Mapped[str | None]
    made_at: Mapped[datetime]


class Secret(Base):
    """What the installation keeps to itself, such as the key that signs sessions. Never leaves the server."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Lease(Base):
    """Who runs a hall's worker. Real time: a lease outlives a stopped demo clock."""

    __tablename__ = "leases"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)  # serve | worker
    holder: Mapped[str]
    until: Mapped[datetime]
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the holder tells the dashboard
