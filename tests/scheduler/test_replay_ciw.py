"""The simulator against Ciw, an independent simulator without halls: no difference beyond their noise."""

from __future__ import annotations

import ciw
import numpy as np
import pytest

from tests.scheduler.one_line import Crowd, days, one_line

HOURS = 50
RUNS = 24
LIMIT = 3.29  # standard errors: 99.9 %, one false alarm in a thousand, were seeds not fixed

# windows, crowd; what each adds to those before it
SETTINGS = {
    "one window": (1, Crowd(0.65)),
    "two windows": (2, Crowd(1.4)),
    "priority": (4, Crowd(3.2, priority=0.2)),
    "impatient and overloaded": (3, Crowd(3.3, patience_s=1200)),
    "uneven work": (3, Crowd(2.2, scv=1.8)),
    "even work": (4, Crowd(3.4, scv=0.25)),
    "priority, impatient, uneven": (3, Crowd(3.2, patience_s=1800, priority=0.2, scv=1.2)),
    "many windows": (8, Crowd(6.8, priority=0.1, scv=0.6)),
}


def _ciw_days(windows: int, crowd: Crowd) -> list[dict[str, float]]:
    """By run: mean wait of each class and the share who walked away."""
    shares = {"ordinary": 1 - crowd.priority} | ({"first": crowd.priority} if crowd.priority else {})
    work = (
        ciw.dists.Exponential(1 / crowd.service_s)
        if crowd.scv is None
        else ciw.dists.Lognormal(*crowd.log_work())
    )
    network = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(share * crowd.load / crowd.service_s)]
            for name, share in shares.items()
        },
        service_distributions={name: [work] for name in shares},
        number_of_servers=[windows],
        priority_classes={name: int(name == "ordinary" and crowd.priority > 0) for name in shares},
        reneging_time_distributions=(
            {name: [ciw.dists.Exponential(1 / crowd.patience_s)] for name in shares}
            if crowd.patience_s
            else None
        ),
    )
    found = []
    for run in range(RUNS):
        ciw.seed(run)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(HOURS * 3600)
        records = [r for r in simulation.get_all_records() if r.record_type in {"service", "renege"}]
        mean = {
            name: float(np.mean([r.waiting_time for r in records if r.customer_class == name]))
            for name in shares
        }
        found.append(mean | {"walked": float(np.mean([r.record_type == "renege" for r in records]))})
    return found


def _our_days(windows: int, crowd: Crowd) -> list[dict[str, float]]:
    found = []
    for run in range(RUNS):
        visits = crowd.visits(HOURS, seed=500 + run)
        outcome = days(one_line(windows, HOURS, visits=visits), None, 1, seed=run)[0]
        first = np.asarray([v.priority for v in visits])
        mean = {"ordinary": float(outcome.wait_s[~first].mean())}
        if crowd.priority:
            mean["first"] = float(outcome.wait_s[first].mean())
        found.append(mean | {"walked": float(outcome.walked_away.mean())})
    return found


@pytest.mark.parametrize("setting", SETTINGS)
def test_waits_and_walk_aways_agree_with_ciw(setting: str) -> None:
    ours, theirs = _our_days(*SETTINGS[setting]), _ciw_days(*SETTINGS[setting])
    for name in theirs[0]:
        mine, other = (np.asarray([run[name] for run in runs]) for runs in (ours, theirs))
        noise = ((mine.var(ddof=1) + other.var(ddof=1)) / RUNS) ** 0.5
        assert abs(mine.mean() - other.mean()) <= LIMIT * noise, name
        if name != "walked":
            assert noise < 0.125 * other.mean()  # else nothing would be shown
