"""Prepared statements give what the ORM gives, and the fronts of the lines are enough to name the next."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import bindparam, select

from hall.core.line import next_for
from hall.desk import calls
from hall.store import read
from hall.store.prepared import Prepared, keep, save
from hall.store.tables import Base, Ticket
from tests.builders import World, clerk_actor, make_hall


@pytest.fixture
def town(database_url: str) -> World:
    town = make_hall(database_url)
    town.issue()
    town.sign_in()
    town.call()
    town.issue("estate", priority=True)
    return town


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_table_reads_the_same(town: World, table: str) -> None:
    columns = Base.metadata.tables[table].c
    with town.db.look() as session:
        expected = [tuple(row) for row in session.execute(select(*columns))]
        assert [tuple(row) for row in Prepared(select(*columns)).all(session)] == expected


def test_what_the_session_holds_back_is_written_first(town: World) -> None:
    count = Prepared(
        select(Ticket.__table__.c.reason).where(Ticket.__table__.c.number == bindparam("number"))
    )
    with town.db.change() as session:
        session.scalars(select(Ticket).where(Ticket.number == "A001")).one().reason = "papers"
        assert count.first(session, number="A001") == ("papers",)


def test_a_kept_row_is_the_sessions_own_and_is_written_when_changed(town: World) -> None:
    columns = Ticket.__table__.c
    by_number = Prepared(select(*columns).where(columns.number == bindparam("number")))
    with town.db.change() as session:
        values = by_number.first(session, number="A001")
        assert values is not None
        row = keep(session, Ticket, values)
        assert keep(session, Ticket, values) is row
        assert session.get(Ticket, row.id) is row
        row.reason = "papers"
    with town.db.look() as session:
        assert read.ticket(session, town.hall, row.id).reason == "papers"


def test_what_is_saved_at_once_is_seen_by_whoever_reads_next_and_may_change_again(town: World) -> None:
    reason = select(Ticket.reason).where(Ticket.number == "A001")
    with town.db.change() as session:
        row = session.scalars(select(Ticket).where(Ticket.number == "A001")).one()
        row.reason = "papers"
        save(session)
        assert not session.dirty and session.get(Ticket, row.id) is row
        assert session.scalar(reason) == "papers"
        row.reason = None
    with town.db.look() as session:
        assert session.scalar(reason) is None


def test_the_fronts_of_the_lines_name_the_same_next_as_whole_lines(town: World) -> None:
    hands = random.Random(20260302)
    for _ in range(60):
        town.clock.forward(seconds=hands.randrange(1, 90))
        town.issue(hands.choice(["social", "estate"]), priority=hands.random() < 0.1)
        expected = _by_whole_lines(town)
        if hands.random() < 0.6:
            called = town.call(finish=True)
            assert (called.ticket if called else None) == expected
            if called and hands.random() < 0.5:
                town.do(lambda c, t=called.ticket: _away(c, t, hands), clerk_actor("c1"))


def _by_whole_lines(town: World) -> str | None:
    with town.db.look() as session:
        hall = read.hall(session, town.hall)
        waiting = [p for s in ("social", "estate") for p in read.line(session, hall.id, hall.day, s)]
    choice = next_for(waiting, town.clock.at.timestamp(), hall.settings.line.overtake_bound)
    return choice.place.ticket if choice else None


def _away(change: object, ticket: str, hands: random.Random) -> None:
    calls.hold(change, ticket, "papers")  # type: ignore[arg-type]  # the Change of World.do
    if hands.random() < 0.7:
        calls.return_(change, ticket)  # type: ignore[arg-type]  # the same
