"""The plan bench's halls and its drawing."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.bench.plans.halls import SHAPES, hall
from tests.bench.plans.plot import drawing


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_service_has_a_clerk_and_a_window(shape: str) -> None:
    scenario = hall(shape, 6)
    for service in scenario.services:
        assert any(service.id in c.pace for c in scenario.clerks)
        assert any(service.id in w.can for w in scenario.windows)


def test_the_same_seed_gives_the_same_hall_and_another_seed_another() -> None:
    assert hall("county", 3) == hall("county", 3) != hall("county", 4)


def test_the_drawing_is_to_scale() -> None:
    ours = [{"mean_s": 300.0}, {"mean_s": 600.0}]
    found = {"town:1": {"fixed, one family": [{"mean_s": 1200.0}], "tidal": ours}}
    bars = ElementTree.fromstring(drawing("normal", found)).findall("{*}rect")[1:]
    widths = [float(bar.get("width", 0)) for bar in bars]
    assert widths[1] == pytest.approx(widths[0] * 450 / 1200, abs=1)
