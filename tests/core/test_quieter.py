"""Quieter times: half hours out of a plan's blocks, honest ranges, and who is advised to come back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hall.core.quieter import AS_GOOD_S, GRID_S, HALF_HOUR_S, LESS_S, Later, half_hours, quieter, together

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


def test_the_hall_as_a_whole_counts_each_service_by_its_visitors() -> None:
    busy, calm = [Later(36000, 1200), Later(37800, 600)], [Later(36000, 0)]
    found = together([(3, busy), (1, calm)])
    assert [(one.from_s, one.mean_s) for one in found] == [(36000, 900), (37800, 600)]


def test_a_few_lines_that_stand_for_hours_are_not_everybodys_wait() -> None:
    """Their mean, read as one line's, promised everybody up to 45 minutes; most wait none, some for hours."""
    lines = [(1.0, [Later(36000, 0)])] * 10 + [(1.0, [Later(36000, 4 * 3600)])] * 2
    (whole,) = together(lines)
    assert whole.typical_s < 300
    assert whole.wait.high_s > 3600


@given(st.lists(st.tuples(st.floats(0.1, 50), st.floats(0, 4 * 3600)), min_size=1, max_size=8))
def test_the_hall_as_a_whole_is_its_services_visitors_drawn_together(
    parts: list[tuple[float, float]],
) -> None:
    (whole,) = together([(weight, [Later(36000, mean_s)]) for weight, mean_s in parts])
    draw = np.random.default_rng(1)
    size, weights = 4000, np.array([weight for weight, _ in parts])
    waits = []
    for which in draw.choice(len(parts), size, p=weights / weights.sum()):
        own = Later(36000, parts[which][1])
        known = [0.0, *(own.below_s(share) for share in (0.1, 0.5, 0.9)), 5 * 3600.0]
        waits.append(float(np.interp(draw.random(), [0, 0.1, 0.5, 0.9, 1], known)))
    for share in (0.1, 0.5):
        below = float(np.mean(np.array(waits) <= whole.below_s(share) + 1))
        assert below >= share - 0.04
        under = float(np.mean(np.array(waits) < whole.below_s(share) - 2))
        assert under <= share + 0.04
