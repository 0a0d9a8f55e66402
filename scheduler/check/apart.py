"""Apart: starts at which a clerk's breaks miss each other, and the agreed flips that need the clerk there."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf

from scheduler.check.rulebook import Rulebook
from scheduler.snapshot import Break, Clerk

FLIP_S = 1  # an agreed flip needs its clerk at that very second
MOST = 10  # things of one clerk that are looked at, a thousand orders of them; nobody has so many in a day

Limits = tuple[int, int, float]  # first start, last start, length


def limits(book: Rulebook, one: Break) -> Limits:
    """Where a break may begin from now on; now alone, if its limits have passed."""
    if one.latest_s < book.now_s:
        return book.now_s, book.now_s, one.length_s
    return max(one.earliest_s, book.now_s), one.latest_s, one.length_s


def starts(book: Rulebook, clerk: Clerk, flips_s: Sequence[int] = ()) -> dict[int, int] | None:
    """By index, starts of the clerk's breaks at which none meets another or a flip at one of these times.

    None where the limits leave no such starts, or where there are too many things to try. A break without
    length meets nothing.
    """
    due = {i: limits(book, one) for i, one in enumerate(clerk.breaks) if not one.taken}
    long = [i for i, (*_, length_s) in due.items() if length_s]
    flips = [(at_s, at_s, FLIP_S) for at_s in sorted(set(flips_s))]
    found = _in_turn([*(due[i] for i in long), *flips])
    if found is None:
        return None
    return {i: first_s for i, (first_s, *_) in due.items()} | dict(zip(long, found, strict=False))


def _in_turn(things: Sequence[Limits]) -> tuple[int, ...] | None:
    """A start for each, one after the other. Exact: of each set of things only its earliest end matters."""
    if len(things) > MOST:
        return None
    whole = (1 << len(things)) - 1
    ends: dict[int, tuple[float, dict[int, int]]] = {0: (-inf, {})}
    for done in range(whole):
        if done not in ends:
            continue
        free_s, begun = ends[done]
        for i, (first_s, last_s, length_s) in enumerate(things):
            start_s = max(first_s, ceil(free_s)) if begun else first_s
            with_it = done | 1 << i
            if with_it == done or start_s > last_s:
                continue
            if with_it not in ends or start_s + length_s < ends[with_it][0]:
                ends[with_it] = start_s + length_s, begun | {i: start_s}
    return tuple(ends[whole][1][i] for i in range(len(things))) if whole in ends else None
