"""A real day of a real office: nobody lost, every call on every board, the tide shown at the window."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hall.core.ticket import FINAL
from hall.store import journal
from tests.data.served import HALL, ServedDay, served_day


@pytest.mark.data
@pytest.mark.timeout(600)
def test_a_real_day_of_warsaws_largest_office(arrivals: Path, tmp_path: Path) -> None:
    with served_day(arrivals, tmp_path) as day:
        assert day.expected > 200, "a day with people in it"
        assert_tickets(day)
        for board in day.boards:
            assert board.announced == day.calls(), "every call, once, in order"
        flips = day.tidal_flips()
        assert flips, "the tide of the day moved at least one window"
        assert day.were_shown(flips) == flips


def assert_tickets(day: ServedDay) -> None:
    rows = day.tickets()
    assert len(rows) > 0.8 * day.expected, "those who came before closing have a ticket"
    assert {row.state for row in rows} <= FINAL
    assert max(Counter(row.number for row in rows).values()) == 1
    assert sum(row.state == "done" for row in rows) > 0.8 * len(rows)
    with day.db.look() as session:
        assert journal.verify(session, HALL) is None
