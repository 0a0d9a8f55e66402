"""The kinds of values a hall file holds. Each reader gives the value, or None after noting the fault.

People write minutes and HH:MM; the hall counts seconds, so the readers convert.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from hall.core.days import DAY_S, Interval
from hall.store.hallfile.marked import Spot, did_you_mean

Reader = Callable[[Spot], Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PREFIX = re.compile(r"[A-Z]{1,3}")
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_LONGEST = 120
_HOURS_ALLOWED = "times as “08:30-12:00, 13:30-17:30”, or “closed”"
_YES, _NO = {"true", "yes"}, {"false", "no"}


@dataclass(frozen=True, slots=True)
class Names:
    """A name in both languages."""

    zh: str
    en: str


def words(spot: Spot) -> str | None:
    """A short text for people."""
    found = spot.text("a short text")
    if found is not None and len(found) > _LONGEST:
        spot.wrong(f"{len(found)} letters. Allowed: at most {_LONGEST}")
        return None
    return found


def names(spot: Spot) -> Names | None:
    """A name: one text for both languages, or {zh: …, en: …}."""
    if spot.is_plain:
        one = words(spot)
        return Names(one, one) if one else None
    entries = spot.entries("a name, or {zh: …, en: …}")
    refuse_unknown(entries, ("zh", "en"))
    zh, en = (words(entries[key][1]) if key in entries else None for key in ("zh", "en"))
    if not entries.keys() & {"zh", "en"}:
        spot.wrong("no name. Allowed: a text, or {zh: …, en: …}")
    return Names(zh or en or "", en or zh or "") if zh or en else None


def word(spot: Spot) -> str | None:
    """An id."""
    return _matching(spot, _WORD, "1-40 of A-Z a-z 0-9 _ -, beginning with a letter or figure")


def prefix(spot: Spot) -> str | None:
    """What ticket numbers begin with."""
    return _matching(spot, _PREFIX, "one to three capital letters")


def number(spot: Spot, low: float, high: float) -> float | None:
    """A number in [low, high]."""
    allowed = f"a number from {low:g} to {high:g}"
    found = spot.text(allowed)
    if found is None:
        return None
    try:
        value = float(found)
    except ValueError:
        value = low - 1
    if not low <= value <= high:  # also refuses nan
        spot.wrong(f"“{found}” is not {allowed}")
        return None
    return value


def whole(spot: Spot, low: int, high: int) -> int | None:
    """A whole number in [low, high]."""
    allowed = f"a whole number from {low} to {high}"
    found = spot.text(allowed)
    if found is None:
        return None
    if not re.fullmatch(r"-?\d{1,9}", found) or not low <= int(found) <= high:
        spot.wrong(f"“{found}” is not {allowed}")
        return None
    return int(found)


def minutes(spot: Spot, low: float, high: float) -> int | None:
    """Minutes, given back as whole seconds."""
    value = number(spot, low, high)
    return None if value is None else round(value * 60)


def flag(spot: Spot) -> bool | None:
    """true or false."""
    found = (spot.text("true or false") or "").lower()
    if found in _YES | _NO:
        return found in _YES
    if found:
        spot.wrong(f"“{found}” is neither true nor false")
    return None


def choice(spot: Spot, allowed: Collection[str]) -> str | None:
    """One of some words."""
    listed = " | ".join(allowed)
    found = spot.text(listed)
    if found is not None and found not in allowed:
        spot.wrong(f"“{found}”. Allowed: {listed}")
        return None
    return found


def zone(spot: Spot) -> str | None:
    """A time zone of the tz database."""
    found = spot.text("a zone such as Asia/Shanghai")
    if found is None:
        return None
    try:
        ZoneInfo(found)
    except (KeyError, ValueError, OSError):
        spot.wrong(f"“{found}” is no time zone. Allowed: a name such as Asia/Shanghai")
        return None
    return found


def day(spot: Spot) -> date | None:
    """A date."""
    allowed = "a date as 2026-03-02"
    found = spot.text(allowed)
    if found is None:
        return None
    try:
        return date.fromisoformat(found)
    except ValueError:
        spot.wrong(f"“{found}” is not {allowed}")
        return None


def time_s(spot: Spot) -> int | None:
    """A time of day as HH:MM, given back as seconds since midnight."""
    allowed = "a time as 08:30"
    found = spot.text(allowed)
    if found is None:
        return None
    second = _second(found)
    if second is None:
        spot.wrong(f"“{found}” is not {allowed} (00:00 to 24:00)")
    return second


def span(spot: Spot) -> Interval | None:
    """One interval as 08:30-17:30."""
    found = hours(spot)
    if found is not None and len(found) != 1:
        spot.wrong("Allowed: one interval as 08:30-17:30")
        return None
    return found[0] if found else None


def hours(spot: Spot) -> tuple[Interval, ...] | None:
    """Open intervals in order, or “closed”."""
    found = spot.text(_HOURS_ALLOWED)
    if found is None:
        return None
    if found == "closed":
        return ()
    intervals: list[Interval] = []
    for part in found.split(","):
        ends = [_second(end) for end in part.split("-")]
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            spot.wrong(f"“{part.strip()}” is no interval. Allowed: {_HOURS_ALLOWED}")
            return None
        intervals.append((ends[0], ends[1]))
    edges = [edge for interval in intervals for edge in interval]
    if any(a >= b for a, b in intervals) or edges != sorted(edges):
        spot.wrong(f"“{found}” does not run forward in time. Allowed: {_HOURS_ALLOWED}")
        return None
    return tuple(intervals)


def week(spot: Spot, read: Reader = hours) -> dict[int, Any] | None:
    """Weekday -> value. Keys are mon … sun or ranges such as mon-fri."""
    allowed = "lines such as “mon-fri: 08:30-17:30”"
    found: dict[int, Any] = {}
    faults_before = len(spot.notes.faults)
    for key, (key_spot, value) in spot.entries(allowed).items():
        days = _days(key)
        if not days:
            key_spot.wrong(f"“{key}” is no weekday. Allowed: mon tue wed thu fri sat sun, or mon-fri")
        for weekday in days:
            if weekday in found:
                key_spot.wrong(f"{WEEKDAYS[weekday]} is given twice")
            found[weekday] = read(value)
    return found if len(spot.notes.faults) == faults_before else None


def several(spot: Spot, read: Reader) -> tuple[Any, ...] | None:
    """A list whose members all are of one kind."""
    before = len(spot.notes.faults)
    found = tuple(read(item) for item in spot.items("a list"))
    return found if len(spot.notes.faults) == before else None


def located_words(spot: Spot) -> tuple[Spot, ...] | None:
    """A list of ids that are looked up later; each keeps its place."""
    before = len(spot.notes.faults)
    found = tuple(item for item in spot.items("a list such as [pension, medical]") if word(item))
    return found if len(spot.notes.faults) == before else None


def refuse_unknown(entries: dict[str, tuple[Spot, Spot]], known: Collection[str]) -> None:
    """Note every field that does not exist, with the one that was probably meant."""
    for key, (key_spot, _) in entries.items():
        if key not in known:
            key_spot.wrong(f"there is no such field. {did_you_mean(key, known)}")


def numbered(low: float, high: float) -> Reader:
    return partial(number, low=low, high=high)


def counted(low: int, high: int) -> Reader:
    return partial(whole, low=low, high=high)


def minuted(low: float, high: float) -> Reader:
    return partial(minutes, low=low, high=high)


def _matching(spot: Spot, pattern: re.Pattern[str], allowed: str) -> str | None:
    found = spot.text(allowed)
    if found is not None and not pattern.fullmatch(found):
        spot.wrong(f"“{found}”. Allowed: {allowed}")
        return None
    return found


def _second(text: str) -> int | None:
    match = _TIME.fullmatch(text.strip())
    second = int(match[1]) * 3600 + int(match[2]) * 60 if match else DAY_S + 1
    return second if second <= DAY_S else None


def _days(key: str) -> list[int]:
    first, _, last = key.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        return []
    return list(range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1))
