"""People moved off-peak: the same people at other times, and never a longer peak."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.replay.day import simulate
from scheduler.replay.layout import layout
from scheduler.replay.offpeak import spread, tides
from scheduler.replay.policies import POLICIES
from scheduler.replay.scenario import Clerk, Demand, Scenario, Service, Window
from scheduler.replay.visitors import Visitors, draw

OPEN_S, CLOSE_S, SLOT_S = 30_600, 45_000, 900
SLOTS = (CLOSE_S - OPEN_S) // SLOT_S
PEAK = range(4, 8)


@pytest.fixture
def hall() -> Scenario:
    """Two clerks for one service, four busy slots among quiet ones."""
    rate = tuple(7.0 if slot in PEAK else 1.5 for slot in range(SLOTS))
    return Scenario(
        "h", "2026-03-02", OPEN_S, CLOSE_S, SLOT_S, (Service("a", "a", 480),),
        (Window("W1", ("a",)), Window("W2", ("a",))),
        tuple(Clerk(f"c{n}", {"a": 1.0}, OPEN_S, CLOSE_S) for n in (1, 2)),
        Demand({"a": rate}, booked={"a": tuple(1.0 for _ in range(SLOTS))}),
    )  # fmt: skip


def counts(people: Visitors) -> np.ndarray:
    slots = (np.asarray(people.arrived_s) - OPEN_S) // SLOT_S
    return np.bincount(slots.astype(int), minlength=SLOTS)


def test_the_peak_is_where_the_load_is_above_the_days_mean(hall: Scenario) -> None:
    known = tides(hall)
    assert [slot for slot in range(SLOTS) if known.is_peak["a"][slot]] == list(PEAK)
    assert known.room["a"][-1] == pytest.approx(1.0)


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_it_is_the_same_people_in_order_of_arrival(hall: Scenario, share: float) -> None:
    people = draw(hall, 7, 0)
    found = spread(people, hall, share, 7, 0)
    assert sorted(found.work_s) == sorted(people.work_s)
    assert found.arrived_s == sorted(found.arrived_s)
    stays = [leaves - since for leaves, since in zip(found.leaves_s, found.since_s, strict=True)]
    assert len(stays) == len(people)
    assert [b for b in found.booked_s if b] == [b for b in people.booked_s if b], "bookings stay"
    if share == 0.0:
        assert found == people


def test_a_larger_share_empties_the_peak_further_and_keeps_who_has_moved_already(hall: Scenario) -> None:
    people = draw(hall, 7, 1)
    found = [spread(people, hall, share, 7, 1) for share in (0.0, 0.1, 0.3, 1.0)]
    at_peak = [counts(each)[list(PEAK)].sum() for each in found]
    assert at_peak == sorted(at_peak, reverse=True) and at_peak[0] > at_peak[-1]
    moved = [
        {w for w, at in zip(each.work_s, each.arrived_s, strict=True) if at not in people.arrived_s}
        for each in found
    ]
    assert moved[0] < moved[1] < moved[2] < moved[3]


def test_moving_a_third_off_the_peak_shortens_the_mean_wait(hall: Scenario) -> None:
    numbered = layout(hall)
    waits = np.zeros(2)
    for number in range(20):
        people = draw(hall, 7, number)
        for nth, share in enumerate((0.0, 0.33)):
            moved = spread(people, hall, share, 7, number)
            waits[nth] += simulate(numbered, moved, POLICIES["fixed"]()).wait_s.mean()
    assert waits[1] < 0.8 * waits[0]


def test_where_the_load_never_changes_nobody_has_anywhere_to_go(hall: Scenario) -> None:
    flat = Scenario(
        "h", "2026-03-02", OPEN_S, CLOSE_S, SLOT_S, hall.services, hall.windows, hall.clerks,
        Demand({"a": (4.0,) * SLOTS}),
    )  # fmt: skip
    people = draw(flat, 7, 0)
    assert spread(people, flat, 1.0, 7, 0) == people
