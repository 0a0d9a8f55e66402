"""Sentences about ids. A sentence says where in it an id stands, so that a page can put the name there.

To look for ids in a finished sentence would be wrong: a hall may call its windows 7, 10 and 24, and a
sentence has hours, minutes and counts of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hall.core.names import ClerkId, ServiceId, WindowId
from scheduler.plan import IdKind, Named, Reason

# While a sentence is put together an id stands between two control characters, which no name has.
_OPEN: dict[IdKind, str] = {"window": "\x01", "service": "\x02", "clerk": "\x03"}
_KIND = {sign: kind for kind, sign in _OPEN.items()}
_MARKED = re.compile("([\x01-\x03])(.*?)\x04", re.DOTALL)
NAMED = 2  # services that a sentence names


def window(id_: WindowId) -> str:
    """The id for a sentence; so with the next two."""
    return f"{_OPEN['window']}{id_}\x04"


def service(id_: ServiceId) -> str:
    return f"{_OPEN['service']}{id_}\x04"


def clerk(id_: ClerkId) -> str:
    return f"{_OPEN['clerk']}{id_}\x04"


def services(mode: Iterable[ServiceId]) -> tuple[str, str]:
    """All services of a mode, zh and en."""
    found = [service(s) for s in sorted(mode)]
    return "、".join(found), ", ".join(found)


def listed(ids: Sequence[ServiceId]) -> tuple[str, str]:
    """Services, zh and en: the first two by name, the others by their number."""
    named, more = [service(s) for s in ids[:NAMED]], len(ids) - NAMED
    zh, en = "、".join(named), ", ".join(named)
    if more <= 0:
        return zh, en
    return f"{zh}等{len(ids)}项", f"{en} and {more} other{'s' if more > 1 else ''}"


def minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"


def reason(zh: str, en: str) -> Reason:
    """The finished sentence."""
    (zh, zh_ids), (en, en_ids) = _read(zh), _read(en)
    return Reason(zh, en, zh_ids, en_ids)


def preceded(zh: str, en: str, told: Reason) -> Reason:
    """A finished sentence with words before it that name nothing."""
    return Reason(zh + told.zh, en + told.en, _moved(told.zh_ids, len(zh)), _moved(told.en_ids, len(en)))


def _moved(ids: tuple[Named, ...], by: int) -> tuple[Named, ...]:
    return tuple((start + by, end + by, kind) for start, end, kind in ids)


def _read(text: str) -> tuple[str, tuple[Named, ...]]:
    """The text without its signs, and where the ids stand in it."""
    plain, found, last = "", [], 0
    for each in _MARKED.finditer(text):
        plain += text[last : each.start()]
        found.append((len(plain), len(plain) + len(each[2]), _KIND[each[1]]))
        plain, last = plain + each[2], each.end()
    return plain + text[last:], tuple(found)
