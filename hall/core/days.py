"""The business day: the one place where instants and the hall's zone meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_S = 86_400
Interval = tuple[int, int]  # [from, to) in seconds of wall clock since local midnight


def business_day(now: datetime, zone: str) -> date:
    """The hall's day at this instant, in the hall's own zone, never in UTC (DESIGN.md §8)."""
    return now.astimezone(ZoneInfo(zone)).date()


def wall_s(now: datetime, zone: str, day: date | None = None) -> int:
    """Seconds of wall clock since midnight of `day` (default: the instant's own business day).

    Above 86,400 after midnight. On a day whose clock is put forward or back this follows the wall.
    """
    local = now.astimezone(ZoneInfo(zone))
    days = (local.date() - (day or local.date())).days
    return days * DAY_S + local.hour * 3600 + local.minute * 60 + local.second


def instant(day: date, second: float, zone: str) -> datetime:
    """The UTC instant of a wall-clock second of `day`; the inverse of wall_s."""
    whole = int(second)
    moment = datetime.combine(day + timedelta(days=whole // DAY_S), time(), ZoneInfo(zone))
    wall = moment.replace(
        hour=whole % DAY_S // 3600, minute=whole % 3600 // 60, second=whole % 60
    ) + timedelta(seconds=second - whole)
    return wall.astimezone(UTC)


def is_within(hours: Sequence[Interval], second: int) -> bool:
    """Whether the second lies in one of the open intervals."""
    return any(start <= second < end for start, end in hours)


def clock_text(second: int) -> str:
    """08:30 for 30,600."""
    return f"{second // 3600 % 24:02d}:{second % 3600 // 60:02d}"


def hours_text(hours: Sequence[Interval]) -> str:
    """08:30-12:00, 13:30-17:30; an en dash would not survive every printer. Empty when closed."""
    return ", ".join(f"{clock_text(start)}-{clock_text(end)}" for start, end in hours)
