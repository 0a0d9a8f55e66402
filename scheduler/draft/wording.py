"""Counts and lists in sentences for people, zh and en. Ids stand as they are: names are the pages' part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hall.core.names import ServiceId

NAMED = 2  # services that a sentence names

Words = tuple[str, str]  # zh and en


def services(mode: Iterable[ServiceId]) -> Words:
    """All services of a mode."""
    found = sorted(mode)
    return "、".join(found), ", ".join(found)


def listed(ids: Sequence[ServiceId]) -> Words:
    """The first two services by name, the others by their number."""
    zh, en, more = "、".join(ids[:NAMED]), ", ".join(ids[:NAMED]), len(ids) - NAMED
    if more <= 0:
        return zh, en
    return f"{zh}等{len(ids)}项", f"{en} and {more} other{'s' if more > 1 else ''}"


def minutes(count: int) -> str:
    """English alone: 分钟 is the same for one and many."""
    return f"{count} minute{'' if count == 1 else 's'}"
