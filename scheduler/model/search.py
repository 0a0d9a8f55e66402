"""A program as OR-Tools holds it, and the ways to values: relaxed, dived, or searched as a whole."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from math import inf

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from scheduler.draft.outlook import Floats
from scheduler.model.program import Program

Mask = NDArray[np.bool_]

GOOD_ENOUGH = 0.01  # relative gap at which the search ends (DESIGN.md §7)
SMALL = 26.0  # waiting minutes that are worth no longer search: about one flip
OPTIONS = highs_pb2.HighsOptionsProto(
    string_options={"parallel": "off"},
    # Roundings find good values in a thousandth of the time of searches among neighbours.
    bool_options={
        "mip_heuristic_run_feasibility_jump": False,
        "mip_heuristic_run_shifting": True,
        "mip_heuristic_run_zi_round": True,
    },
    double_options={"mip_heuristic_effort": 0.01},
)
MOST_NODES = 40  # of the search tree: the deterministic limit; nearly all halls need one
WHOLE = 1e-6  # how far a value may be from 0 or 1
PROMISING = 4  # options kept for each clerk besides those that the relaxation uses
LARGER_PART = 0.5 + WHOLE  # of a clerk: the option with more is taken; two halves may want the same window
MOST_STEPS = 12  # of a dive


def is_near(cost: float, bound: float, share: float = GOOD_ENOUGH) -> bool:
    """Whether a better answer could not be better by enough to look for it."""
    return cost - bound <= max(share * abs(bound), SMALL)


@dataclass(frozen=True)
class Relaxed:
    """Where clerks may be split between options: a bound, what each option is used, what using it costs."""

    cost: float
    values: Floats
    reduced: Floats
    basis: mathopt.Basis | None


@dataclass(frozen=True)
class Found:
    """Whole values of the options, and what they cost."""

    values: Floats
    cost: float


class Search:
    """`chooser_of`: the clerk of each option; `end_s`: on the monotonic clock, nothing runs longer."""

    def __init__(self, program: Program, chooser_of: NDArray[np.int64], seed: int, end_s: float) -> None:
        self._model = mathopt.Model.from_model_proto(_proto(program))
        self._options = list(self._model.variables())[: len(chooser_of)]
        self._chooser_of, self._seed, self._end_s = chooser_of, seed, end_s
        self._begins = np.unique(chooser_of, return_index=True)[1]
        self.is_cut = False  # whether the clock ended anything: with more time the answer might differ
        some = mathopt.VariableFilter(skip_zero_values=True, filtered_items=self._options)
        # What is read of an answer: a tenth of the columns, and of these what is not zero.
        self._read = mathopt.ModelSolveParameters(
            variable_values_filter=some,
            reduced_costs_filter=some,
            dual_values_filter=mathopt.LinearConstraintFilter(filtered_items=()),
        )

    def relax(self) -> Relaxed | None:
        """None where there is no answer, or no time."""
        self._allow(np.ones(len(self._options), dtype=bool), is_whole=False)
        result = self._highs(OPTIONS)
        if result is None or not result.has_primal_feasible_solution():
            return None
        values = self._of(result.variable_values())
        is_dual = result.has_dual_feasible_solution()
        reduced = self._of(result.reduced_costs()) if is_dual else -values
        return Relaxed(result.objective_value(), values, reduced, result.solutions[0].basis)

    def dive(self, relaxed: Relaxed) -> Found | None:
        """Whole values near the relaxed ones, however far from the bound; None where that leads nowhere."""
        if _is_whole(relaxed.values):
            return Found(relaxed.values, relaxed.cost)
        kept = self._larger_parts(relaxed.values)
        self._allow(kept, is_whole=False)
        with mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP) as glop:
            self._read.initial_basis = relaxed.basis
            for _ in range(MOST_STEPS):
                parameters = self._parameters()
                if parameters is None:
                    return None
                parameters.presolve = mathopt.Emphasis.OFF  # it would throw the basis away
                result = self._noted(glop.solve(params=parameters, model_params=self._read))
                self._read.initial_basis = None
                if not result.has_primal_feasible_solution():
                    return None
                values = self._of(result.variable_values())
                if _is_whole(values):
                    return Found(values, result.objective_value())
                self._allow(kept & self._larger_parts(values), is_whole=False)
        return None

    def promising(self, relaxed: Relaxed) -> Mask:
        """Each clerk's first option (the muster's), what the relaxation uses, and the cheapest few others."""
        kept = relaxed.values > WHOLE
        kept[self._begins] = True
        order = np.lexsort((np.arange(len(kept)), relaxed.reduced, self._chooser_of))
        begins = self._starts(order)
        for begin, end in zip(begins, [*begins[1:], len(order)], strict=True):
            kept[order[begin : min(begin + PROMISING, end)]] = True
        return kept

    def whole(self, kept: Mask, bound: float) -> tuple[Found | None, float]:
        """The best whole values of the options kept, and the bound that this search has proved for them.

        It ends at the first values that are near enough to the bound given.
        """
        self._allow(kept, is_whole=True)
        result = self._highs(_ending_at(bound + max(0.9 * GOOD_ENOUGH * abs(bound), SMALL)))
        if result is None:
            return None, -inf
        if not result.has_primal_feasible_solution():
            return None, result.best_objective_bound()
        values = self._of(result.variable_values())
        return Found(values, result.objective_value()), result.best_objective_bound()

    def _allow(self, kept: Mask, is_whole: bool) -> None:
        for option, stays in zip(self._options, kept.tolist(), strict=True):
            option.integer = is_whole
            option.upper_bound = float(stays)

    def _larger_parts(self, values: Floats) -> Mask:
        """All options of clerks without a larger part; the largest alone of the others and of one more."""
        order = np.lexsort((np.arange(len(values)), -values, self._chooser_of))
        largest = order[self._starts(order)]
        parts = values[largest]
        settled = parts > LARGER_PART
        settled[np.argmax(np.where(parts < 1 - WHOLE, parts, 0.0))] = True
        kept = ~settled[np.searchsorted(self._chooser_of[largest], self._chooser_of)]
        kept[largest[settled]] = True
        return np.asarray(kept)

    def _starts(self, order: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where each clerk's options begin in an order by clerk."""
        return np.unique(self._chooser_of[order], return_index=True)[1]

    def _of(self, values: dict[mathopt.Variable, float]) -> Floats:
        return np.array([values.get(option, 0.0) for option in self._options])

    def _highs(self, options: highs_pb2.HighsOptionsProto) -> mathopt.SolveResult | None:
        parameters = self._parameters()
        if parameters is None:
            return None
        parameters.node_limit = MOST_NODES
        parameters.relative_gap_tolerance = GOOD_ENOUGH / 2
        parameters.absolute_gap_tolerance = SMALL / 3
        parameters.highs = options
        return self._noted(
            mathopt.solve(self._model, mathopt.SolverType.HIGHS, params=parameters, model_params=self._read)
        )

    def _noted(self, result: mathopt.SolveResult) -> mathopt.SolveResult:
        self.is_cut |= result.termination.limit is mathopt.Limit.TIME
        return result

    def _parameters(self) -> mathopt.SolveParameters | None:
        """None where no time is left."""
        left_s = self._end_s - time.monotonic()
        if left_s <= 0:
            self.is_cut = True
            return None
        return mathopt.SolveParameters(time_limit=timedelta(seconds=left_s), random_seed=self._seed)


def _is_whole(values: Floats) -> bool:
    return bool(np.all((values < WHOLE) | (values > 1 - WHOLE)))


def _ending_at(cost: float) -> highs_pb2.HighsOptionsProto:
    options = highs_pb2.HighsOptionsProto()
    options.CopyFrom(OPTIONS)
    options.double_options["objective_target"] = cost
    return options


def _proto(program: Program) -> model_pb2.ModelProto:
    proto = model_pb2.ModelProto()
    columns, rows = len(program.cost), len(program.low)
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend([0.0] * columns)
    proto.variables.upper_bounds.extend(program.upper)
    proto.variables.integers.extend(program.whole)
    cost = np.asarray(program.cost)
    used = np.flatnonzero(cost)
    proto.objective.linear_coefficients.ids.extend(used.tolist())
    proto.objective.linear_coefficients.values.extend(cost[used].tolist())
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(program.low)
    proto.linear_constraints.upper_bounds.extend(program.high)
    order = np.lexsort((program.columns, program.rows))
    proto.linear_constraint_matrix.row_ids.extend(np.asarray(program.rows)[order].tolist())
    proto.linear_constraint_matrix.column_ids.extend(np.asarray(program.columns)[order].tolist())
    proto.linear_constraint_matrix.coefficients.extend(np.asarray(program.values)[order].tolist())
    return proto
