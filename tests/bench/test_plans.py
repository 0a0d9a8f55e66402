"""The bench's own arithmetic, and its halls and days."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from scheduler.replay.visitors import draw
from tests.bench.jackknife import ratio
from tests.bench.plans.days import KINDS, day
from tests.bench.plans.goals import gap_closed
from tests.bench.plans.halls import SHAPES, hall
from tests.bench.plans.plot import drawing


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_day_has_people_and_a_forecast(kind: str) -> None:
    scenario = day(hall("town", 5), kind, 1)
    people = draw(scenario, 1, 0)
    told = sum(sum(scenario.demand.told(s.id)) for s in scenario.services)
    assert len(people) > 100
    assert told > 100


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_service_has_a_clerk_and_a_window(shape: str) -> None:
    scenario = hall(shape, 6)
    for service in scenario.services:
        assert any(service.id in c.pace for c in scenario.clerks)
        assert any(service.id in w.can for w in scenario.windows)


def test_the_same_seed_gives_the_same_hall_and_another_seed_another() -> None:
    assert hall("county", 3) == hall("county", 3) != hall("county", 4)


def test_a_ratio_knows_its_spread() -> None:
    rng = np.random.default_rng(1)
    base = rng.gamma(4, 100, 400)
    found = ratio(0.8 * base + rng.normal(0, 20, 400), base)
    assert abs(found.value - 0.8) < found.half < 0.02


def test_the_gap_is_closed_wholly_by_free_switching_and_not_at_all_by_fixed_windows() -> None:
    fixed, free = np.array([20.0, 22.0, 19.0]), np.array([8.0, 9.0, 8.5])
    assert gap_closed(free, fixed, free).value == pytest.approx(1)
    assert gap_closed(fixed, fixed, free).value == pytest.approx(0)


def test_the_drawing_is_to_scale() -> None:
    ours = [{"mean_s": 300.0}, {"mean_s": 600.0}]
    found = {"town:1": {"fixed, one family": [{"mean_s": 1200.0}], "tidal": ours}}
    bars = ElementTree.fromstring(drawing("normal", found)).findall("{*}rect")[1:]
    widths = [float(bar.get("width", 0)) for bar in bars]
    assert widths[1] == pytest.approx(widths[0] * 450 / 1200, abs=1)
