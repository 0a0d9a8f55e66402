"""A review: whether the rest of the day is to be rehearsed again, asked every hour and a half from opening.

An ordinary day keeps its line-up, and so does one that is only fuller or emptier than foretold: rehearsing
it again was measured and brings nothing but flips. Where people come for other things than was foretold,
it is rehearsed for those, when that first shows and not again: each time costs set-ups, and later ones were
measured to bring less than they cost (docs/BENCHMARKS.md). A day that was foretold to be quiet, and is, is
rehearsed once for a quiet day (see fullness).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.check.rulebook import Rulebook
from scheduler.draft.decision import BreakStarts
from scheduler.draft.evidence import evidence
from scheduler.draft.fullness import is_quiet
from scheduler.draft.outlook import Outlook, outlook
from scheduler.draft.rests import as_planned
from scheduler.snapshot import Snapshot

EVERY_S = 5400
WORTHWHILE_S = 5400  # before closing; later a new line-up would not pay its set-ups
AS_FORETOLD = 1.15  # came over expected, two deviations of a good forecast: more is no quiet day


@dataclass(frozen=True)
class Review:
    """What to rehearse for; `is_quiet`: as empty as it is."""

    look: Outlook
    is_quiet: bool


def review(book: Rulebook, look: Outlook, breaks: BreakStarts) -> Review | None:
    """None where it is not the time, or the line-up stays as it is."""
    turn = _turn(book.snapshot)
    if not turn:
        return None
    found = evidence(book.snapshot)
    if found.is_strong:
        if any(evidence(book.snapshot, at_s).is_strong for at_s in _before(book.snapshot, turn)):
            return None
        return Review(outlook(book.snapshot, found.factor), is_quiet=False)
    if turn == 1 and found.level < AS_FORETOLD and is_quiet(book, look, breaks):
        return Review(look, is_quiet=True)
    return None


def is_due(snapshot: Snapshot) -> bool:
    """Whether the day would be rehearsed again now: such a plan deserves the time of a line-up."""
    if not _turn(snapshot):
        return False
    return review(Rulebook(snapshot), outlook(snapshot), as_planned(snapshot)) is not None


def _before(snapshot: Snapshot, turn: int) -> Iterator[int]:
    """When the reviews before this one were."""
    return (snapshot.open_s + EVERY_S * n for n in range(1, turn))


def _turn(snapshot: Snapshot) -> int:
    """1 for the day's first review, 2 for the second …; 0 where none has come up since the last plan."""
    since_s = snapshot.now_s - snapshot.open_s
    turn = since_s // EVERY_S
    is_new = turn > max(since_s - snapshot.rules.replan_s, 0) // EVERY_S
    return turn if is_new and snapshot.close_s - snapshot.now_s >= WORTHWHILE_S else 0
