"""Quotas: bookings fill what walk-ins leave, and never more."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hall.core.hall import WALK_IN_SHARE
from scheduler import fallback
from scheduler.quotas import FILL, clerk_time, quotas
from tests.scheduler.halls import OPEN_S, clerk, service, snapshot, window

SLOT_S = 1800
SHARES = st.floats(0.0, 1.0)
DAYS = st.lists(st.tuples(st.floats(0.0, 60.0), st.floats(0.0, 20 * SLOT_S)), min_size=1, max_size=24)
HANDLING_S = st.floats(60.0, 3600.0)


def of(day: list[tuple[float, float]], service_s: float, share: float = WALK_IN_SHARE) -> tuple[int, ...]:
    return quotas([walk_ins for walk_ins, _ in day], [seconds for _, seconds in day], service_s, share)


@given(DAYS, HANDLING_S, SHARES)
def test_bookings_and_kept_walk_ins_fit_into_what_a_slot_can_serve(
    day: list[tuple[float, float]], service_s: float, share: float
) -> None:
    for quota, (walk_ins, seconds) in zip(of(day, service_s, share), day, strict=True):
        can = FILL * seconds / service_s
        assert quota >= 0
        assert quota == 0 or quota + max(share * can, walk_ins) <= can + 1e-6


@given(DAYS, HANDLING_S, st.data())
def test_more_clerks_time_in_one_slot_takes_no_place_away_in_any(
    day: list[tuple[float, float]], service_s: float, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(day) - 1))
    more = data.draw(st.floats(0.0, 10 * SLOT_S))
    walk_ins, seconds = day[index]
    richer = [*day[:index], (walk_ins, seconds + more), *day[index + 1 :]]
    assert all(
        after >= before for before, after in zip(of(day, service_s), of(richer, service_s), strict=True)
    )


@given(DAYS, HANDLING_S, SHARES, SHARES)
def test_a_larger_kept_share_never_gives_more_bookings(
    day: list[tuple[float, float]], service_s: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert all(b <= a for a, b in zip(of(day, service_s, low), of(day, service_s, high), strict=True))


@given(st.lists(st.floats(0.0, 60.0), min_size=1, max_size=24), st.floats(0.0, 20 * SLOT_S), HANDLING_S)
def test_with_the_same_clerks_all_day_a_busier_slot_before_any_jam_never_takes_more(
    walk_ins: list[float], seconds: float, service_s: float
) -> None:
    rising = sorted(walk_ins)
    found = of([(n, seconds) for n in rising], service_s)
    assert all(later <= earlier for earlier, later in pairwise(found))


def test_a_peak_takes_few_and_the_quiet_afternoon_many() -> None:
    # Three clerks, nine minutes a case: ten visits in half an hour, nine of them promised.
    walk_ins = [8.0, 12.0, 9.0, 4.0, 2.0, 2.0]
    assert quotas(walk_ins, [3 * 1800.0] * 6, 540.0) == (1, 0, 0, 2, 4, 4)


def test_whoever_the_peak_leaves_over_is_served_before_bookings_are_taken() -> None:
    assert quotas([16.0, 0.0], [5400.0, 5400.0], 540.0) == (0, 2)
    assert quotas([8.0, 0.0], [5400.0, 5400.0], 540.0) == (1, 4)


@given(DAYS, HANDLING_S, SHARES, st.data())
def test_bookings_within_their_quotas_change_no_quota_and_more_never_add_a_place(
    day: list[tuple[float, float]], service_s: float, share: float, data: st.DataObject
) -> None:
    walk_ins, seconds = [n for n, _ in day], [s for _, s in day]
    before = of(day, service_s, share)
    within = [data.draw(st.integers(0, quota)) for quota in before]
    assert quotas(walk_ins, seconds, service_s, share, within) == before
    more = [n + data.draw(st.integers(0, 20)) for n in within]
    after = quotas(walk_ins, seconds, service_s, share, more)
    assert all(a <= b for a, b in zip(after, before, strict=True))


def test_bookings_above_a_fallen_quota_are_served_before_the_next_slot_takes_more() -> None:
    # Nine visits promised a slot, four walk in. Two of three clerks fall ill in the first, with 3 booked.
    assert quotas([4.0, 4.0, 4.0], [5400.0, 5400.0, 5400.0], 540.0) == (4, 4, 4)
    ill = [1800.0, 5400.0, 5400.0]
    assert quotas([4.0, 4.0, 4.0], ill, 540.0) == (0, 4, 4)
    assert quotas([4.0, 4.0, 4.0], ill, 540.0, booked=[3, 0, 0]) == (0, 1, 4)


def test_a_service_without_clerks_takes_no_bookings() -> None:
    assert quotas([0.0, 3.0], [0.0, 0.0], 540.0) == (0, 0)


def test_clerks_time_follows_posts_breaks_and_the_work_in_a_mode() -> None:
    seen = snapshot(
        [service("a"), service("b", family="a"), service("c")],
        [window("W1", "a b", "a b", tidal=False, fixed_mode=["a", "b"]), window("W2", "c", "c")],
        [clerk("c1", "a b", "W1", "a b"), clerk("c2", "c", "W2", "c", pace={"c": 1.25})],
        now_s=OPEN_S,
    )
    people = {"a": [2.0, 2.0], "b": [6.0, 2.0], "c": [1.0, 1.0]}
    spans = [(OPEN_S, OPEN_S + SLOT_S), (OPEN_S + SLOT_S, OPEN_S + 2 * SLOT_S)]
    found = clerk_time(seen, fallback.plan(seen), people, spans)
    assert found["c"] == (1.25 * SLOT_S, 1.25 * SLOT_S)
    assert round(found["a"][0]) == 450 and round(found["b"][0]) == 1350
    assert found["a"][1] == found["b"][1] == 900
