"""Steps of the schema, run at every start; each is small and tested on both databases with rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from hall.store.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported only where there is something to do: it costs a third of a hall's start.
STEPS = Path(__file__).parent / "versions"


def upgrade(db: Database, to: str = "head") -> None:
    """Bring the schema up to `to`. Harmless when it is there already. Raises UnusableDatabase."""
    db.check()
    if to == "head" and step(db) == newest():
        return
    from alembic import command

    with db.engine.begin() as connection:
        command.upgrade(config(connection), to)


def downgrade(db: Database, to: str) -> None:
    """Take steps back, down to `to` ("base": all tables gone)."""
    from alembic import command

    with db.engine.begin() as connection:
        command.downgrade(config(connection), to)


def step(db: Database) -> str | None:
    """The step that the database is at; None before the first."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def newest() -> str:
    """The step that this version of the code needs, by the steps' file names."""
    return max(path.stem[1:].partition("_")[0] for path in STEPS.glob("m*.py"))


def config(connection: object = None) -> Config:
    """Alembic's settings without a file: the steps beside this one, on an open connection."""
    from alembic.config import Config

    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", str(Path(__file__).parent))
    return found
