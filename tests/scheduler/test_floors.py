"""The muster against an exact search: no assignment of the clerks present misses the floors by less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest
from ortools.sat.python import cp_model

from hall.core.names import ServiceId
from scheduler import fallback
from scheduler.check.commitments import settle
from scheduler.check.rulebook import Rulebook
from scheduler.snapshot import Clerk, Snapshot, Window
from tests.scheduler.strange import strange


@pytest.mark.parametrize("block", range(6))
def test_floors_are_missed_by_no_more_than_the_best_assignment(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        hall = strange(seed)
        assert sum(u.short for u in fallback.plan(hall).unmet) == _least_missing(hall), seed


def _least_missing(hall: Snapshot) -> int:
    book, model = Rulebook(hall), cp_model.CpModel()
    agreed = {a.clerk: a for a in settle(book).kept if a.at_s <= book.now_s}
    reserved = {a.window for a in settle(book).kept if a.at_s > book.now_s}
    by_clerk, by_window, by_service = defaultdict(list), defaultdict(list), defaultdict(list)
    for clerk in book.at_work:
        for window in hall.windows:
            modes = set(_modes(book, clerk, window))
            if clerk.id in agreed:
                modes = {frozenset(agreed[clerk.id].mode)} if agreed[clerk.id].window == window.id else set()
            for mode in modes:
                kept = window.id not in reserved or clerk.id in agreed or mode <= set(window.mode)
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
