"""The simulator against queueing theory: waits inside the confidence limits of the exact figures.

Formulas: Erlang C and Pollaczek-Khinchine (any textbook), Erlang A by its birth-death chain (Garnett,
Mandelbaum, Reiman 2002), non-preemptive priority after Cobham 1954 with the M/M/c form of Kella and
Yechiali 1985.
"""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.replay.outcome import Outcome
from scheduler.replay.scenario import Demand, Service
from tests.scheduler.one_line import HOUR_S, Crowd, days, interval, one_line

SERVICE_S = 300.0
HOURS = 100
DAYS = 14
WARM_UP = 0.1  # of the visitors, left out: the hall opens empty


def _settled(values: np.ndarray) -> np.ndarray:
    return values[int(WARM_UP * len(values)) :]


def _mean_waits(outcomes: list[Outcome]) -> list[float]:
    return [float(_settled(o.wait_s).mean()) for o in outcomes]


def _erlang_c(windows: int, load: float) -> float:
    """Probability that somebody has to wait."""
    blocked = 1.0
    for k in range(1, windows + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked / (1 - load / windows * (1 - blocked))


def _inside(value: float, values: list[float]) -> bool:
    low, high = interval(values)
    return low <= value <= high


@pytest.mark.parametrize(("windows", "load"), [(1, 0.7), (3, 2.4), (8, 6.8)])
def test_exponential_lines_wait_as_erlang_c_says(windows: int, load: float) -> None:
    outcomes = days(one_line(windows, HOURS), Crowd(load), DAYS, seed=windows)
    expected = _erlang_c(windows, load) * SERVICE_S / (windows - load)
    assert _inside(expected, _mean_waits(outcomes))
    shares = [float((_settled(o.wait_s) > 0).mean()) for o in outcomes]
    assert _inside(_erlang_c(windows, load), shares)


@pytest.mark.parametrize(("windows", "load", "patience"), [(2, 2.2, 900.0), (5, 4.5, 600.0)])
def test_impatient_lines_lose_as_many_as_erlang_a_says(windows: int, load: float, patience: float) -> None:
    outcomes = days(one_line(windows, HOURS), Crowd(load, patience_s=patience), DAYS, seed=31 + windows)
    arrival, service, leave = load / SERVICE_S, 1 / SERVICE_S, 1 / patience
    weights = [1.0]
    for n in range(1, 400):
        rate = min(n, windows) * service + max(0, n - windows) * leave
        weights.append(weights[-1] * arrival / rate)
    chance = np.asarray(weights) / sum(weights)
    waiting = sum(max(0, n - windows) * p for n, p in enumerate(chance))
    assert _inside(leave * waiting / arrival, [float(_settled(o.walked_away).mean()) for o in outcomes])
    assert _inside(waiting / arrival, _mean_waits(outcomes))


@pytest.mark.parametrize("scv", [0.25, 1.0, 1.8])
def test_one_window_waits_as_pollaczek_and_khinchine_say(scv: float) -> None:
    """People drawn by the simulator itself: Poisson arrivals, lognormal work."""
    load = 0.7
    scenario = one_line(
        1,
        HOURS,
        services=(Service("a", "a", SERVICE_S, scv),),
        demand=Demand(rate={"a": (load * HOUR_S / SERVICE_S,) * HOURS}),
    )
    outcomes = days(scenario, None, 40, seed=int(scv * 100))
    expected = load / (1 - load) * (1 + scv) / 2 * SERVICE_S
    assert _inside(expected, _mean_waits(outcomes))


@pytest.mark.parametrize(("windows", "load"), [(1, 0.7), (3, 2.4)])
def test_priority_without_a_bound_waits_as_cobham_says(windows: int, load: float) -> None:
    share = 0.3
    outcomes = []
    scenario = one_line(windows, HOURS)
    first: list[float] = []
    rest: list[float] = []
    for number in range(DAYS):
        visits = Crowd(load, priority=share).visits(HOURS, seed=7000 + 10 * windows + number)
        outcomes = days(one_line(windows, HOURS, visits=visits), None, 1, seed=number)
        is_first = _settled(np.asarray([v.priority for v in visits]))
        waits = _settled(outcomes[0].wait_s)
        first.append(float(waits[is_first].mean()))
        rest.append(float(waits[~is_first].mean()))
    base = _erlang_c(windows, load) * SERVICE_S / windows
    rho = load / windows
    assert _inside(base / (1 - share * rho), first)
    assert _inside(base / (1 - share * rho) / (1 - rho), rest)
    assert scenario.rules.overtake_bound > 1e6  # theory knows no bound
