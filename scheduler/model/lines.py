"""Lines that no decision can tell apart, taken together: same family, clerks, windows, modes, hours.

Thirty services in ten families are often ten such groups, which makes the program three times smaller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hall.core.names import ServiceId
from scheduler.check.rulebook import Rulebook
from scheduler.draft.outlook import Floats, Outlook
from scheduler.model.weights import Weights


@dataclass(frozen=True)
class Groups:
    """Group g: its services, family, and least number of windows."""

    of: dict[ServiceId, int]
    members: tuple[tuple[ServiceId, ...], ...]
    family: tuple[str, ...]
    floor: tuple[int, ...]

    def in_mode(self, mode: Iterable[ServiceId]) -> frozenset[int]:
        return frozenset(self.of[s] for s in mode)

    def services(self, groups: Iterable[int]) -> tuple[ServiceId, ...]:
        return tuple(sorted(s for g in groups for s in self.members[g]))

    def __len__(self) -> int:
        return len(self.members)


@dataclass(frozen=True)
class Load:
    """Per group (rows) and block of the horizon (columns), in seconds of work at pace 1."""

    length_s: Floats  # of each block
    backlog: Floats  # work waiting now
    arrivals: Floats
    spread: Floats  # standard deviation of what comes in a block
    work_s: Floats  # mean case
    weight: Floats
    promise: Floats  # backlog at which the wait reaches the promise (Little's law)
    cap: Floats  # backlog at which the wait reaches the cap; infinite where there is none
    urgency: Floats  # how far those waiting are through their promised time; more where nobody serves them


def group(book: Rulebook) -> Groups:
    """Services with the same signature belong together."""
    seen = book.snapshot
    sets = [
        *(c.pace.keys() for c in seen.clerks if c.is_at_work),
        *(part for w in seen.windows for part in (w.can, w.mode, w.fixed_mode)),
        *(pin.mode for pin in seen.pins),
        *(flip.mode for flip in seen.committed),
        *(flip.mode for flip in seen.refused),
    ]
    marks: dict[ServiceId, list[int]] = {s.id: [] for s in seen.services}
    for number, services in enumerate(sets):
        for service in services:
            marks[service].append(number)
    signature = {
        s.id: (s.family, s.hours, book.floors.get(s.id, 0), tuple(marks[s.id])) for s in seen.services
    }
    found: dict[object, list[ServiceId]] = {}
    for service, mark in signature.items():
        found.setdefault(mark, []).append(service)
    members = tuple(tuple(group) for group in found.values())
    return Groups(
        of={s: g for g, group in enumerate(members) for s in group},
        members=members,
        family=tuple(book.family[group[0]] for group in members),
        floor=tuple(book.floors.get(group[0], 0) for group in members),
    )


def load(book: Rulebook, look: Outlook, groups: Groups, weights: Weights) -> Load:
    """The outlook by group, on the horizon's blocks: the present one, half hours, then hours."""
    length_s = _blocks(book, weights)
    edges = np.concatenate([[0.0], np.cumsum(length_s)])
    grid = look.block_s * np.arange(look.blocks + 1, dtype=float)
    sums = np.concatenate([np.zeros((len(look.ids), 1)), np.cumsum(look.arrivals, axis=1)], axis=1)
    people = np.array([np.diff(np.interp(edges, grid, row)) for row in sums]).reshape(len(look.ids), -1)
    member = np.zeros((len(groups), len(look.ids)))
    for service, g in groups.of.items():
        member[g, look.row[service]] = 1.0
    seen = book.snapshot
    vary = np.array([seen.dispersion.get(s, 1.2) for s in look.ids]) + look.scv
    arrivals = member @ (people * look.work_s[:, None])
    count = member @ (look.waiting + people.sum(axis=1)) + 1e-9
    work_s = member @ ((look.waiting + people.sum(axis=1) + 1e-9 / len(look.ids)) * look.work_s) / count
    work_s = np.where(work_s > 1, work_s, member @ look.work_s / np.maximum(member.sum(axis=1), 1))
    mean = member / member.sum(axis=1, keepdims=True)
    rate = arrivals[:, :2].sum(axis=1) / length_s[:2].sum()
    target_s = np.maximum(mean @ look.target_s, 60.0)
    caps = np.array([np.inf if s.cap_wait_s is None else s.cap_wait_s for s in seen.services])
    cap_s = np.array([min((caps[look.row[s]] for s in g), default=np.inf) for g in groups.members])
    waiting = member @ look.waiting
    return Load(
        length_s=length_s,
        backlog=member @ (look.waiting * look.work_s),
        arrivals=arrivals,
        spread=np.sqrt(member @ (people * (vary * look.work_s**2)[:, None])),
        work_s=work_s,
        weight=np.maximum(mean @ look.weight, weights.least_weight),
        promise=np.maximum(target_s * rate, work_s),
        cap=np.where(np.isfinite(cap_s), np.maximum(np.nan_to_num(cap_s, posinf=0.0) * rate, work_s), np.inf),
        urgency=_urgency(book, groups, member @ look.waited_s / np.maximum(waiting, 1) / target_s, weights),
    )


def _urgency(book: Rulebook, groups: Groups, promises: Floats, weights: Weights) -> Floats:
    """How much those waiting are through their promised time. Where nobody serves them, ever more.

    To serve a line in half an hour is always dearer than to serve it in an hour if everybody else is busy:
    a visitor to whose line nobody comes would be put off from plan to plan, all day.
    """
    served = {g for c in book.at_work if c.window for g in groups.in_mode(c.mode)}
    is_bare = np.array([g not in served for g in range(len(groups))])
    beyond = np.clip(promises - weights.patient, 0.0, weights.most_forgotten)
    return np.asarray(np.clip(promises, 0.0, weights.most_urgent) + is_bare * weights.forgotten * beyond**2)


def _blocks(book: Rulebook, weights: Weights) -> Floats:
    left_s = min(max(book.snapshot.close_s - book.now_s, weights.present_s), weights.horizon_s)
    lengths = [weights.present_s]
    while sum(lengths) < left_s - 600:
        lengths.append(min(1800.0 if len(lengths) < 4 else 3600.0, left_s - sum(lengths)))
    return np.array(lengths)
