"""kill -9 of web and worker under load: every acknowledged ticket is there, and every screen is right."""

from __future__ import annotations

import gc
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hall.core.retold import retell
from hall.push import boards
from hall.store import journal, read
from hall.store.tables import Call, Ticket
from tests.builders import World, make_hall, open_for_real
from tests.chaos.load import Load
from tests.chaos.screen import Screen
from tests.serving import Served, token

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.timeout(600),
    # A client that is cut off in the middle of its handshake drops its socket unclosed.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LOAD_S = (0.8, 2.0)  # a round lasts between these


@pytest.fixture(autouse=True)
def sweep() -> Iterator[None]:
    """Let go of dropped sockets here, not in the middle of somebody else's test."""
    yield
    gc.collect()


def test_nothing_acknowledged_is_lost(database_url: str, rounds: int) -> None:
    town = make_hall(database_url)
    open_for_real(town)
    kiosk = token(database_url, town.hall, "kiosk")
    clerks = {f"W{n:02d}": token(database_url, town.hall, "clerk", f"c{n}") for n in (1, 2, 3)}
    display = token(database_url, town.hall, "display")
    hand = random.Random(7)
    with Served(database_url) as server:
        with Screen(server.url, town.hall, "hall", display) as screen:
            with Load(server.url, town.hall, kiosk, clerks) as load:
                for _ in range(rounds):
                    time.sleep(hand.uniform(*LOAD_S))
                    server.kill()
                    server.start()
                time.sleep(hand.uniform(*LOAD_S))
            screen_is_right(town, screen)
        assert_kept(town, load)


def assert_kept(town: World, load: Load) -> None:
    assert len(load.tickets) > 10 and len(load.calls) > 5, "there was a load"
    with town.db.look() as session:
        rows = {row.id: row for row in session.scalars(select(Ticket).where(Ticket.hall_id == town.hall))}
        calls = Counter(session.scalars(select(Call.ticket_id).where(Call.hall_id == town.hall)))
        assert journal.verify(session, town.hall) is None, "versions without a gap, chain whole"
        events = [event for _, event in journal.since(session, town.hall, 0, 1_000_000)]
    told = {ticket: each.state for ticket, each in retell(events).tickets.items()}
    assert told == {ticket: row.state for ticket, row in rows.items()}
    for told in load.tickets:
        assert rows[told["id"]].number == told["number"]
    for told in load.calls:
        assert calls[told["ticket"]] == 1, "a repeated press calls nobody twice"
    assert max(Counter(row.number for row in rows.values()).values()) == 1
    assert len(rows) == len({told["id"] for told in load.tickets}), "a repeated press made no second ticket"


def screen_is_right(town: World, screen: Screen) -> None:
    """Soon after the last change the screen shows what the database holds."""
    end = time.monotonic() + 10
    with town.db.look() as session:
        truth = boards.build(session, read.hall(session, town.hall), "hall")["board"]
    while time.monotonic() < end and screen.board != truth:
        time.sleep(0.1)
    assert screen.board == truth
    assert screen.announced_twice() == []
