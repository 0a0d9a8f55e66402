"""The simulator against Ciw, an independent simulator without halls: equal within their noise."""

from __future__ import annotations

import ciw
import numpy as np
import pytest

from tests.scheduler.one_line import Crowd, days, interval, one_line

HOURS = 60
RUNS = 12
SERVICE_S = 300.0


def _ciw_waits(
    windows: int, load: float, patience_s: float | None, priority: float
) -> list[dict[str, float]]:
    classes = {"ordinary": 1 - priority} | ({"first": priority} if priority else {})
    network = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(share * load / SERVICE_S)] for name, share in classes.items()
        },
        service_distributions={name: [ciw.dists.Exponential(1 / SERVICE_S)] for name in classes},
        number_of_servers=[windows],
        priority_classes={name: int(name == "ordinary" and priority > 0) for name in classes},
        reneging_time_distributions=(
            {name: [ciw.dists.Exponential(1 / patience_s)] for name in classes} if patience_s else None
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
            for name in classes
        }
        found.append(mean | {"walked": float(np.mean([r.record_type == "renege" for r in records]))})
    return found


def _agree(ours: list[float], theirs: list[float]) -> bool:
    """Whether the two intervals of the mean overlap."""
    low, high = interval(ours)
    their_low, their_high = interval(theirs)
    return low <= their_high and their_low <= high


@pytest.mark.parametrize(
    ("windows", "load", "patience_s", "priority"),
    [(2, 1.6, None, 0.0), (4, 3.4, None, 0.2), (3, 3.3, 1200.0, 0.0)],
)
def test_waits_agree_with_ciw(windows: int, load: float, patience_s: float | None, priority: float) -> None:
    theirs = _ciw_waits(windows, load, patience_s, priority)
    crowd = Crowd(load, patience_s=patience_s, priority=priority)
    ours: dict[str, list[float]] = {"ordinary": [], "first": [], "walked": []}
    for run in range(RUNS):
        visits = crowd.visits(HOURS, seed=500 + run)
        outcome = days(one_line(windows, HOURS, visits=visits), None, 1, seed=run)[0]
        first = np.asarray([v.priority for v in visits])
        ours["ordinary"].append(float(outcome.wait_s[~first].mean()))
        ours["walked"].append(float(outcome.walked_away.mean()))
        if priority:
            ours["first"].append(float(outcome.wait_s[first].mean()))
    for name in theirs[0]:
        assert _agree(ours[name], [run[name] for run in theirs]), name
