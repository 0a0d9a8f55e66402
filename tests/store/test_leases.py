"""Leases: one holder at a time, taken over when the holder stops renewing."""

from __future__ import annotations

import socket
import subprocess
from datetime import timedelta

from hall.store import leases
from tests.builders import NINE, World, make_hall


def claim(town: World, holder: str, after_s: float = 0) -> bool:
    with town.db.change() as session:
        return leases.claim(session, town.hall, "worker", holder, NINE + timedelta(seconds=after_s))


def holder(town: World, after_s: float = 0) -> str | None:
    with town.db.look() as session:
        lease = leases.held(session, town.hall, "worker", NINE + timedelta(seconds=after_s))
    return lease.holder if lease else None


def test_the_first_who_asks_holds_and_renews(database_url: str) -> None:
    town = make_hall(database_url)
    assert claim(town, "one")
    assert not claim(town, "two", after_s=5)
    assert claim(town, "one", after_s=10)
    assert holder(town, after_s=20) == "one"


def test_a_holder_that_stops_renewing_loses_it(database_url: str) -> None:
    town = make_hall(database_url)
    claim(town, "one")
    after_s = leases.LENGTH.total_seconds() + 1
    assert holder(town, after_s) is None
    assert claim(town, "two", after_s)
    assert not claim(town, "one", after_s)


def test_a_lease_given_back_is_free_at_once(database_url: str) -> None:
    town = make_hall(database_url)
    claim(town, "one")
    with town.db.change() as session:
        leases.release(session, town.hall, "worker", "one", NINE)
    assert holder(town) is None
    assert claim(town, "two", after_s=1)


def test_only_the_holder_gives_it_back(database_url: str) -> None:
    town = make_hall(database_url)
    claim(town, "one")
    with town.db.change() as session:
        leases.release(session, town.hall, "worker", "two", NINE)
    assert holder(town) == "one"


def test_word_for_the_dashboard_is_kept_with_the_lease(database_url: str) -> None:
    town = make_hall(database_url)
    claim(town, "one")
    with town.db.change() as session:
        leases.tell(session, town.hall, "worker", {"status": "fallback"})
    with town.db.look() as session:
        lease = leases.held(session, town.hall, "worker", NINE)
        assert lease is not None and lease.state == {"status": "fallback"}


def test_a_killed_holder_on_this_machine_has_lost_it_at_once(database_url: str) -> None:
    town = make_hall(database_url)
    sleeper = subprocess.Popen(["sleep", "60"])
    claim(town, f"{socket.gethostname()}:{sleeper.pid}")
    assert not claim(town, "two")
    sleeper.kill()
    sleeper.wait()
    assert claim(town, "two")
