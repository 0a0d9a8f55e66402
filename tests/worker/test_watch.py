"""When a hall wants a new plan."""

from __future__ import annotations

from datetime import timedelta

from hall.core.events import ClerkAbsent, Event, PinChanged, TicketIssued, WindowChanged
from hall.core.names import ServiceId
from scheduler.worker.watch import JUMP_PEOPLE, REST_S, Watch
from tests.builders import NINE

SOCIAL = ServiceId("social")
REPLAN_S = 300


def due(watch: Watch, after_s: float, waiting: int = 4) -> str | None:
    return watch.due(NINE + timedelta(seconds=after_s), {SOCIAL: waiting}, REPLAN_S)


def planned(waiting: int = 4) -> Watch:
    watch = Watch()
    watch.planned(NINE, {SOCIAL: waiting})
    return watch


def test_a_hall_without_a_plan_wants_one() -> None:
    assert due(Watch(), 0) == "start"


def test_nothing_happened_and_the_interval_is_not_over() -> None:
    assert due(planned(), REPLAN_S - 1) is None


def test_the_interval_is_over() -> None:
    assert due(planned(), REPLAN_S) == "interval"


def test_a_line_that_jumped_is_planned_for_at_once() -> None:
    assert due(planned(), REST_S, 4 + JUMP_PEOPLE) == "line"
    assert due(planned(), REST_S, 4 + JUMP_PEOPLE - 1) is None


def test_a_long_line_must_grow_by_half() -> None:
    assert due(planned(40), REST_S, 45) is None
    assert due(planned(40), REST_S, 60) == "line"


def test_somebody_left_or_a_manager_pinned() -> None:
    happened: list[Event] = [
        ClerkAbsent("c1", True), WindowChanged("W01", "closed"), WindowChanged("W01", "paused"),
        PinChanged("W01", "m"),
    ]  # fmt: skip
    for event in happened:
        watch = planned()
        watch.told([event])
        assert due(watch, REST_S) == event.kind


def test_a_ticket_alone_wants_no_plan() -> None:
    watch = planned()
    watch.told([TicketIssued("t", "social", "A001")])
    assert due(watch, REST_S) is None


def test_however_much_happens_a_plan_gets_its_rest() -> None:
    watch = planned()
    watch.told([ClerkAbsent("c1", True)])
    assert due(watch, REST_S - 1, 400) is None


def test_a_clock_set_back_wants_a_plan() -> None:
    assert due(planned(), -3600) == "clock"
