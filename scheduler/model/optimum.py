"""From a snapshot to the best decision found, and back from the program's values to posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hall.core.names import ClerkId, WindowId
from scheduler.check.floors import shortfalls
from scheduler.check.muster import Muster
from scheduler.check.offers import Posting
from scheduler.check.rulebook import Rulebook
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.decision import BreakStarts
from scheduler.draft.outlook import Floats, Outlook, presence
from scheduler.model import solver
from scheduler.model.lines import Groups, Load, group, load
from scheduler.model.options import Chooser, Option, kinds
from scheduler.model.program import Limits, Staff, build
from scheduler.model.weights import Weights
from scheduler.snapshot import Clerk

LEAST_LEFT = 0.25  # of a case, however long the one in hand has lasted


@dataclass(frozen=True)
class Best:
    """Posts, and how far they may be from the best there is."""

    posts: dict[ClerkId, Posting]
    gap: float
    is_proven: bool


def best(
    book: Rulebook, look: Outlook, muster: Muster, breaks: BreakStarts, limit_s: float, weights: Weights
) -> Best | None:
    """The best posts found within the limit; None where the solver has no answer."""
    if not book.services:
        return Best({}, 0.0, True)
    groups = group(book)
    known = load(book, look, groups, weights)
    found = kinds(muster)
    in_hand_s = {c.id: _in_hand_s(look, c, book.now_s) for c in book.at_work}
    chooser = Chooser(muster, groups, found, in_hand_s, weights)
    options = chooser.options()
    if not options:
        return Best({}, 0.0, True)
    staff = _staff(book, look, groups, known, breaks, in_hand_s)
    program = build(groups, known, staff, options, found, _limits(book, look, groups, muster), weights)
    answer = solver.solve(program, [o.clerk for o in options], book.snapshot.seed, limit_s)
    if answer is None:
        return None
    chosen = [o for o, value in zip(options, answer.values, strict=True) if value > 0.5]
    return Best(_posts(book, chosen, chooser), answer.gap, answer.is_proven)


def _limits(book: Rulebook, look: Outlook, groups: Groups, muster: Muster) -> Limits:
    needed, has = windows_to_keep(book, look), windows_kept(book, muster.posts)
    kept: dict[int, int] = {}
    for service, windows in needed.items():
        group = groups.of[service]
        kept[group] = max(kept.get(group, 0), min(windows, has[service]))
    short = sum(shortfalls(book, muster.modes()).values())
    return Limits(short, {g: windows for g, windows in kept.items() if windows})


def _posts(book: Rulebook, chosen: list[Option], chooser: Chooser) -> dict[ClerkId, Posting]:
    """Who stays keeps the window; the others take what is left of each kind, empty windows first."""
    posts: dict[ClerkId, Posting] = {}
    taken: set[WindowId] = set()
    sitting = {c.window for c in book.at_work}
    for option in sorted(chosen, key=lambda o: not o.stays):
        clerk = book.at_work[option.clerk]
        if option.kind is None:
            continue
        if option.stays and clerk.window is not None:
            window = clerk.window
        else:
            free = [w.id for w in chooser.kinds.windows[option.kind] if w.id not in taken]
            window = min(free, key=lambda w: w in sitting)
        taken.add(window)
        posts[clerk.id] = (window, chooser.mode(option))
    return posts


def _staff(
    book: Rulebook,
    look: Outlook,
    groups: Groups,
    known: Load,
    breaks: BreakStarts,
    in_hand_s: Mapping[ClerkId, float],
) -> Staff:
    """Clerks' time, breaks and the case in hand taken off."""
    seen = book.snapshot
    coming = tuple(c for c in seen.clerks if c.is_counted_on(book.now_s))
    there = presence(seen, coming, look, breaks)
    seconds = _by_block(there * look.block_s, look.block_s, known.length_s)
    paces = np.array([_paces(groups, c) for c in coming]).reshape(len(coming), len(groups))
    now = [i for i, c in enumerate(coming) if c.is_at_work]
    left = np.array([in_hand_s[c.id] for c in book.at_work])
    classes: dict[bytes, list[int]] = {}
    for i, row in enumerate(paces > 0):
        classes.setdefault(row.tobytes(), []).append(i)
    return Staff(
        paces=paces[now],
        there_s=np.maximum(seconds[now, 0] - left, 0.0) if now else np.zeros(0),
        class_paces=np.array([paces[m].mean(axis=0) for m in classes.values()]).reshape(-1, len(groups)),
        class_s=np.array([seconds[m].sum(axis=0) for m in classes.values()]).reshape(-1, len(known.length_s)),
    )


def _by_block(seconds: Floats, block_s: float, length_s: Floats) -> Floats:
    """Seconds per block of the outlook, added up over the program's blocks."""
    grid = block_s * np.arange(seconds.shape[1] + 1)
    sums = np.concatenate([np.zeros((len(seconds), 1)), np.cumsum(seconds, axis=1)], axis=1)
    edges = np.concatenate([[0.0], np.cumsum(length_s)])
    return np.array([np.diff(np.interp(edges, grid, row)) for row in sums]).reshape(len(seconds), -1)


def _paces(groups: Groups, clerk: Clerk) -> list[float]:
    return [float(np.mean([clerk.pace.get(s, 0.0) for s in members])) for members in groups.members]


def _in_hand_s(look: Outlook, clerk: Clerk, now_s: int) -> float:
    """Time until the clerk is free: the rest of the case in hand, or of the set-up."""
    if clerk.status == "setup" and clerk.until_s is not None:
        return float(max(0, clerk.until_s - now_s))
    if clerk.serving is None:
        return 0.0
    mean_s = float(look.work_s[look.row[clerk.serving]]) / clerk.pace.get(clerk.serving, 1.0)
    return max(mean_s - clerk.serving_for_s, LEAST_LEFT * mean_s)
