"""A line with a cap keeps the windows that it needs, whatever crowd waits at another line."""

from __future__ import annotations

from typing import Any

import pytest

from hall.core.names import WindowId
from scheduler import fallback
from scheduler.check.muster import Muster
from scheduler.check.rulebook import Rulebook
from scheduler.draft.caps import windows_kept, windows_to_keep
from scheduler.draft.outlook import outlook
from scheduler.model import solve, why_not
from scheduler.plan import Plan
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import SLOTS, clerk, document, service, waiting, window
from tests.scheduler.strange import strange


def _beside_a_crowd(crowd: int, cap_s: float | None, people: float = 2.4, **rules: Any) -> Snapshot:
    """Two windows for line b, busy 8 minutes in 10 or as `people` come, and one for a crowd at a."""
    return Snapshot.from_json(
        document(
            [service("a"), service("b", cap_wait_s=cap_s)],
            [window("W1", "a b", "a"), window("W2", "a b", "b"), window("W3", "a b", "b")],
            [clerk("c1", "a b", "W1", "a"), clerk("c2", "a b", "W2", "b"), clerk("c3", "a b", "W3", "b")],
            waiting=waiting("a", crowd) + waiting("b", 1, since_s=36_200),
            forecast={"a": [1.0] * SLOTS, "b": [people] * SLOTS},
            rules=rules,
        )
    )


def _kept_by(plan: Plan, seen: Snapshot, name: str) -> int:
    posts = {p.clerk: (p.window, p.mode) for p in plan.posts if p.from_s <= seen.now_s < p.to_s and p.window}
    return windows_kept(Rulebook(seen), posts)[name]


@pytest.mark.parametrize("families", [1, 2])
@pytest.mark.parametrize("crowd", [20, 60, 200])
def test_a_line_with_a_cap_lends_no_window_that_it_needs(crowd: int, families: int) -> None:
    capped, free = (_beside_a_crowd(crowd, cap_s, max_families=families) for cap_s in (300, None))
    assert _kept_by(solve(free), free, "b") < 2
    for plan in (solve(capped), fallback.plan(capped)):
        assert _kept_by(plan, capped, "b") == 2
        assert not [rule for rule in plan.standby if rule.clerk in ("c2", "c3")]
        assert max(plan.expected["b"].wait_s[1:]) <= 300


def test_a_manager_learns_that_a_cap_keeps_the_window() -> None:
    seen = _beside_a_crowd(60, 300)
    reason = why_not(seen, solve(seen), WindowId("W2"))
    assert reason.en == "b needs window W2 to itself: its mean wait may not pass 5 minutes."
    assert "上限5分钟" in reason.zh


def test_a_line_below_its_cap_lends() -> None:
    seen = _beside_a_crowd(60, 1800, people=0.5, max_families=1)
    assert _kept_by(solve(seen), seen, "b") == 1


@pytest.mark.parametrize(
    ("people", "cap_s", "windows"),
    [
        # Poisson arrivals and work of 600 s: mean waits of 1,200 s at one window that is busy two thirds of
        # the time, 75 s at two (M/M/c).
        (1.0, 1500, 1),
        (1.0, 101, 2),
        (1.0, 41, 5),  # six of ten minutes' people may come at once: 200 s of work for each 41 s
        (0.0, 300, 2),  # one person waits, 600 s of work
    ],
)
def test_windows_to_keep_hold_the_mean_wait_under_the_cap(people: float, cap_s: float, windows: int) -> None:
    told = document(
        [service("b", cap_wait_s=cap_s, scv=1.0)],
        [window("W1", "b", "b")],
        [clerk("c1", "b", "W1", "b")],
        waiting=[] if people else waiting("b", 1),
        forecast={"b": [people] * SLOTS},
        now_s=36_000,
        arrived={"b": [int(people)] * 6 + [0]},
        dispersion={"b": 1.0},
    )
    seen = Snapshot.from_json(told)
    assert windows_to_keep(Rulebook(seen), outlook(seen)) == {"b": windows}


@pytest.mark.parametrize("seed", range(7_000, 7_060))
def test_strange_halls_keep_what_their_caps_need(seed: int) -> None:
    seen = strange(seed)
    book, look = Rulebook(seen), outlook(seen)
    has = windows_kept(book, Muster(book, look.need(fallback.AHEAD_S)).meet_floors().posts)
    for plan in (solve(seen), fallback.plan(seen)):
        for name, windows in windows_to_keep(book, look).items():
            assert _kept_by(plan, seen, name) >= min(windows, has[name])
