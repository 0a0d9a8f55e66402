"""The expected wait is a range that grows with the line and shrinks with the windows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hall.core.names import ServiceId
from hall.core.wait import LineLoad, OpenWindow, estimate

SOCIAL, ESTATE = ServiceId("social"), ServiceId("estate")
BUSY = OpenWindow(frozenset({SOCIAL}), idle=False)
SHARED = OpenWindow(frozenset({SOCIAL, ESTATE}), idle=False)
loads = st.builds(LineLoad, st.integers(0, 80), st.floats(30, 3600), st.floats(0, 4))


def test_an_idle_window_takes_the_first_at_once() -> None:
    idle = OpenWindow(frozenset({SOCIAL}), idle=True)
    assert estimate(SOCIAL, 0, {SOCIAL: LineLoad(0, 600, 0.5)}, [idle]).high_s <= 60


def test_two_windows_halve_the_middle_of_the_range() -> None:
    lines = {SOCIAL: LineLoad(9, 600, 0.5)}
    one, two = (estimate(SOCIAL, 9, lines, [BUSY] * windows) for windows in (1, 2))
    middle = (one.low_s + one.high_s) / 2
    assert abs((two.low_s + two.high_s) / 2 - middle / 2) < 0.02 * middle


def test_a_window_with_two_lines_gives_each_its_share() -> None:
    lines = {SOCIAL: LineLoad(9, 600, 0.5), ESTATE: LineLoad(9, 600, 0.5)}
    assert estimate(SOCIAL, 9, lines, [SHARED]).high_s > 1.8 * estimate(SOCIAL, 9, lines, [BUSY]).high_s


@given(loads, loads, st.integers(0, 60), st.integers(0, 5), st.integers(0, 5))
def test_the_range_is_one_and_moves_the_right_way(
    social: LineLoad, estate: LineLoad, ahead: int, own: int, shared: int
) -> None:
    lines, windows = {SOCIAL: social, ESTATE: estate}, [BUSY] * own + [SHARED] * shared
    now = estimate(SOCIAL, ahead, lines, windows)
    assert 0 <= now.low_s < now.high_s
    further_back = estimate(SOCIAL, ahead + 1, lines, windows)
    assert further_back.high_s >= now.high_s
    if windows:
        assert estimate(SOCIAL, ahead, lines, [*windows, BUSY]).high_s <= now.high_s
