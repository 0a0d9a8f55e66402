"""Quieter times: half hours out of a plan's blocks, honest ranges, and who is advised to come back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.core.quieter import (
    AS_GOOD_S,
    GRID_S,
    HALF_HOUR_S,
    LESS_S,
    Later,
    Together,
    half_hours,
    quieter,
    together,
)

WAITS = st.lists(st.floats(0, 4 * 3600), min_size=1, max_size=40)
DAY = st.lists(st.floats(0, 7200), max_size=20).map(
    lambda means: [Later(32400 + n * HALF_HOUR_S, mean) for n, mean in enumerate(means)]
)


@given(st.floats(0, 4 * 3600), st.floats(0, 4 * 3600))
def test_a_wait_is_told_as_a_range_of_whole_five_minutes_that_grows_with_what_is_expected(
    one_s: float, other_s: float
) -> None:
    less, more = (Later(32400, mean_s) for mean_s in sorted((one_s, other_s)))
    assert 0 <= less.wait.low_s <= less.typical_s <= less.wait.high_s
    assert less.wait.low_s % GRID_S == less.wait.high_s % GRID_S == 0
    assert less.wait.high_s - less.wait.low_s >= 2 * GRID_S, "never a single figure"
    assert less.wait.low_s <= more.wait.low_s and less.wait.high_s <= more.wait.high_s
    assert less.typical_s <= more.typical_s


@given(st.integers(0, 80_000), st.sampled_from([300, 600, 900, 1200, 1800, 3600]), WAITS)
def test_half_hours_lie_within_the_plan_and_their_means_within_its_waits(
    from_s: int, block_s: int, waits: list[float]
) -> None:
    found = half_hours(from_s, block_s, waits, lambda _: True)
    for one in found:
        assert one.from_s % HALF_HOUR_S == 0
        assert from_s <= one.from_s <= from_s + block_s * len(waits) - HALF_HOUR_S
        assert min(waits) - 1e-6 <= one.mean_s <= max(waits) + 1e-6


def test_blocks_are_shared_out_by_time_and_closed_half_hours_left_out() -> None:
    # 09:10 on, a quarter of an hour each: 09:30 takes 10 min of the second, all the third, 5 of the fourth.
    found = half_hours(33000, 900, [0, 300, 600, 900, 1200, 1500, 1800], lambda second: second != 36000)
    assert [one.from_s for one in found] == [34200]
    assert round(found[0].mean_s) == round((300 * 10 + 600 * 15 + 900 * 5) / 30)


@given(st.floats(0, 7200), DAY)
def test_only_a_much_shorter_wait_is_worth_coming_back_for(now_s: float, later: list[Later]) -> None:
    found = quieter(now_s, later)
    if found is not None:
        assert found.typical_s <= now_s - LESS_S
        assert all(found.typical_s <= one.typical_s + AS_GOOD_S for one in later)


def test_the_soonest_of_the_quietest_is_named() -> None:
    day = [Later(36000, 1500), Later(37800, 180), Later(52200, 150), Later(54000, 160)]
    assert quieter(1800, day) == day[1]
    assert quieter(600, day) is None
    assert quieter(0, day) is None


HALL = st.lists(st.tuples(st.floats(0.05, 50), st.floats(0, 5 * 3600)), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None)
@given(HALL)
def test_the_hall_as_a_whole_is_what_a_sample_of_all_its_visitors_says(
    parts: list[tuple[float, float]],
) -> None:
    (one,) = together([(people, Later(36000, mean_s)) for people, mean_s in parts])
    sample = np.random.default_rng(7)
    people = np.array([each for each, _ in parts])
    whose = sample.choice(len(parts), 20_000, p=people / people.sum())
    waits = waits_of([mean_s for _, mean_s in parts], whose, sample.random(len(whose)))
    for told, share in ((one.low_s, 0.1), (one.typical_s, 0.5), (one.high_s, 0.9)):
        assert np.mean(waits < told - 1) - 0.02 <= share <= np.mean(waits <= told + 1) + 0.02


def waits_of(means_s: list[float], whose: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """One wait for each visitor: evenly between what is told of the service, a tenth beyond its high."""
    told = [(one.low_s, one.typical_s, one.high_s) for one in map(alone, means_s)]
    lines = np.array([(0.0, *of, 2 * of[2] - of[1]) for of in told])
    return np.array([np.interp(u, (0, 0.1, 0.5, 0.9, 1), lines[n]) for n, u in zip(whose, luck, strict=True)])


def alone(mean_s: float) -> Together:
    return together([(1.0, Later(36000, mean_s))])[0]


@given(st.floats(0, 5 * 3600))
def test_one_service_alone_is_told_as_it_is(mean_s: float) -> None:
    one, same = Later(36000, mean_s), alone(mean_s)
    assert same.typical_s == pytest.approx(one.typical_s, abs=0.51)
    assert one.wait.low_s - 1 <= same.low_s and same.high_s <= one.wait.high_s + 1


def test_two_long_lines_among_many_short_ones_are_the_tail_not_the_rule() -> None:
    long, short = Later(36000, 240 * 60), Later(36000, 0)
    one = together([(5, long), (95, short)])[0]
    assert one.low_s == 0 and one.typical_s < 60, "half of those who come then wait hardly at all"
    assert 10 * 60 <= one.high_s <= 30 * 60, "the mean of all, 12 min, promised the tenth 29 min and half 18"
    assert together([(50, long), (50, short)])[0].high_s > 150 * 60


def test_services_count_by_their_people_and_those_of_nobody_not_at_all() -> None:
    busy, calm = Later(36000, 1200), Later(36000, 0)
    assert alone(1200) == together([(3, busy), (0, calm)])[0] == together([(1, busy), (2, busy)])[0]
    few, many = (together([(n, busy), (1, calm)])[0].typical_s for n in (1, 5))
    assert few < many < busy.typical_s
    assert [one.from_s for one in together([(1, Later(37800, 600)), (1, busy)])] == [36000, 37800]
