"""Quotas 号源 of a day to come, as the worker has worked them out. A booking made stays made: a slot whose
quota falls below what is booked is full, and the slots after it take fewer (scheduler.quotas).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hall.core.events import SlotsSet
from hall.store import slots
from hall.store.journal import Change


def set_ahead(change: Change, day: date, rows: Sequence[slots.Ahead]) -> None:
    """Put these in place of all that was expected of the day's slots; days that are over are forgotten."""
    slots.replace_ahead(change.session, change.hall, day, rows)
    change.write(SlotsSet(day.isoformat(), sum(row.quota for row in rows)))
