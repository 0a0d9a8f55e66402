"""What makes each kind of day differ from the ordinary one, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.model.lineup import people
from scheduler.replay.scenario import Scenario
from scheduler.replay.visitors import draw
from tests.bench.plans.days import BURST_FACTOR, KINDS, ROBUSTNESS, day
from tests.bench.plans.halls import hall

HALL = hall("town", 5)
ROUNDED = 1e-4  # rates have four digits


def kind(name: str, seed: int = 1) -> Scenario:
    return day(HALL, name, seed)


def rates(found: Scenario) -> np.ndarray:
    """Who really comes, services by slots."""
    return np.array([found.demand.rate[s.id] for s in found.services])


def told(found: Scenario) -> np.ndarray:
    """Who comes as the planner is told."""
    return np.array([found.demand.told(s.id) for s in found.services])


def work(found: Scenario) -> list[float]:
    return [found.demand.work_factor.get(s.id, 1.0) for s in found.services]


def differs(found: Scenario) -> set[str]:
    """Of rate, forecast, clerks and work, what is not as on the ordinary day."""
    parts = {
        "rate": not np.allclose(rates(found), rates(HALL)),
        "forecast": not np.allclose(told(found), told(HALL)),
        "clerks": found.clerks != HALL.clerks,
        "work": work(found) != work(HALL),
    }
    return {name for name, is_other in parts.items() if is_other}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("normal", set()),
        ("monday", {"rate", "forecast"}),
        ("surge", {"rate"}),
        ("forecast -30 %", {"forecast"}),
        ("forecast +30 %", {"forecast"}),
        ("wrong mix", {"forecast"}),
        ("absence", {"clerks"}),
        ("drift", {"work"}),
        ("burst", {"rate"}),
        ("patience", set()),
    ],
)
def test_each_kind_changes_what_it_is_named_for_and_nothing_else(name: str, parts: set[str]) -> None:
    assert differs(kind(name)) == parts


def test_the_table_above_has_every_kind() -> None:
    assert len(KINDS) == 9
    assert list(ROBUSTNESS) == ["patience"]


@pytest.mark.parametrize("name", [*KINDS, *ROBUSTNESS])
def test_every_kind_has_people_and_a_forecast(name: str) -> None:
    assert len(draw(kind(name), 1, 0)) > 100
    assert told(kind(name)).sum() > 100


def test_an_ordinary_day_is_the_halls_own() -> None:
    assert kind("normal") == HALL


def test_a_monday_brings_18_percent_more_and_two_thirds_of_it_early() -> None:
    found, early = kind("monday"), slice(0, 2 * 3600 // HALL.slot_s)
    more = rates(found) - rates(HALL)
    assert more.sum() == pytest.approx(0.18 * rates(HALL).sum(), rel=0.01)
    assert more[:, early].sum() == pytest.approx(2 / 3 * more.sum(), rel=0.01)
    assert np.allclose(told(found), rates(found))


def test_a_surge_brings_22_percent_more_than_told() -> None:
    assert np.allclose(rates(kind("surge")), 1.22 * told(kind("surge")), atol=ROUNDED)


@pytest.mark.parametrize(("name", "times"), [("forecast -30 %", 0.7), ("forecast +30 %", 1.3)])
def test_a_wrong_forecast_is_wrong_by_30_percent_everywhere(name: str, times: float) -> None:
    assert np.allclose(told(kind(name)), times * rates(HALL), atol=ROUNDED)


def test_a_wrong_mix_is_wrong_by_family_up_or_down_and_by_lot() -> None:
    found = kind("wrong mix")
    off = np.log(told(found).sum(axis=1) / rates(found).sum(axis=1))
    assert np.allclose(np.abs(off), 0.5, atol=0.001)
    assert len({(s.family, round(x, 3)) for s, x in zip(found.services, off, strict=True)}) == 4
    assert len({told(kind("wrong mix", seed)).tobytes() for seed in range(6)}) > 1


def test_a_tenth_of_the_clerks_is_absent_all_day_and_not_always_the_same() -> None:
    away = [
        tuple(c.id for c in kind("absence", seed).clerks if c.absent == ((c.start_s, c.end_s),))
        for seed in range(6)
    ]
    assert {len(each) for each in away} == {1}  # of nine
    assert len(set(away)) > 1
    large = day(hall("county", 5), "absence", 1)
    assert sum(bool(c.absent) for c in large.clerks) == 2  # of eighteen


def test_everything_takes_a_fifth_longer_on_a_drift_day() -> None:
    assert work(kind("drift")) == [1.2] * len(HALL.services)


def test_a_burst_is_45_minutes_of_one_family_that_nobody_told() -> None:
    found = kind("burst")
    more = rates(found) > rates(HALL) + 1e-9
    slots = np.flatnonzero(more.any(axis=0))
    assert len(slots) == 45 * 60 // HALL.slot_s == slots[-1] - slots[0] + 1
    assert len({HALL.services[i].family for i in np.flatnonzero(more.any(axis=1))}) == 1
    assert (rates(found)[more] >= BURST_FACTOR * rates(HALL)[more] - 1e-9).all()


def test_impatient_days_have_half_the_patience_and_twice_the_noise_that_are_rehearsed() -> None:
    usual, found = HALL.demand.patience, kind("patience").demand
    assert usual is not None and found.patience is not None
    assert usual.median_s == people.PATIENCE_S  # what the planner rehearses with: hence this kind
    assert found.patience == replace(usual, median_s=people.PATIENCE_S / 2)
    assert found.slot_cv == 2 * HALL.demand.slot_cv > 0
