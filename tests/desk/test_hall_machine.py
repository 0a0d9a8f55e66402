"""A hall under random hands: whatever people press, in whatever order, the promises of a hall hold."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from hall.core.days import wall_s
from hall.core.errors import HallError
from hall.core.events import Event, TicketCalled, TicketIssued, TicketMoved, WindowFlipped
from hall.core.names import HallId
from hall.core.people import WORKER, Actor
from hall.core.retold import Retold, TicketTold, WindowTold, retell
from hall.core.ticket import TicketState
from hall.desk import bookings, calls, plans, posts, visits
from hall.store import journal, migrations, read, slots
from hall.store.db import Database
from hall.store.tables import Booking, Ticket
from tests.builders import KIOSK, MANAGER, World, clerk_actor, make_hall, with_line_rules
from tests.plans import plan_with_flip

HALLS = count(1)
BOUND = 2
ROUNDS = 4  # of random hands; what they draw also depends on which modules are loaded
SERVICES = {"social": "social", "estate": "estate", "fund": "fund"}
services = st.sampled_from(sorted(SERVICES))
desks = st.integers(0, 2)
IN_HAND = ["start", "finish", "recall", "pass_over", "hold"]
pick = st.integers(0, 10_000)
SAID = st.sampled_from([[], ["refuse"], ["approve"], ["approve"], ["approve", "undo"]])


class HallMachine(RuleBasedStateMachine):
    """One hall per example, in one database for all."""

    db: Database
    seen: Counter[str]  # states met: the hands must reach all of them

    @initialize()
    def open_hall(self) -> None:
        self.town: World = make_hall(
            self.db, hall_id=HallId(f"town-{next(HALLS)}"), services=SERVICES,
            settings=with_line_rules(overtake_bound=BOUND), quota=1,
        )  # fmt: skip
        self.tickets: list[str] = []
        self.bookings: list[str] = []
        self.yesterday = 0  # how many of the tickets are of days gone by
        for desk in range(2):
            self.try_(lambda c, d=desk: posts.sign_in(c, f"W{d + 1:02d}"), clerk_actor(f"c{desk + 1}"))

    def try_(self, verb: Any, by: Actor) -> Any:
        """Do it; a refusal must leave no trace."""
        self.town.clock.forward(seconds=7)
        before = self.version()
        try:
            return self.town.do(verb, by)
        except HallError:
            assert self.version() == before
            return None

    def version(self) -> int:
        with self.db.look() as session:
            return read.hall(session, self.town.hall).version

    def some_ticket(self, index: int) -> str:
        """One of the last few tickets, where things still happen; an unknown id while there is none."""
        recent = self.tickets[-8:]
        return recent[index % len(recent)] if recent else "none"

    def one_in(self, state: str, index: int) -> str:
        """A ticket in this state; any other where there is none, so that refusals are met too."""
        with self.db.look() as session:
            found = session.scalars(
                select(Ticket.id)
                .where(Ticket.hall_id == self.town.hall, Ticket.state == state)
                .order_by(Ticket.issued_version)
            ).all()
        return found[index % len(found)] if found else self.some_ticket(index)

    @rule(service=services, priority=st.booleans(), number=st.integers(1, 3))
    def issue(self, service: str, priority: bool, number: int) -> None:
        for _ in range(number):
            issued = self.try_(lambda c: visits.issue(c, service, priority=priority), KIOSK)
            if issued:
                self.tickets.append(issued.id)

    @rule(desk=desks, finish=st.booleans())
    def work(self, desk: int, finish: bool) -> None:
        self.sit_and_call(desk, finish)

    def sit_and_call(self, desk: int, finish: bool) -> None:
        """Whatever state the window is in: sit down, be ready, call."""
        window, by = f"W{desk + 1:02d}", clerk_actor(f"c{desk + 1}")
        self.try_(lambda c: posts.sign_in(c, window), by)
        self.try_(lambda c: posts.resume(c, window), by)
        self.try_(lambda c: calls.call_next(c, window, finish=finish), by)

    @rule(desk=desks, service=services, priorities=st.lists(st.booleans(), min_size=4, max_size=8))
    def rush(self, desk: int, service: str, priorities: list[bool]) -> None:
        """A line forms, then one window works it off, most of it."""
        with_that = clerk_actor(f"c{desk + 1}")
        self.try_(lambda c: plans.unpin(c, f"W{desk + 1:02d}"), MANAGER)
        for priority in priorities:
            self.issue(service, priority, 1)
        self.sit_and_call(desk, True)
        for _ in priorities[2:]:
            self.try_(lambda c: calls.call_next(c, f"W{desk + 1:02d}", finish=True), with_that)

    @rule(desk=desks, verb=st.sampled_from(IN_HAND), finish=st.booleans())
    def in_hand(self, desk: int, verb: str, finish: bool) -> None:
        self.sit_and_call(desk, finish)
        with self.db.look() as session:
            ticket = read.ticket_at(session, self.town.hall, f"W{desk + 1:02d}")
        if ticket:
            asked = ["papers"] if verb == "hold" else []
            self.try_(lambda c: getattr(calls, verb)(c, ticket.id, *asked), clerk_actor(f"c{desk + 1}"))

    @precondition(lambda self: self.tickets)
    @rule(index=pick, verb=st.sampled_from(["start", "finish", "recall", "pass_over", "return_"]))
    def move(self, index: int, verb: str) -> None:
        self.try_(lambda c: getattr(calls, verb)(c, self.some_ticket(index)), MANAGER)

    @precondition(lambda self: self.tickets)
    @rule(index=pick)
    def cancel(self, index: int) -> None:
        self.try_(lambda c: visits.cancel(c, self.some_ticket(index)), KIOSK)

    @precondition(lambda self: self.tickets)
    @rule(index=pick)
    def come_back(self, index: int) -> None:
        """A passed ticket returns where there is one, and so does a held one."""
        passed, held = self.one_in("passed", index), self.one_in("held", index)
        self.try_(lambda c: visits.reactivate(c, passed), KIOSK)
        self.try_(lambda c: calls.return_(c, held), KIOSK)

    @precondition(lambda self: self.tickets)
    @rule(index=pick)
    def hold(self, index: int) -> None:
        ticket = self.one_in("called", index)
        self.try_(lambda c: calls.hold(c, ticket, "papers"), MANAGER)

    @precondition(lambda self: self.tickets)
    @rule(index=pick, service=services, keep=st.booleans())
    def transfer(self, index: int, service: str, keep: bool) -> None:
        ticket = self.one_in("called", index)
        self.try_(lambda c: calls.transfer(c, ticket, to_service=service, keep=keep), MANAGER)

    @precondition(lambda self: self.tickets)
    @rule(index=pick, desk=desks)
    def send_to_window(self, index: int, desk: int) -> None:
        ticket = self.one_in("called", index)
        self.try_(lambda c: calls.transfer(c, ticket, to_window=f"W{desk + 1:02d}"), MANAGER)

    @rule(desk=desks, verb=st.sampled_from(["sign_in", "sign_out"]))
    def post(self, desk: int, verb: str) -> None:
        self.try_(lambda c: getattr(posts, verb)(c, f"W{desk + 1:02d}"), clerk_actor(f"c{desk + 1}"))

    @rule(desk=desks, reason=st.sampled_from(["break", "meeting"]))
    def pause(self, desk: int, reason: str) -> None:
        self.try_(lambda c: posts.pause(c, f"W{desk + 1:02d}", reason), clerk_actor(f"c{desk + 1}"))

    @rule(desk=desks, mode=st.sets(services, max_size=2))
    def pin(self, desk: int, mode: set[str]) -> None:
        until = self.town.clock.at + timedelta(hours=1)
        self.try_(lambda c: plans.pin(c, f"W{desk + 1:02d}", sorted(mode), until), MANAGER)

    @rule(service=services, index=pick)
    def book(self, service: str, index: int) -> None:
        with self.db.look() as session:
            hall = read.hall(session, self.town.hall)
            row = read.service(session, hall.id, service)
            offered = slots.on(session, hall, row, hall.day, self.town.clock.at)
        if offered:
            at = offered[index % len(offered)].at
            booked = self.try_(lambda c: bookings.book(c, service, at), KIOSK)
            if booked:
                self.bookings.append(booked.id)

    @precondition(lambda self: self.bookings)
    @rule(index=pick, verb=st.sampled_from(["check_in", "cancel"]))
    def use_booking(self, index: int, verb: str) -> None:
        booking = self.bookings[index % len(self.bookings)]
        found = self.try_(lambda c: getattr(bookings, verb)(c, booking), KIOSK)
        if isinstance(found, visits.Issued):
            self.tickets.append(found.id)

    @precondition(lambda self: self.bookings)
    @rule(index=pick, service=services)
    def move_booking(self, index: int, service: str) -> None:
        booking = self.bookings[index % len(self.bookings)]
        with self.db.look() as session:
            hall = read.hall(session, self.town.hall)
            row = read.service(session, hall.id, service)
            offered = slots.on(session, hall, row, hall.day, self.town.clock.at)
        at = offered[index % len(offered)].at if offered else self.town.clock.at
        self.try_(lambda c: bookings.move(c, booking, at), KIOSK)

    @rule(desk=desks, to=st.sets(services, min_size=1, max_size=2), minutes=st.integers(0, 5), said=SAID)
    def plan(self, desk: int, to: set[str], minutes: int, said: list[str]) -> None:
        """A flip is proposed and decided on, often with a visitor there; the verbs that follow apply it."""
        window = f"W{desk + 1:02d}"
        self.sit_and_call(desk, False)
        with self.db.look() as session:
            hall = read.hall(session, self.town.hall)
            before = read.window(session, hall.id, window).mode
            at_s = wall_s(self.town.clock.at, hall.zone, hall.day) + 60 * minutes
        proposal = plan_with_flip(window, list(before), sorted(to), at_s=at_s, clerk=f"c{desk + 1}")
        row = self.try_(lambda c: plans.propose(c, proposal), WORKER)
        for verb in said if row else ():
            asked = ["not today"] if verb == "refuse" else []
            self.try_(lambda c, v=verb, a=asked: getattr(plans, v)(c, row.id, *a), MANAGER)

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        self.town.clock.forward(minutes=minutes)

    @precondition(lambda self: len(self.tickets) - self.yesterday >= 6)
    @rule()
    def next_morning(self) -> None:
        """The first verb of the day, whatever it is, closes the day before."""
        self.yesterday = len(self.tickets)
        self.town.clock.forward(days=1)
        self.issue("social", False, 1)

    @precondition(lambda self: self.tickets)
    @rule(desk=desks, index=pick)
    def nobody_comes(self, desk: int, index: int) -> None:
        """Somebody comes back, then window after window waits in vain: the second time is a no-show."""
        self.come_back(index)
        for _ in range(5):
            self.in_hand(desk, "pass_over", True)

    @invariant()
    def promises_hold(self) -> None:
        if not hasattr(self, "town"):
            return
        with self.db.look() as session:
            rows = session.scalars(select(Ticket).where(Ticket.hall_id == self.town.hall)).all()
            self.seen.update(row.state for row in rows)
            assert {row.id for row in rows} == set(self.tickets), "no ticket is lost"
            assert max(Counter((r.day, r.number) for r in rows).values(), default=1) == 1, "no number twice"
            at = [row.at_window for row in rows if row.at_window]
            assert len(at) == len(set(at)), "no window holds two tickets"
            assert all((row.state in ("called", "serving")) == bool(row.at_window) for row in rows)
            booked = Counter(
                (b.service_id, b.at)
                for b in session.scalars(select(Booking).where(Booking.hall_id == self.town.hall))
                if b.state != "cancelled"
            )
            assert max(booked.values(), default=0) <= 1, "no slot is above its quota"

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        with self.db.look() as session:
            assert journal.verify(session, self.town.hall) is None, "the chain is whole"
            events = [event for _, event in journal.since(session, self.town.hall, 0, 100_000)]
            rows = list(session.scalars(select(Ticket).where(Ticket.hall_id == self.town.hall)))
            windows = read.windows(session, self.town.hall)
        told = retell(events)
        assert told.tickets == {r.id: TicketTold(r.state, r.service_id, r.at_window) for r in rows}
        assert {w.id: told.window(w.id) for w in windows} == {
            w.id: WindowTold(w.state, w.clerk_id, tuple(w.mode)) for w in windows
        }, "the journal tells the same as the rows"
        assert_windows_hold_one_ticket(events)
        assert_nobody_is_overtaken(events, {row.id: row.priority for row in rows})


def assert_windows_hold_one_ticket(events: list[Event]) -> None:
    """A call at another window comes only after the ticket left the last; no mode changes under a visitor."""
    told = Retold()
    for event in events:
        at = {ticket.window: id_ for id_, ticket in told.tickets.items() if ticket.window}
        if isinstance(event, TicketCalled):
            assert told.tickets[event.ticket].window in (None, event.window), "no ticket at two windows"
            assert at.get(event.window) in (None, event.ticket), "no window with two tickets"
        if isinstance(event, WindowFlipped):
            assert event.window not in at, "a flip waits for the case in hand"
        told.hear(event)


def assert_nobody_is_overtaken(events: list[Event], is_priority: dict[str, bool]) -> None:
    """Counted from the journal: priority tickets of the own line issued later and called earlier."""
    told, overtaken = Retold(), Counter[str]()
    age: dict[str, int] = {}  # in the order of issue; who moved since has another place, and is counted apart
    for number, event in enumerate(events):
        told.hear(event)
        if isinstance(event, TicketIssued) and event.entry == "arrival":
            age[event.ticket] = number
        elif isinstance(event, TicketMoved) and event.move != "start":
            age.pop(event.ticket, None)
        elif isinstance(event, TicketCalled) and event.ticket in age and is_priority[event.ticket]:
            line = told.tickets[event.ticket].service
            for ticket, since in age.items():
                waits = told.tickets[ticket].state == "waiting" and told.tickets[ticket].service == line
                overtaken[ticket] += waits and not is_priority[ticket] and since < age[event.ticket]
    assert max(overtaken.values(), default=0) <= BOUND, "nobody is overtaken beyond the bound"


@pytest.mark.timeout(300)
def test_a_hall_keeps_its_promises(database_url: str) -> None:
    """Until the random hands have met every state a ticket can be in, or they are too weak."""
    HallMachine.db = Database(database_url)
    HallMachine.seen = Counter()
    migrations.upgrade(HallMachine.db)
    for number in range(ROUNDS):
        run_state_machine_as_test(
            seed(number)(HallMachine),
            settings=settings(
                max_examples=20, stateful_step_count=40, deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
        if set(HallMachine.seen) == set(TicketState):
            break
    HallMachine.db.close()
    assert set(HallMachine.seen) == set(TicketState), "the random hands reach every state"
