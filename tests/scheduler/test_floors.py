"""Muster and optimiser against an exact search: no assignment of those present misses the floors by less."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from ortools.sat.python import cp_model

from hall.core.names import ServiceId
from scheduler import fallback
from scheduler.check import faults
from scheduler.check.commitments import settle
from scheduler.check.rulebook import Rulebook, left_by
from scheduler.model import solve
from scheduler.snapshot import Clerk, Snapshot, Window
from tests.scheduler import halls
from tests.scheduler.strange import strange


@pytest.mark.parametrize("block", range(6))
def test_floors_are_missed_by_no_more_than_the_best_assignment(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        hall = strange(seed)
        assert sum(u.short for u in fallback.plan(hall).unmet) == _least_missing(hall), seed


@pytest.mark.parametrize("block", range(6))
def test_the_optimiser_finds_the_best_assignment_in_halls_that_are_short_of_everything(block: int) -> None:
    """Where only an exchange of places saves a floor, changing one post at a time does not."""
    for seed in range(25 * block, 25 * block + 25):
        hall = short_staffed(seed)
        least = _least_missing(hall)
        for plan in (solve(hall), fallback.plan(hall)):
            assert faults(hall, plan) == []
            assert sum(u.short for u in plan.unmet) == least, seed


def test_the_line_up_of_a_hall_that_is_short_of_everything_finds_the_best_assignment() -> None:
    for seed in range(25):
        hall = short_staffed(seed)
        opening = replace(hall, now_s=hall.open_s, deadline_ms=20_000, arrived={})
        plan = solve(opening)
        assert faults(opening, plan) == []
        assert sum(u.short for u in plan.unmet) == _least_missing(opening), seed


def test_check_names_a_plan_that_misses_one_window_more_than_need_be() -> None:
    hall = short_staffed(0)
    plan = fallback.plan(hall)
    seated = next(p for p in plan.posts if any(s in Rulebook(hall).floors for s in p.mode))
    without = replace(
        plan, posts=tuple(replace(p, window=None, mode=()) if p == seated else p for p in plan.posts)
    )
    assert "floors" in {fault.rule for fault in faults(hall, without)}


def short_staffed(seed: int) -> Snapshot:
    """A floor on every service, few windows that can much, few clerks who know much."""
    rng = random.Random(seed)
    count = rng.choice((6, 8, 10, 12))
    many = rng.choice((count, count // 2))
    families = {f"s{number}": f"f{number % many}" for number in range(count)}

    def some(most: int) -> str:
        chosen = rng.sample(range(many), min(most, many))
        return " ".join(name for name, family in families.items() if int(family[1:]) in chosen)

    people = rng.choice((4, 6, 8))
    windows, clerks = [], []
    for number in range(people + rng.choice((0, 2, 4))):
        can = some(rng.choice((1, 2, 3, many)))
        now = families[rng.choice(can.split())] if rng.random() < 0.7 else ""
        mode = " ".join(name for name in can.split() if families[name] == now)
        windows.append(halls.window(f"W{number}", can, mode))
    for number in range(people):
        at = f"W{number}" if rng.random() < 0.8 else None
        clerks.append(halls.clerk(f"c{number}", some(rng.choice((1, 2, 2, 3, 4))), at))
    floors = {name: rng.choice((1, 1, 1, 2)) for name in families}
    services = [halls.service(name, family=family, floor=floors[name]) for name, family in families.items()]
    return halls.snapshot(services, windows, clerks)


def _least_missing(hall: Snapshot) -> int:
    book, model = Rulebook(hall), cp_model.CpModel()
    agreed = {a.clerk: a for a in settle(book).kept if a.at_s <= book.now_s}
    by_clerk, by_window, by_service = defaultdict(list), defaultdict(list), defaultdict(list)
    for clerk in book.at_work:
        for window in hall.windows:
            modes = set(_modes(book, clerk, window))
            if clerk.id in agreed:
                modes = {frozenset(agreed[clerk.id].mode)} if agreed[clerk.id].window == window.id else set()
            for mode in modes:
                kept = clerk.id in agreed or _leaves_agreed(book, window, mode)
                if not kept or book.refusal(window, clerk, tuple(sorted(mode))) is not None:
                    continue
                choice = model.new_bool_var("")
                by_clerk[clerk.id].append(choice)
                by_window[window.id].append(choice)
                if clerk.id in agreed:
                    model.add(choice == 1)
                for service in mode:
                    by_service[service].append(choice)
    for choices in (*by_clerk.values(), *by_window.values()):
        model.add_at_most_one(choices)
    missing = []
    for service, floor in book.floors.items():
        missing.append(model.new_int_var(0, floor, ""))
        model.add(missing[-1] + sum(by_service[service]) >= floor)
    model.minimize(sum(missing))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


def _leaves_agreed(book: Rulebook, window: Window, mode: frozenset[ServiceId]) -> bool:
    """Whether a window of which something is agreed for later does not flip, and may still do that then."""
    later = [a for a in settle(book).kept if a.window == window.id and a.at_s > book.now_s]
    if later and not mode <= set(window.mode):
        return False
    present = left_by(window, tuple(mode), book.now_s)
    return not any(book.forbidden(present, a.mode, a.at_s) for a in later[:1])


def _modes(book: Rulebook, clerk: Clerk, window: Window) -> Iterator[frozenset[ServiceId]]:
    """Everything that could make sense: whole families, one service fewer, a fixed or pinned mode."""
    yield frozenset(window.fixed_mode)
    if window.id in book.pins:
        yield frozenset(book.pins[window.id].mode)
    reach = window.can & clerk.pace.keys()
    for base in (reach, reach & set(window.mode)):
        families = sorted(book.families(base))
        for size in range(1, book.snapshot.rules.max_families + 1):
            for some in combinations(families, size):
                mode = frozenset(s for s in base if book.family[s] in some)
                yield mode
                yield from (mode - {s} for s in mode)
