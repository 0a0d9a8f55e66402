"""Standby rules as the planner writes them: who may lend, and a capped line that may not."""

from __future__ import annotations

import pytest

from scheduler import fallback
from scheduler.snapshot import Snapshot
from tests.scheduler import halls


def _two_at_a(cap_s: int | None, expected: float) -> Snapshot:
    """Two windows for line a, nobody waiting there, a crowd at b; `expected`: people for a per slot."""
    told = halls.document(
        [halls.service("a", cap_wait_s=cap_s), halls.service("b"), halls.service("c")],
        [halls.window("W1", "a b c", "a c"), halls.window("W2", "a b c", "a c")],
        [halls.clerk("c1", "a b c", "W1", "a c"), halls.clerk("c2", "a b c", "W2", "a c")],
        forecast={"a": [expected] * halls.SLOTS, "b": [0.0] * halls.SLOTS, "c": [0.2] * halls.SLOTS},
        waiting=halls.waiting("c", 1),
    )
    return Snapshot.from_json(told)


def _lends_a(seen: Snapshot) -> bool:
    return any("a" not in rule.mode for rule in fallback.plan(seen).standby)


@pytest.mark.parametrize(
    ("cap_s", "expected", "lends"),
    [(None, 1.0, True), (900, 1.0, True), (60, 1.0, False)],
    ids=["no cap", "a cap that holds", "a cap that would not"],
)
def test_a_line_with_a_cap_lends_only_while_it_stays_under_it(
    cap_s: int | None, expected: float, lends: bool
) -> None:
    assert _lends_a(_two_at_a(cap_s, expected)) is lends
