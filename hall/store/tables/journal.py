"""The journal 日志 and the answers already given to request ids."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hall.store.tables.base import Base


class JournalRow(Base):
    """One event. `hash` covers the event and the hash of the event before it: a chain per hall."""

    __tablename__ = "journal"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]  # the hall's time
    actor: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    hash: Mapped[str]


class Answer(Base):
    """What a request id was answered with; the same request gets the same again."""

    __tablename__ = "answers"

    hall_id: Mapped[str] = mapped_column(ForeignKey("halls.id"), primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    body: Mapped[str]  # SHA-256 of what was asked
    answer: Mapped[dict[str, Any]]
