"""The people of one simulated day: when they come, what for, how much work they bring, when they give up.

Everything about a visitor is drawn here, once, from streams that depend only on seed, replication, service
and purpose. Every policy therefore meets the same people (common random numbers, PLANNING.md §7), and a
changed rate moves the same people closer together instead of replacing them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from scheduler.replay.scenario import Demand, Scenario, Service, Visit

Floats = npt.NDArray[np.float64]
_DAY, _GAPS, _PEOPLE, _BOOKED, _HERE = range(5)
LEAST_CV = 1e-6  # less is nothing at all, and its square beyond a float
_ALL = 1_000_003  # stands for "no service" in a stream's key


@dataclass(frozen=True, slots=True)
class Visitors:
    """One replication's people in order of arrival, as columns.

    `since_s` is the place in line: the arrival, or the booked time of whoever checks in before it.
    `leaves_s` is when the visitor walks away if not called (inf = never). `no_shows`: bookings nobody
    came for, as (time, service); a planner believes in them until their time has passed.
    """

    service: list[int]
    arrived_s: list[float]
    since_s: list[float]
    booked_s: list[float | None]
    work_s: list[float]
    leaves_s: list[float]
    priority: list[bool]
    no_shows: tuple[tuple[float, int], ...] = ()

    def __len__(self) -> int:
        return len(self.service)


def draw(scenario: Scenario, seed: int, replication: int) -> Visitors:
    """The people of replication number `replication`; the same numbers give the same people."""
    streams = _Streams(seed, replication)
    if scenario.visits is not None:
        return _recorded(scenario, scenario.visits, streams)
    return _drawn(scenario, streams)


class _Streams:
    def __init__(self, seed: int, replication: int) -> None:
        self._seed, self._replication = seed, replication

    def __call__(self, purpose: int, service: int = _ALL) -> np.random.Generator:
        # What SeedSequence.spawn does, addressed by name instead of by order.
        key = (self._replication, purpose, service)
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence(self._seed, spawn_key=key)))


def _drawn(scenario: Scenario, streams: _Streams) -> Visitors:
    demand = scenario.demand
    level = float(_gamma(streams(_DAY), demand.day_cv, 1)[0])
    columns, no_shows = _here(scenario, streams), []
    for number, service in enumerate(scenario.services):
        arrived = _walk_ins(scenario, service, level, streams(_GAPS, number))
        due = np.full(len(arrived), np.nan)
        columns.append(_people(demand, number, service, arrived, due, streams(_PEOPLE, number)))
        if service.id in demand.booked:
            stream = streams(_BOOKED, number)
            booked, missed = _booked(scenario, service, stream)
            no_shows += [(at, number) for at in missed]
            columns.append(_people(demand, number, service, booked[:, 0], booked[:, 1], stream))
    return _in_order(np.concatenate(columns, axis=1), tuple(sorted(no_shows)))


def _walk_ins(scenario: Scenario, service: Service, level: float, stream: np.random.Generator) -> Floats:
    """Arrivals of a Poisson process with this day's rate: unit-rate gaps laid along the summed rate."""
    rate = np.asarray(scenario.demand.rate.get(service.id, ()), dtype=float)
    if not rate.any():
        return np.empty(0)
    noise = _gamma(stream, scenario.demand.slot_cv, len(rate))
    total = np.concatenate(([0.0], np.cumsum(rate * noise * level)))
    enough = int(total[-1] + 8 * total[-1] ** 0.5 + 12)
    marks = np.cumsum(stream.standard_exponential(enough))
    edges = np.minimum(scenario.open_s + scenario.slot_s * np.arange(len(total)), scenario.close_s)
    times: Floats = np.interp(marks[marks < total[-1]], total, edges.astype(float))
    return times


def _booked(scenario: Scenario, service: Service, stream: np.random.Generator) -> tuple[Floats, list[float]]:
    """(check-in, booked time) of those who come, and the times of those who do not.

    Whoever checks in after the booked time keeps its place from the check-in only (late ones to the tail).
    """
    expected = np.asarray(scenario.demand.booked[service.id], dtype=float)
    # Bookings are known numbers, not a Poisson process: whole ones surely, the fraction by lot.
    counts = (np.floor(expected) + (stream.random(len(expected)) < expected % 1)).astype(int)
    times = np.repeat(scenario.open_s + scenario.slot_s * np.arange(len(expected)), counts).astype(float)
    comes = stream.random(len(times)) < scenario.demand.show_up
    early = stream.normal(scenario.demand.early_s, scenario.demand.early_sd_s, len(times))
    arrived = np.clip(times - early, scenario.open_s, scenario.close_s - 1.0)
    return np.stack((arrived[comes], times[comes]), axis=1), times[~comes].tolist()


def _people(
    demand: Demand,
    number: int,
    service: Service,
    arrived: Floats,
    booked: Floats,
    stream: np.random.Generator,
) -> Floats:
    """Rows of (service, arrival, place, booked time, work, walk-away, priority).

    The n-th person's three draws follow each other in the stream, so more people change nobody before them.
    """
    draws = stream.standard_normal((len(arrived), 3))
    mean = service.service_s * demand.work_factor.get(service.id, 1.0)
    # Lognormal with this mean and squared coefficient of variation: sigma² = ln(1 + scv).
    sigma = float(np.log1p(service.scv) ** 0.5)
    work = mean * np.exp(sigma * draws[:, 0] - sigma**2 / 2)
    since = np.fmax(arrived, booked)
    stays = np.full(len(arrived), np.inf)
    if demand.patience is not None:
        stays = demand.patience.median_s * np.exp(demand.patience.sigma * draws[:, 1])
    first = draws[:, 2] < _normal_quantile(demand.priority_share)
    return np.stack((np.full(len(arrived), number), arrived, since, booked, work, since + stays, first))


def _recorded(scenario: Scenario, visits: tuple[Visit, ...], streams: _Streams) -> Visitors:
    """Recorded people, behind those who wait at opening."""
    columns = _here(scenario, streams)
    for number, service in enumerate(scenario.services):
        mine = [v for v in visits if v.service == service.id]
        booked = np.array([np.nan if v.booked_s is None else v.booked_s for v in mine])
        arrived = np.array([v.at_s for v in mine], dtype=float)
        people = _people(scenario.demand, number, service, arrived, booked, streams(_PEOPLE, number))
        columns.append(_as_recorded(people, mine))
    return _in_order(np.concatenate(columns, axis=1), ())


def _as_recorded(people: Floats, visits: list[Visit]) -> Floats:
    """Drawn people with what was recorded of them in its place."""
    for i, visit in enumerate(visits):
        people[6, i] = visit.priority
        if visit.work_s is not None:
            people[4, i] = visit.work_s
        if visit.patience_s is not None:
            people[5, i] = people[2, i] + visit.patience_s
    return people


def _here(scenario: Scenario, streams: _Streams) -> list[Floats]:
    """People who wait at opening: they keep their place, and their patience is counted from now on."""
    columns = [np.empty((7, 0))]
    for number, service in enumerate(scenario.services):
        mine = [v for v in scenario.here if v.service == service.id]
        if not mine:
            continue
        booked = np.array([np.nan if v.booked_s is None else v.booked_s for v in mine])
        came = np.array([v.at_s for v in mine], dtype=float)
        now = np.full(len(mine), float(scenario.open_s))
        people = _people(scenario.demand, number, service, now, booked, streams(_HERE, number))
        people = _as_recorded(people, mine)
        people[2] = np.fmax(came, booked)
        columns.append(people)
    return columns


def _in_order(rows: Floats, no_shows: tuple[tuple[float, int], ...]) -> Visitors:
    rows = rows[:, np.argsort(rows[1], kind="stable")]
    return Visitors(
        service=rows[0].astype(int).tolist(),
        arrived_s=rows[1].tolist(),
        since_s=rows[2].tolist(),
        booked_s=[None if at != at else at for at in rows[3].tolist()],
        work_s=rows[4].tolist(),
        leaves_s=rows[5].tolist(),
        priority=rows[6].astype(bool).tolist(),
        no_shows=no_shows,
    )


def _gamma(stream: np.random.Generator, cv: float, count: int) -> Floats:
    """Factors with mean 1 and this coefficient of variation."""
    return stream.gamma(cv**-2, cv**2, count) if cv > LEAST_CV else np.ones(count)


@cache
def _normal_quantile(share: float) -> float:
    """The value below which this share of standard normal draws lies."""
    return NormalDist().inv_cdf(share) if 0 < share < 1 else (-np.inf if share <= 0 else np.inf)
