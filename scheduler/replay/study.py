"""Many replications of a scenario under several policies, spread over processes.

Replication number r meets the same people under every policy and in any process, because everything drawn
depends on seed and r alone. joblib runs the work, so `joblib.parallel_config(backend=…)` around a call
names a Dask or Ray cluster instead of this machine's processes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import cast

from joblib import Parallel, delayed, effective_n_jobs

from scheduler.replay.day import simulate
from scheduler.replay.layout import layout
from scheduler.replay.outcome import Outcome
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario
from scheduler.replay.visitors import draw

Results = dict[str, list[Outcome]]  # by policy, in order of replication
BATCHES_PER_JOB = 4  # enough for a smooth progress bar, few enough that sending the scenario costs nothing


def study(
    scenario: Scenario,
    policies: Mapping[str, Policy],
    replications: int,
    seed: int,
    *,
    jobs: int | None = None,
    first: int = 0,
    on_done: Callable[[int], None] = lambda _: None,
) -> Results:
    """Replications `first` … `first + replications - 1` of each policy.

    `jobs`: processes; None asks the joblib configuration in force (1 without any), -1 takes all cores.
    `on_done` hears how many replications (over all policies) a finished batch held.
    """
    numbers = range(first, first + replications)
    size = max(1, -(-replications // (BATCHES_PER_JOB * _width(jobs))))
    batches = [numbers[i : i + size] for i in range(0, replications, size)]
    results: Results = {name: [] for name in policies}
    runs = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_batch)(scenario, policies, seed, batch) for batch in batches
    )
    for batch in cast("list[dict[str, list[Outcome]]]", runs):
        for name, outcomes in batch.items():
            results[name] += outcomes
        on_done(sum(len(outcomes) for outcomes in batch.values()))
    return results


def _width(jobs: int | None) -> int:
    return cast(int, effective_n_jobs(jobs))


def _batch(
    scenario: Scenario, policies: Mapping[str, Policy], seed: int, numbers: Sequence[int]
) -> dict[str, list[Outcome]]:
    numbered = layout(scenario)
    policies = deepcopy(policies)  # they remember their day, and threads would share them
    results: dict[str, list[Outcome]] = {name: [] for name in policies}
    for number in numbers:
        people = draw(scenario, seed, number)
        for name, policy in policies.items():
            results[name].append(simulate(numbered, people, policy))
    return results
