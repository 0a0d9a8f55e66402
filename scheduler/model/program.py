"""The program: who does what now (whole), and how clerks' time might flow later (not whole), as arrays.

Waiting work per group obeys a recursion: what is left at the end of a block is at least the expected
positive part of backlog + arrivals − capacity under a normal error, by tangents (the loss function of
inventory theory). So safety capacity needs no booleans (PLANNING.md §2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, inf, pi, sqrt
from statistics import NormalDist

import numpy as np

from scheduler.draft.outlook import Floats
from scheduler.model.lines import Groups, Load
from scheduler.model.options import Kinds, Option
from scheduler.model.weights import Weights

MINUTE_S = 60.0
SLOPES = (0.1, 0.3, 0.5, 0.7, 0.9)  # tangents of the loss function, besides 0 and 1


@dataclass
class Program:
    """Minimise cost·x, low <= row·x <= high. Entries of the matrix as (row, column, value)."""

    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def column(self, cost: float = 0.0, upper: float = inf, whole: bool = False) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low: float, high: float, entries: list[tuple[int, float]]) -> None:
        number = len(self.low)
        self.low.append(low)
        self.high.append(high)
        for column, value in entries:
            self.rows.append(number)
            self.columns.append(column)
            self.values.append(value)


@dataclass(frozen=True)
class Staff:
    """Clerks' time. `paces`: clerks at work x groups, 0 = not authorised; `there_s`: seconds now.

    Classes are clerks (all, also those still to come) with the same authorisations; `class_s` their time
    in each later block, `class_paces` their mean pace.
    """

    paces: Floats
    there_s: Floats
    class_paces: Floats
    class_s: Floats


@dataclass(frozen=True)
class Limits:
    """What the best muster reaches, so that it can be asked of every answer.

    `most_short`: windows missing to all floors; `kept`: group -> windows that a line with a cap keeps.
    """

    most_short: int
    kept: dict[int, int]


def build(
    groups: Groups, load: Load, staff: Staff, options: list[Option], kinds: Kinds, limits: Limits, w: Weights
) -> Program:
    """The first columns are the options, in their order."""
    program = Program()
    for option in options:
        program.column(option.cost, 1.0, whole=True)
    _one_each(program, options, len(staff.there_s))
    _windows(program, options, kinds)
    _floors(program, groups, options, limits.most_short, w)
    _caps(program, options, limits.kept)
    capacity = _now(program, groups, staff, options)
    later = _later(program, staff, load)
    _waiting(program, load, [capacity, *later], w)
    return program


def _one_each(program: Program, options: list[Option], clerks: int) -> None:
    """Each clerk does one thing."""
    mine: list[list[tuple[int, float]]] = [[] for _ in range(clerks)]
    for column, option in enumerate(options):
        mine[option.clerk].append((column, 1.0))
    for entries in mine:
        program.row(1.0, 1.0, entries)


def _windows(program: Program, options: list[Option], kinds: Kinds) -> None:
    """No more clerks at windows of a kind than there are windows."""
    users: dict[int, list[tuple[int, float]]] = {}
    for column, option in enumerate(options):
        if option.kind is not None:
            users.setdefault(option.kind, []).append((column, 1.0))
    for kind, entries in users.items():
        program.row(-inf, float(len(kinds.windows[kind])), entries)


def _floors(program: Program, groups: Groups, options: list[Option], most_short: int, w: Weights) -> None:
    """Floors are missed by no more than the best muster misses them, and by less if that can be."""
    short = []
    for g, floor in enumerate(groups.floor):
        if not floor:
            continue
        size = len(groups.members[g])
        missing = program.column(w.floor * size, float(floor))
        short.append((missing, float(size)))
        users = [(column, 1.0) for column, option in enumerate(options) if g in option.groups]
        program.row(float(floor), inf, [*users, (missing, 1.0)])
    if short:
        program.row(-inf, float(most_short), short)


def _caps(program: Program, options: list[Option], kept: dict[int, int]) -> None:
    """A line with a cap keeps so many windows that take on nothing new."""
    for g, windows in kept.items():
        users = [(c, 1.0) for c, option in enumerate(options) if g in option.groups and not option.flips]
        program.row(float(windows), inf, users)


def _now(
    program: Program, groups: Groups, staff: Staff, options: list[Option]
) -> list[list[tuple[int, float]]]:
    """Time of each clerk in the present block, shared among the groups of the mode chosen."""
    capacity: list[list[tuple[int, float]]] = [[] for _ in groups.members]
    mine: list[list[int]] = [[] for _ in staff.there_s]
    for column, option in enumerate(options):
        mine[option.clerk].append(column)
    for clerk, columns in enumerate(mine):
        time = {c: max(0.0, float(staff.there_s[clerk]) - options[c].lost_s) / MINUTE_S for c in columns}
        shares = []
        for g in sorted({g for c in columns for g in options[c].groups}):
            share = program.column()
            shares.append((share, 1.0))
            capacity[g].append((share, float(staff.paces[clerk, g])))
            offered = [(c, -time[c]) for c in columns if g in options[c].groups]
            program.row(-inf, 0.0, [(share, 1.0), *offered])
        if shares:
            program.row(-inf, 0.0, [*shares, *((c, -time[c]) for c in columns if options[c].groups)])
    return capacity


def _later(program: Program, staff: Staff, load: Load) -> list[list[list[tuple[int, float]]]]:
    """Later blocks: the time of each class flows to any of its groups."""
    blocks = []
    for t in range(1, len(load.length_s)):
        capacity: list[list[tuple[int, float]]] = [[] for _ in load.work_s]
        for k, paces in enumerate(staff.class_paces):
            if staff.class_s[k, t] <= 0:
                continue
            shares = []
            for g in np.flatnonzero(paces).tolist():
                share = program.column()
                shares.append((share, 1.0))
                capacity[g].append((share, float(paces[g])))
            program.row(-inf, float(staff.class_s[k, t]) / MINUTE_S, shares)
        blocks.append(capacity)
    return blocks


def _waiting(program: Program, load: Load, capacity: list[list[list[tuple[int, float]]]], w: Weights) -> None:
    """What is left of each group at the end of each block, and what that waiting costs.

    A line that nobody can serve any more costs the same whatever is decided. It is left out: as a part of
    the bound it would make a hundredth of it, which is near enough, mean more than the others are worth.
    """
    last = len(load.length_s) - 1
    for g in range(len(load.work_s)):
        if not any(block[g] for block in capacity):
            continue
        people_min = MINUTE_S / load.work_s[g] * load.weight[g]  # one minute of work left, for a minute
        before: int | None = None
        for t in range(last + 1):
            span_s = float(load.length_s[t] + (load.length_s[t + 1] if t < last else load.length_s[t])) / 2
            cost = people_min * span_s / MINUTE_S * (1 + (w.urgent * load.urgency[g] if t == 0 else 0.0))
            left = program.column(float(cost))
            base = float(load.backlog[g]) / MINUTE_S if before is None else 0.0
            _loss(program, load, g, t, left, before, base, capacity[t][g])
            for limit, factor in (
                (load.promise[g], w.beyond_promise),
                (2 * load.promise[g], w.beyond_twice),
                (load.cap[g], w.beyond_cap),
            ):
                if np.isfinite(limit) and factor:
                    beyond = program.column(float(cost * factor))
                    program.row(-float(limit) / MINUTE_S, inf, [(beyond, 1.0), (left, -1.0)])
            before = left


def _loss(
    program: Program, load: Load, g: int, t: int, left: int, before: int | None, base: float,
    capacity: list[tuple[int, float]],
) -> None:  # fmt: skip
    """left >= slope·(before + arrivals − capacity) + density·spread, for each tangent."""
    come = base + float(load.arrivals[g, t]) / MINUTE_S
    spread = float(load.spread[g, t]) / MINUTE_S
    for slope in (*SLOPES, 1.0):
        density = _density(slope) * spread
        entries = [(left, 1.0), *((column, slope * value) for column, value in capacity)]
        if before is not None:
            entries.append((before, -slope))
        program.row(slope * come + density, inf, entries)


def _density(slope: float) -> float:
    """Normal density where the distribution function has this value; 0 at 1."""
    if slope >= 1.0:
        return 0.0
    z = NormalDist().inv_cdf(slope)
    return exp(-z * z / 2) / sqrt(2 * pi)
