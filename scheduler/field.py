"""One place in a JSON document, with its JSON Pointer, so that every refusal can name it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_S = 172_800  # two days: whatever lies beyond is a fault of the sender, not a time of this day
MOST = 1_000_000  # people, counts and work limits: above this the sender is broken


class SnapshotError(Exception):
    """A missing or wrong field: stable code, JSON Pointer, and a sentence that says what is allowed."""

    def __init__(self, code: str, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.code = code
        self.path = path
        self.message = message


def pointer(path: str, name: str) -> str:
    """The JSON Pointer of a member below a path (RFC 6901: ids may hold `/` and `~`)."""
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


@dataclass(frozen=True, slots=True)
class Field:
    """A value and where it stands."""

    value: Any
    path: str = ""

    def get(self, name: str) -> Field:
        """A member that must be there."""
        members = self.members()
        path = pointer(self.path, name)
        if name not in members:
            raise SnapshotError("missing", path, f"“{name}” is required")
        return Field(members[name], path)

    def optional(self, name: str) -> Field | None:
        """A member that may be absent or null."""
        value = self.members().get(name)
        return None if value is None else Field(value, pointer(self.path, name))

    def nullable(self, name: str) -> Field | None:
        """A member that must be there and may be null."""
        return None if self.get(name).value is None else self.get(name)

    def members(self) -> Mapping[str, Any]:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return self.value

    def entries(self) -> Iterator[tuple[str, Field]]:
        """The members of an object used as a map."""
        for name, value in self.members().items():
            yield name, Field(value, pointer(self.path, name))

    def items(self) -> list[Field]:
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [Field(value, f"{self.path}/{i}") for i, value in enumerate(self.value)]

    def text(self) -> str:
        """A string that is not empty and can be written as UTF-8 again."""
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("a string that is not empty")
        if any("\ud800" <= letter <= "\udfff" for letter in self.value):
            raise SnapshotError("out_of_range", self.path, "half of a surrogate pair is no character")
        return self.value

    def day(self) -> date:
        """A date as it is written back; ISO 8601 knows others (20260302, 2026-W10-1)."""
        text = self.text()
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or found.isoformat() != text:
            raise self.wrong("an ISO date such as 2026-03-02")
        return found

    def zone(self) -> str:
        """A time zone of the tz database."""
        found = self.text()
        try:
            ZoneInfo(found)
        except (KeyError, ValueError, OSError):
            message = f"“{found}” is no time zone; allowed is a name such as Asia/Shanghai"
            raise SnapshotError("not_allowed", self.path, message) from None
        return found

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def number(self, low: float = 0, high: float = MOST, above: bool = False) -> float:
        """A finite number inside [low, high], or (low, high] with `above`."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong("a number")
        if isinstance(value, float) and not math.isfinite(value):
            raise SnapshotError("out_of_range", self.path, "must be a finite number")
        if not low <= value <= high or (above and value == low):
            span = f"above {low:g}" if above else f"at least {low:g}"
            raise SnapshotError("out_of_range", self.path, f"must be {span} and at most {high:g}")
        return value

    def whole(self, low: int = 0, high: int = MOST) -> int:
        value = self.number(low, high)
        if value != int(value):
            raise self.wrong("a whole number")
        return int(value)

    def time_s(self) -> int:
        """A time of day: whole seconds since local midnight of the snapshot's day."""
        return self.whole(0, LONGEST_S)

    def duration_s(self) -> float:
        return self.number(0, LONGEST_S)

    def choice(self, allowed: tuple[str, ...]) -> str:
        if self.value not in allowed:
            raise SnapshotError("not_allowed", self.path, f"must be one of {', '.join(allowed)}")
        return str(self.value)

    def wrong(self, expected: str) -> SnapshotError:
        return SnapshotError("wrong_type", self.path, f"must be {expected}")
