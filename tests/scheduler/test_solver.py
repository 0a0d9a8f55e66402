"""The ways to whole values: the dive's answer is kept, halves that want one window are no dead end."""

from __future__ import annotations

import time
from math import inf

import numpy as np
import pytest

from scheduler.model import solver
from scheduler.model.program import Program
from scheduler.model.search import Found, Search

PLENTY_S = 60.0


def _program(gains: list[float]) -> tuple[Program, list[int]]:
    """Clerks who stay (the first option) or go and gain; each needs two thirds of what there is of places."""
    program, chooser_of, goes = Program(), [], []
    for clerk, gain in enumerate(gains):
        stay, go = program.column(0.0, 1.0, whole=True), program.column(-gain, 1.0, whole=True)
        program.row(1.0, 1.0, [(stay, 1.0), (go, 1.0)])
        chooser_of += [clerk, clerk]
        goes.append(go)
    program.row(-inf, 3.0, [(go, 2.0) for go in goes])
    return program, chooser_of


def test_a_dives_answer_is_kept_however_far_from_the_bound_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two can go; the bound sends one and a half. A search that finds nothing takes nothing away."""
    monkeypatch.setattr(Search, "whole", lambda self, kept, bound: (None, -inf))
    program, chooser_of = _program([1000.0, 900.0])
    answer = solver.solve(program, chooser_of, 1, PLENTY_S)
    assert answer is not None
    assert answer.values.tolist() == [0.0, 1.0, 1.0, 0.0]
    assert answer.gap == pytest.approx(450 / 1450)
    assert not answer.is_proven


def test_clerks_who_are_split_in_halves_are_settled_one_by_one() -> None:
    """Two go by halves to one window: both at once would have no answer."""
    program = Program()
    for _ in range(2):
        stay, go = program.column(0.0, 1.0, whole=True), program.column(-1000.0, 1.0, whole=True)
        program.row(1.0, 1.0, [(stay, 1.0), (go, 1.0)])
    program.row(-inf, 1.0, [(1, 1.0), (3, 1.0)])
    search = Search(program, np.array([0, 0, 1, 1]), 1, time.monotonic() + PLENTY_S)
    relaxed = search.relax()
    assert relaxed is not None
    halves = type(relaxed)(relaxed.cost, np.full(4, 0.5), relaxed.reduced, None)
    found = search.dive(halves)
    assert isinstance(found, Found)
    assert found.cost == pytest.approx(-1000)


@pytest.mark.parametrize(
    ("gap", "worthwhile", "searches"),
    [
        (0.005, ((9, 0.01),), 0),
        (0.03, ((9, 0.01),), 2),
        (0.03, ((3, 0.01), (9, 0.05)), 0),
        (0.2, ((3, 0.01), (9, 0.05)), 2),
        (0.9, ((3, 0.01), (9, 1.0)), 0),
    ],
    ids=["near enough", "few options", "more, and not far", "more, but far", "too many"],
)
def test_the_farther_from_the_bound_and_the_fewer_the_options_the_more_is_searched(
    monkeypatch: pytest.MonkeyPatch, gap: float, worthwhile: tuple[tuple[int, float], ...], searches: int
) -> None:
    program, chooser_of = _program([10_000.0, 9_000.0])
    begun: list[int] = []

    def nothing(self: Search, kept: np.ndarray, bound: float) -> tuple[None, float]:
        begun.append(int(kept.sum()))
        return None, -inf

    monkeypatch.setattr(solver, "WORTHWHILE", worthwhile)
    monkeypatch.setattr(Search, "whole", nothing)
    dived = Found(np.array([0.0, 1.0, 1.0, 0.0]), -14_500.0 * (1 - gap))
    monkeypatch.setattr(Search, "dive", lambda self, relaxed: dived)
    solver.solve(program, chooser_of, 1, PLENTY_S)
    assert len(begun) == searches
