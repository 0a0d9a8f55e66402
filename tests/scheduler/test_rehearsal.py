"""A rehearsed day, worked out by hand: who is served when, what breaks and changes of family cost."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.model.lineup.rehearsal import NEVER, rehearse

OPEN, CLOSE = 0.0, 10_000.0


def _cost(
    people: list[tuple[float, int, float]],
    modes: list[list[int]],
    rests: dict[int, tuple[float, float]] | None = None,
    changeover: float = 0.0,
    leaves: float = NEVER,
    promise: float = 1e9,
) -> float:
    """Seconds waited in one day, as they are felt; services 0 and 1 are of two families.

    `people`: (arrival, service, work).
    """
    clerks = len(modes)
    mode, able, count = (
        np.zeros((clerks, 3), np.int64),
        np.zeros((2, clerks), np.int64),
        np.zeros(2, np.int64),
    )
    for c, offered in enumerate(modes):
        mode[c, 0] = len(offered)
        for k, s in enumerate(offered):
            mode[c, k + 1] = s
            able[s, count[s]] = c
            count[s] += 1
    rest_at, rest_len = np.full((clerks, 1), NEVER), np.zeros((clerks, 1))
    for c, (at, length) in (rests or {}).items():
        rest_at[c, 0], rest_len[c, 0] = at, length
    out = np.zeros(1)
    place, work = np.array([p[0] for p in people], float), np.array([p[2] for p in people], float)
    rehearse(
        np.array([0, len(people)]), place, np.array([p[1] for p in people]), work,
        place + leaves if leaves < NEVER else np.full(len(people), NEVER), np.array([0, 1]),
        mode, able, count, np.ones((clerks, 2)), np.zeros(clerks), rest_at, rest_len,
        np.full(clerks, CLOSE), CLOSE, changeover, np.full(2, float(promise)), np.ones(2), 1.0, 2.0,
        np.array([0]), out,
    )  # fmt: skip
    return float(out[0])


def test_first_come_first_served_by_whoever_is_free() -> None:
    # Both clerks take one at once; the third waits for the first to be free: 300 - 20 seconds.
    assert _cost([(0, 0, 300), (10, 0, 400), (20, 0, 50)], [[0], [0]]) == pytest.approx(280)


def test_a_mode_of_two_takes_the_longest_waiting_first() -> None:
    # Served at 0, 100 (service 1, came at 10) and 200 (service 0, came at 20).
    assert _cost([(0, 0, 100), (10, 1, 100), (20, 0, 100)], [[0, 1]]) == pytest.approx(90 + 180)


def test_a_change_of_family_takes_its_time() -> None:
    assert _cost([(0, 0, 100), (10, 1, 100), (20, 1, 10)], [[0, 1]], changeover=30) == pytest.approx(90 + 210)


def test_a_break_begins_after_the_case_in_hand() -> None:
    # Due at 50 in the middle of a case: from 100 to 700; who came at 60 waits 640 seconds.
    assert _cost([(0, 0, 100), (60, 0, 10)], [[0]], rests={0: (50, 600)}) == pytest.approx(640)


def test_whoever_leaves_counts_with_the_time_waited() -> None:
    assert _cost([(0, 0, 1000), (10, 0, 10)], [[0]], leaves=200) == pytest.approx(200)


def test_a_wait_beyond_the_promise_counts_more_and_beyond_twice_it_still_more() -> None:
    # Waits 90 seconds: 50 of them beyond a promise of 40, 10 beyond twice that.
    assert _cost([(0, 0, 100), (10, 0, 10)], [[0]], promise=40) == pytest.approx(90 + 50 + 2 * 10)


@pytest.mark.parametrize("clerks", [1, 2, 3, 5, 8, 13])
def test_more_people_than_clerks_of_any_number_wait_their_turn(clerks: int) -> None:
    # Two rounds of cases of 100 seconds, all there at opening: the second round waits 100 each.
    people = [(0.0, 0, 100.0)] * (2 * clerks)
    assert _cost(people, [[0]] * clerks) == pytest.approx(100 * clerks)
