"""Steps of the schema: up, down and up again on both databases, with a hall's rows in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, select

from hall.store import calendar, journal, migrations, read
from hall.store.db import Database
from hall.store.tables import Base
from tests.builders import MONDAY, NINE, make_hall


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    yield found
    found.close()


def steps() -> list[str]:
    """All revisions, oldest first."""
    script = ScriptDirectory.from_config(migrations.config())
    return [step.revision for step in reversed(list(script.walk_revisions()))]


def test_the_newest_step_is_known_without_asking_alembic(db: Database) -> None:
    assert migrations.step(db) is None
    migrations.upgrade(db)
    assert migrations.step(db) == migrations.newest() == steps()[-1]


def test_every_step_goes_up_down_and_up_again(db: Database) -> None:
    before = "base"
    for step in steps():
        migrations.upgrade(db, step)
        migrations.downgrade(db, before)
        migrations.upgrade(db, step)
        before = step


def test_the_steps_lead_to_the_tables_that_the_code_knows(db: Database) -> None:
    migrations.upgrade(db)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_days_said_before_there_were_spans_are_kept_both_ways(db: Database) -> None:
    migrations.upgrade(db, "0003")
    day = {"hall_id": "town", "day": MONDAY, "kind": "event", "factor": 2.0, "source": "manager"}
    with db.engine.begin() as connection:
        schema = MetaData()
        schema.reflect(connection, only=["calendar_days", "halls"])
        hall = {column.name: "x" for column in schema.tables["halls"].columns if not column.nullable}
        times = {"pace_real_at": NINE, "pace_hall_at": NINE, "pace_speed": 1.0, "version": 0, "day": MONDAY}
        connection.execute(schema.tables["halls"].insert(), {**hall, **times, "id": "town"})
        connection.execute(schema.tables["calendar_days"].insert(), day)
    migrations.upgrade(db)
    with db.look() as session:
        (entry,) = calendar.entries(session, "town", MONDAY, MONDAY)
        assert (entry.first_day, entry.last_day, entry.factor) == (MONDAY, MONDAY, 2.0)
    migrations.downgrade(db, "0003")
    with db.engine.connect() as connection:
        assert dict(connection.execute(select(schema.tables["calendar_days"])).mappings().one()) == day


def test_going_back_to_the_start_leaves_no_table(db: Database) -> None:
    migrations.upgrade(db)
    migrations.downgrade(db, "base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}


def test_a_start_on_a_hall_at_work_changes_none_of_its_rows(database_url: str) -> None:
    town = make_hall(database_url)
    ticket = town.issue()
    town.sign_in()
    migrations.upgrade(town.db)
    with town.db.look() as session:
        assert read.ticket(session, town.hall, ticket.id).number == ticket.number
        assert journal.verify(session, town.hall) is None
