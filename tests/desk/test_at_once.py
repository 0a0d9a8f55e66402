"""Forty hands at once: nothing lost, nothing doubled, no slot overbooked, on both databases."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest

from hall.core.errors import HallError, RequestIdReused, SlotFull, Unknown, WindowClosed
from hall.core.hall import QuotaRule, Settings
from hall.desk import bookings, calls, quotas, told, visits
from hall.desk.opening import Done
from hall.store import journal, read
from hall.store.journal import Change
from hall.store.meeting import PARTY
from hall.store.slots import Ahead
from tests.builders import KIOSK, MONDAY, NINE, World, clerk_actor, make_hall

HANDS = 40


def at_once(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """Do all of them at the same moment in threads of their own; what each gave or raised, in order."""
    todo = list(acts)
    start = Barrier(len(todo))

    def run(act: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return act()
        except HallError as refusal:
            return refusal

    with ThreadPoolExecutor(len(todo)) as pool:
        return list(pool.map(run, todo))


def assert_journal_holds(town: World) -> None:
    with town.db.look() as session:
        assert journal.verify(session, town.hall) is None


def test_forty_windows_press_next_on_ten_tickets(database_url: str) -> None:
    town = make_hall(database_url, windows=HANDS)
    issued = {town.issue().id for _ in range(10)}
    for hand in range(1, HANDS + 1):
        town.sign_in(f"c{hand}", f"W{hand:02d}")
    calls_made = at_once(
        lambda hand=hand: town.call(f"c{hand}", f"W{hand:02d}") for hand in range(1, HANDS + 1)
    )
    called = [call for call in calls_made if call is not None]
    assert sorted(call.ticket for call in called) == sorted(issued)
    assert len({call.window for call in called}) == 10
    assert_journal_holds(town)


def test_forty_kiosks_press_at_once(database_url: str) -> None:
    town = make_hall(database_url)
    issued = at_once([town.issue] * HANDS)
    assert {each.number for each in issued} == {f"A{serial:03d}" for serial in range(1, HANDS + 1)}
    assert sorted(each.ahead for each in issued) == list(range(HANDS))
    assert_journal_holds(town)


def test_the_same_request_pressed_forty_times_is_one_ticket(database_url: str) -> None:
    town = make_hall(database_url)

    def press() -> Done:
        return town.told(
            lambda change: told.issued(visits.issue(change, "social")), KIOSK, "press-1", "issue", "social"
        )

    done = at_once([press] * HANDS)
    assert len({str(each.answer) for each in done}) == 1
    assert sum(not each.again for each in done) == 1
    with town.db.look() as session:
        assert len(read.line(session, town.hall, town.clock.at.date(), "social")) == 1
    assert_journal_holds(town)


def test_a_request_id_used_for_something_else_is_refused_and_leaves_no_trace(database_url: str) -> None:
    town = make_hall(database_url)
    town.told(lambda change: told.issued(visits.issue(change, "social")), KIOSK, "one", "issue", "social")
    with pytest.raises(RequestIdReused):
        town.told(lambda change: told.issued(visits.issue(change, "estate")), KIOSK, "one", "issue", "estate")
    with town.db.look() as session:
        assert read.line(session, town.hall, town.clock.at.date(), "estate") == []
    assert_journal_holds(town)


def test_forty_bookings_never_overfill_a_slot(database_url: str) -> None:
    town = make_hall(database_url, quota=3)
    slot = NINE + timedelta(hours=1)
    booked = at_once([lambda: town.do(lambda change: bookings.book(change, "social", slot), KIOSK)] * HANDS)
    assert sum(isinstance(each, SlotFull) for each in booked) == HANDS - 3
    kept = [each for each in booked if isinstance(each, bookings.Booked)]
    assert len({each.code for each in kept}) == 3
    assert_journal_holds(town)


def test_forty_bookings_never_overfill_a_tidal_slot(database_url: str) -> None:
    tidal = replace(Settings(), booking=replace(Settings().booking, quotas=QuotaRule.TIDAL))
    town = make_hall(database_url, quota=9, settings=tidal)
    slot, tomorrow = NINE + timedelta(days=1), MONDAY + timedelta(days=1)
    town.do(lambda change: quotas.set_ahead(change, tomorrow, [Ahead(tomorrow, "social", 32400, 5, 0)]))
    acts: list[Callable[[], Any]] = [
        lambda: town.do(lambda change: bookings.book(change, "social", slot), KIOSK)
    ] * HANDS
    fewer = [Ahead(tomorrow, "social", 32400, 2, 0)]
    acts[HANDS // 2] = lambda: town.do(lambda change: quotas.set_ahead(change, tomorrow, fewer))
    done = at_once(acts)
    kept = [each for each in done if isinstance(each, bookings.Booked)]
    assert 2 <= len(kept) <= 5, "as many as the quota of the moment allowed"
    assert sum(isinstance(each, SlotFull) for each in done) == HANDS - 1 - len(kept)
    assert_journal_holds(town)


def test_of_three_ends_pressed_at_once_one_happens(database_url: str) -> None:
    town = make_hall(database_url)
    ticket = town.issue().id
    town.sign_in()
    town.call()
    ends = at_once(
        [
            lambda: town.do(lambda change: calls.finish(change, ticket), clerk_actor("c1")),
            lambda: town.do(lambda change: calls.hold(change, ticket, "papers"), clerk_actor("c1")),
            lambda: town.do(lambda change: calls.pass_over(change, ticket), clerk_actor("c1")),
        ]
    )
    assert sum(not isinstance(each, HallError) for each in ends) == 1
    assert_journal_holds(town)


def in_one_transaction(town: World, acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each gave or raised when all but the first of them came while the first was at work."""
    waiting = town.db.meeting(town.hall)._waiting
    begun, go = Event(), Event()

    def first(_: Change) -> None:
        begun.set()
        assert go.wait(10)

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except HallError as refusal:
            return refusal

    with ThreadPoolExecutor(PARTY + 1) as pool:
        pool.submit(town.do, first)
        assert begun.wait(10)
        futures = []
        for act in acts:
            futures.append(pool.submit(run, act))
            while len(waiting) < len(futures):
                time.sleep(0.001)
        go.set()
        return [future.result(10) for future in futures]


def test_one_refusal_among_presses_that_share_a_transaction_is_its_own(database_url: str) -> None:
    town = make_hall(database_url)
    before = town.issue()
    town.sign_in()
    found = in_one_transaction(
        town,
        [town.issue, lambda: town.issue("nothing"), town.call, lambda: town.call("c2", "W02"), town.issue],
    )
    assert isinstance(found[1], Unknown) and isinstance(found[3], WindowClosed)
    assert found[2].ticket == before.id
    assert {found[0].number, found[4].number} == {"A002", "A003"}
    assert_journal_holds(town)


def test_presses_that_share_a_transaction_see_what_those_before_did(database_url: str) -> None:
    town = make_hall(database_url)
    town.sign_in()
    acts = [
        town.issue, town.issue, lambda: town.issue("estate"), town.call, town.issue,
        lambda: town.call(finish=True), lambda: town.call("c2", "W02"),
    ]  # fmt: skip
    town.sign_in("c2", "W02")
    found = in_one_transaction(town, acts)
    assert [found[i].ahead for i in (0, 1, 2, 4)] == [0, 1, 0, 1]
    assert [found[i].ticket for i in (3, 5, 6)] == [found[i].id for i in (0, 1, 2)]
    assert_journal_holds(town)


def test_the_same_request_twice_in_one_transaction_is_answered_once(database_url: str) -> None:
    town = make_hall(database_url)

    def press() -> Done:
        return town.told(lambda c: told.issued(visits.issue(c, "social")), KIOSK, "r1", "social")

    def other() -> Done:
        return town.told(lambda c: told.issued(visits.issue(c, "estate")), KIOSK, "r1", "estate")

    first, again, reused = in_one_transaction(town, [press, press, other])
    assert first.answer == again.answer
    assert sorted((first.again, again.again)) == [False, True]
    assert isinstance(reused, RequestIdReused)
    assert town.issue().number == "A002"
    assert_journal_holds(town)


def test_the_first_press_of_a_day_closes_the_old_one_for_those_that_share_its_transaction(
    database_url: str,
) -> None:
    town = make_hall(database_url)
    left = town.issue()

    def tomorrow(_: Change) -> None:
        town.clock.forward(days=1)

    found = in_one_transaction(town, [lambda: town.do(tomorrow), town.issue, town.issue])
    assert [one.number for one in found[1:]] == ["A001", "A002"]
    with town.db.look() as session:
        assert read.ticket(session, town.hall, left.id).state == "expired"
        assert read.hall(session, town.hall).day == MONDAY + timedelta(days=1)
    assert_journal_holds(town)
