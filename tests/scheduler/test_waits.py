"""Waits to be expected: more hands are never told to make a wait longer."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.draft.outlook import outlook
from scheduler.draft.waits import waits
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import OPEN_S, SLOTS, document, service


@pytest.mark.parametrize("people", [0.1, 1.0, 7.5, 60.0])
@pytest.mark.parametrize("from_block", [0, 4])
def test_nobody_waits_longer_because_a_clerk_more_sits_there(people: float, from_block: int) -> None:
    """Ten clerks come at `from_block`; up to seven are there from the beginning."""
    series = {"forecast": {"a": [people] * SLOTS}, "arrived": {"a": [0]}}
    look = outlook(Snapshot.from_json(document([service("a")], [], [], now_s=OPEN_S, **series)))
    rates, there = np.full((17, 1), 1 / 600), np.zeros((17, look.blocks))
    there[7:, from_block:] = 1.0
    waited = []
    for clerks in range(8):
        there[:clerks] = 1.0
        waited.append(waits(look, rates, there).person_s[0, :4].sum())  # an hour, as a flip is judged
    assert waited == sorted(waited, reverse=True)
