"""Steps of the schema, run at every start; each is small and tested on both databases with rows."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hall.store.db import Database


def upgrade(db: Database, to: str = "head") -> None:
    """Bring the schema up to `to`. Harmless when it is there already."""
    with db.engine.begin() as connection:
        command.upgrade(config(connection), to)


def downgrade(db: Database, to: str) -> None:
    """Take steps back, down to `to` ("base": all tables gone)."""
    with db.engine.begin() as connection:
        command.downgrade(config(connection), to)


def step(db: Database) -> str | None:
    """The step that the database is at; None before the first."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The step that this version of the code needs."""
    return ScriptDirectory.from_config(config()).get_current_head()


def config(connection: object = None) -> Config:
    """Alembic's settings without a file: the steps beside this one, on an open connection."""
    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", str(Path(__file__).parent))
    return found
