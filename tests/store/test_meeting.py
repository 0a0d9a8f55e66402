"""Presses that meet share a transaction; nobody waits for nothing, and nobody gets another's refusal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from hall.store.meeting import PARTY, Meeting

PATIENCE_S = 10.0


class Refused(Exception):
    """What the work says of an ask that is below nothing."""


class Bench:
    """Does parties of numbers; the first party waits until it is let go."""

    def __init__(self) -> None:
        self.meeting: Meeting[int, str] = Meeting()
        self.parties: list[list[int]] = []
        self.go = threading.Event()
        self.begun = threading.Event()
        self.fails: Callable[[Sequence[int]], None] = lambda asks: None

    def settle(self, ask: int) -> str:
        return self.meeting.settle(ask, self._work)

    def waiting(self) -> int:
        return len(self.meeting._waiting)

    def _work(self, asks: Sequence[int]) -> list[str]:
        self.parties.append(list(asks))
        self.begun.set()
        assert self.go.wait(PATIENCE_S)
        self.fails(asks)
        if any(ask < 0 for ask in asks):
            raise Refused(min(asks))
        return [f"done {ask}" for ask in asks]


def behind_the_first(bench: Bench, pool: ThreadPoolExecutor, asks: Sequence[int]) -> list[Future[str]]:
    """Futures of 0 and of `asks`, which all came while 0 was at work."""
    futures = [pool.submit(bench.settle, 0)]
    assert bench.begun.wait(PATIENCE_S)
    for count, ask in enumerate(asks, 1):
        futures.append(pool.submit(bench.settle, ask))
        while bench.waiting() < count:
            pass
    bench.go.set()
    return futures


@pytest.fixture
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(PARTY + 8)


def test_who_comes_alone_is_served_alone() -> None:
    bench = Bench()
    bench.go.set()
    assert [bench.settle(ask) for ask in (1, 2)] == ["done 1", "done 2"]
    assert bench.parties == [[1], [2]]


def test_who_comes_meanwhile_goes_together_in_order(pool: ThreadPoolExecutor) -> None:
    bench = Bench()
    futures = behind_the_first(bench, pool, [1, 2, 3])
    assert [future.result(PATIENCE_S) for future in futures] == ["done 0", "done 1", "done 2", "done 3"]
    assert bench.parties == [[0], [1, 2, 3]]


def test_a_party_has_an_end(pool: ThreadPoolExecutor) -> None:
    bench = Bench()
    asks = list(range(1, PARTY + 3))
    futures = behind_the_first(bench, pool, asks)
    assert [future.result(PATIENCE_S) for future in futures[1:]] == [f"done {ask}" for ask in asks]
    assert [len(party) for party in bench.parties] == [1, PARTY, 2]


def test_a_refusal_is_for_its_own_only(pool: ThreadPoolExecutor) -> None:
    bench = Bench()
    futures = behind_the_first(bench, pool, [1, -2, 3, -4])
    assert [futures[i].result(PATIENCE_S) for i in (0, 1, 3)] == ["done 0", "done 1", "done 3"]
    for index, ask in ((2, -2), (4, -4)):
        with pytest.raises(Refused, match=str(ask)):
            futures[index].result(PATIENCE_S)
    assert sorted(bench.parties[2:]) == [[-4], [-2], [1], [3]]


def test_nobody_is_stranded_when_the_one_who_leads_dies(pool: ThreadPoolExecutor) -> None:
    bench = Bench()

    def die(asks: Sequence[int]) -> None:
        if len(asks) > 1:
            raise SystemExit

    bench.fails = die
    futures = behind_the_first(bench, pool, [1, 2, 3])
    with pytest.raises(SystemExit):
        futures[1].result(PATIENCE_S)
    assert [futures[i].result(PATIENCE_S) for i in (2, 3)] == ["done 2", "done 3"]
    assert bench.settle(5) == "done 5"
