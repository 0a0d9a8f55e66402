"""The one door to OR-Tools: a program in, values out. One thread, a fixed seed, counted work.

First the relaxation: its value is the bound, and its reduced costs say which options can matter. Then the
whole program on those options only, which is some ten times smaller; nearly always that is within
GOOD_ENOUGH of the bound. Where it is not, all options are searched.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from scheduler.draft.outlook import Floats
from scheduler.model.program import Program

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
PROMISING = 3  # options kept for each clerk besides those that the relaxation uses

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """`values` of the options; `gap` relative to the bound; `is_proven`: the search ended by itself,

    not by the clock: within GOOD_ENOUGH of the bound, or within SMALL where hardly anybody waits.
    """

    values: Floats
    gap: float
    is_proven: bool


def solve(program: Program, chooser_of: list[int], seed: int, limit_s: float) -> Answer | None:
    """The best values found within `limit_s`, or None. `chooser_of`: the clerk of each option."""
    end_s = time.monotonic() + limit_s
    try:
        return _solve(program, chooser_of, abs(seed) % (2**31 - 1), end_s)
    except Exception:  # whatever the solver trips over, the hall gets the plan kept outside
        log.exception("the solver failed")
        return None


def _solve(program: Program, chooser_of: list[int], seed: int, end_s: float) -> Answer | None:
    model = mathopt.Model.from_model_proto(_proto(program))
    options = list(model.variables())[: len(chooser_of)]
    wanted = _only(options)
    for option in options:
        option.integer = False
    relaxed = _run(model, wanted, seed, end_s)
    if relaxed is None or not relaxed.has_primal_feasible_solution():
        return None
    bound = relaxed.objective_value()
    values = _of(options, relaxed.variable_values())
    reduced = _of(options, relaxed.reduced_costs()) if relaxed.has_dual_feasible_solution() else -values
    kept = _promising(np.array(chooser_of), values, reduced)
    for option, stays in zip(options, kept.tolist(), strict=True):
        option.integer = True
        option.upper_bound = 1.0 if stays else 0.0
    found = _answer(_run(model, wanted, seed, end_s, bound), options, bound)
    far = found is None or (found.gap > GOOD_ENOUGH and found.gap * abs(bound) > SMALL)
    if far:
        for option in options:
            option.upper_bound = 1.0
        result = _run(model, wanted, seed, end_s, bound)
        bound = max(bound, result.best_objective_bound()) if result else bound
        wider = _answer(result, options, bound)
        found = min((a for a in (found, wider) if a), key=lambda a: a.gap, default=None)
        if result is None and found:  # the clock was quicker than the wider search
            found = replace(found, is_proven=False)
    return found


def _promising(chooser_of: np.ndarray, values: Floats, reduced: Floats) -> np.ndarray:
    """Each clerk's first option (the muster's), all that the relaxation uses, and the cheapest few others."""
    kept = values > 1e-6
    kept[np.unique(chooser_of, return_index=True)[1]] = True
    order = np.lexsort((np.arange(len(reduced)), reduced, chooser_of))
    begins = np.unique(chooser_of[order], return_index=True)[1]
    for begin, end in zip(begins, [*begins[1:], len(order)], strict=True):
        kept[order[begin : min(begin + PROMISING, end)]] = True
    return np.asarray(kept)


def _only(options: list[mathopt.Variable]) -> mathopt.ModelSolveParameters:
    """What is read of an answer: a tenth of the columns, and of these what is not zero."""
    some = mathopt.VariableFilter(skip_zero_values=True, filtered_items=options)
    return mathopt.ModelSolveParameters(
        variable_values_filter=some,
        reduced_costs_filter=some,
        dual_values_filter=mathopt.LinearConstraintFilter(filtered_items=()),
    )


def _of(options: list[mathopt.Variable], values: dict[mathopt.Variable, float]) -> Floats:
    return np.array([values.get(option, 0.0) for option in options])


def _run(
    model: mathopt.Model,
    wanted: mathopt.ModelSolveParameters,
    seed: int,
    end_s: float,
    bound: float | None = None,
) -> mathopt.SolveResult | None:
    """One run of the solver. With a bound it ends at the first values that are near enough to it."""
    left_s = end_s - time.monotonic()
    if left_s <= 0:
        return None
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=left_s),
        node_limit=MOST_NODES,
        random_seed=seed,
        relative_gap_tolerance=GOOD_ENOUGH / 2,
        absolute_gap_tolerance=SMALL / 3,
        highs=OPTIONS if bound is None else _ending_at(bound + max(0.9 * GOOD_ENOUGH * abs(bound), SMALL)),
    )
    return mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters, model_params=wanted)


def _ending_at(cost: float) -> highs_pb2.HighsOptionsProto:
    options = highs_pb2.HighsOptionsProto()
    options.CopyFrom(OPTIONS)
    options.double_options["objective_target"] = cost
    return options


def _answer(
    result: mathopt.SolveResult | None, options: list[mathopt.Variable], bound: float
) -> Answer | None:
    if result is None or not result.has_primal_feasible_solution():
        return None
    gap = (result.objective_value() - bound) / max(abs(bound), 1.0)
    is_proven = result.termination.limit is not mathopt.Limit.TIME
    return Answer(_of(options, result.variable_values()), max(0.0, gap), is_proven)


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
