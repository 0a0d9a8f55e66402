"""What a field of a body or query may hold: read, checked with its place, and described as JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from hall.core.days import DAY_S
from hall.core.errors import N_, Invalid

TEXT_LENGTH = 200
LIST_LENGTH = 500
_TEXT = {"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH}
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # no database takes all of these


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `read` gives the checked value or raises ValueError; `allowed` says what was expected."""

    name: str
    schema: dict[str, Any]
    allowed: str
    read: Callable[[Any], Any]
    required: bool = True
    default: Any = None

    def optional(self, default: Any = None) -> Field:
        """The same field, which may be left out or null."""
        return replace(self, required=False, default=default)


def read_all(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all fields; those that are not known are ignored. Raises Invalid with the path."""
    return {field.name: _read(field, given.get(field.name)) for field in fields}


def _read(field: Field, value: Any) -> Any:
    if value is None:
        if field.required:
            raise Invalid(f"/{field.name}", field=field.name, allowed=field.allowed)
        return field.default
    try:
        return field.read(value)
    except (ValueError, OverflowError):
        raise Invalid(f"/{field.name}", field=field.name, allowed=field.allowed) from None


def id_(name: str) -> Field:
    """An id of something in the hall. Whether there is such a thing is the verb's to say."""
    return Field(name, _TEXT, "an id", read_text)


def ids(name: str) -> Field:
    """A list of ids, each once."""
    schema = {"type": "array", "items": _TEXT, "maxItems": LIST_LENGTH}
    return Field(name, schema, "a list of ids", _ids)


def text(name: str) -> Field:
    """A short text somebody typed."""
    return Field(name, _TEXT, f"1-{TEXT_LENGTH} characters", read_text)


def choice(name: str, *allowed: str) -> Field:
    """One of a few words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError
        return value

    return Field(name, {"type": "string", "enum": list(allowed)}, " | ".join(allowed), read)


def flag(name: str) -> Field:
    """true or false."""
    return Field(name, {"type": "boolean"}, "true | false", _flag)


def whole(name: str, least: int, most: int) -> Field:
    """A whole number within bounds, both allowed."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError
        return value

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Field(name, schema, f"{least} … {most}", read)


def time_s(name: str) -> Field:
    """A time of day as whole seconds since midnight; 24:00 is one, as the end of the day."""
    allowed = N_("a time of day as seconds since midnight: 0 (00:00) to 86400 (24:00)")
    return replace(whole(name, 0, DAY_S), allowed=allowed)


def number(name: str, least: float, most: float) -> Field:
    """A number within bounds, both allowed."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueError
        return float(value)

    schema = {"type": "number", "minimum": least, "maximum": most}
    return Field(name, schema, f"{least:g} … {most:g}", read)


def instant(name: str) -> Field:
    """An instant as ISO 8601 with offset; the value is UTC."""
    schema = {"type": "string", "format": "date-time"}
    return Field(name, schema, "a time with offset as 2026-03-02T09:30:00+08:00", _instant)


def day(name: str) -> Field:
    """A calendar date."""
    return Field(name, {"type": "string", "format": "date"}, N_("a date as 2026-03-02"), _day)


def read_text(value: Any) -> str:
    """A text that every database can hold. Raises ValueError."""
    if not isinstance(value, str) or not 1 <= len(value) <= TEXT_LENGTH or _UNSTORABLE.search(value):
        raise ValueError
    return value


def _ids(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > LIST_LENGTH:
        raise ValueError
    return list(dict.fromkeys(read_text(item) for item in value))


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)


def _day(value: Any) -> date:
    if not isinstance(value, str):
        raise ValueError
    return date.fromisoformat(value)
