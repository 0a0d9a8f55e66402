"""Choices of families for a mode: all of them while there are few, else those among the most needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import comb

from hall.core.names import ServiceId


def by_family(need: Mapping[ServiceId, float], family: Mapping[ServiceId, str]) -> dict[str, float]:
    """The need of services, added up by family."""
    found: dict[str, float] = {}
    for service, wanted in need.items():
        found[family[service]] = found.get(family[service], 0.0) + wanted
    return found


def some_of(
    families: Iterable[str], count: int, need: Mapping[str, float], most: int
) -> Iterator[tuple[str, ...]]:
    """Every choice of `count` families, at most `most` choices: ten of twenty families are 184,756.

    `need` (any unit) says which families are left out where that is too many.
    """
    kept = sorted(families)
    size = len(kept)
    while size > count and comb(size, count) > most:
        size -= 1
    if size < len(kept):
        kept = sorted(sorted(kept, key=lambda family: (-need.get(family, 0.0), family))[:size])
    return combinations(kept, count)
