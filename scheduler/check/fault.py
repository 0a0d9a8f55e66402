"""A fault 差错: one rule that a plan breaks, and where in the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Every rule there is, by the file that finds it broken. tests/scheduler/test_check_rules.py has a plan that
# keeps and one that breaks each.
Rule = Literal[
    # posts
    "unknown", "interval", "no_window", "empty_mode", "service_twice", "attendance", "clerk_twice",
    "window_twice",
    # rulebook, asked by posts, course and standby
    "not_at_work", "not_authorised", "window_shut", "window_cannot", "too_many_families", "fixed_window",
    "pinned", "flips_spent", "dwell", "refused",
    # rests
    "break_unknown", "break_limits", "break_missing", "break_twice",
    # shifts
    "shift", "on_break",
    # commitments
    "committed", "dropped_needlessly",
    # floors
    "floors", "unmet",
    # standby
    "standby_post", "standby_service", "standby_floor",
    # told
    "header", "gap", "expected", "flip_untold", "flip_none", "flip_post", "flip_reason",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` is a JSON Pointer into the plan's document."""

    rule: Rule
    path: str
    text: str
