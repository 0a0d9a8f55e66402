"""The database as a process sees it over the hours: connections die at rest, presses go on."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from hall.store import db
from tests.builders import make_hall


@pytest.mark.pg
def test_connections_cut_at_rest_are_replaced_before_they_are_used(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = make_hall(postgres_url)
    town.issue()
    others = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        cut = connection.execute(text(f"{others} and datname = current_database()")).all()
    engine.dispose()
    assert cut
    monkeypatch.setattr(db, "PING_AFTER_S", 0.0)  # as if they had rested long enough
    assert town.issue().number == "A002"
    with town.db.look() as session:
        assert session.execute(text("select count(*) from tickets")).scalar_one() == 2
