"""The one door to OR-Tools: a program in, values out. HiGHS on one thread, a fixed seed, counted work."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from scheduler.draft.outlook import Floats
from scheduler.model.program import Program

CLOSE_ENOUGH = 0.004  # relative gap at which the search ends; the goal is 1 % (DESIGN.md §7)
ONE_THREAD = highs_pb2.HighsOptionsProto(string_options={"parallel": "off"})
MOST_NODES = 40  # of the search tree: the deterministic limit; nearly all halls need one


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """`gap` relative to the bound; `is_proven` when the search ended by itself, not by the clock."""

    values: Floats
    gap: float
    is_proven: bool


def solve(program: Program, seed: int, limit_s: float) -> Answer | None:
    """The best values found within `limit_s`, or None."""
    if limit_s <= 0:
        return None
    model = mathopt.Model.from_model_proto(_proto(program))
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=limit_s),
        node_limit=MOST_NODES,
        random_seed=abs(seed) % (2**31 - 1),
        relative_gap_tolerance=CLOSE_ENOUGH,
        highs=ONE_THREAD,
    )
    try:
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    except Exception:  # whatever the solver trips over, the hall gets the plan kept outside
        log.exception("the solver failed")
        return None
    if not result.has_primal_feasible_solution():
        return None
    values = np.array(list(result.variable_values(list(model.variables()))))
    found, bound = result.objective_value(), result.best_objective_bound()
    gap = (found - bound) / max(abs(bound), 1.0)
    limits = result.termination.limit
    return Answer(values, max(0.0, gap), limits is not mathopt.Limit.TIME)


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
