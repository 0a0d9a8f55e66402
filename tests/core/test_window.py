"""Who may serve what at a window, and which change of mode is a flip."""

from __future__ import annotations

from datetime import date

import pytest

from hall.core.names import FamilyId, ServiceId
from hall.core.window import Equipment, Skill, is_flip, why_not

DAY = date(2026, 3, 2)
FAMILIES = {ServiceId(s): FamilyId(s[0]) for s in ("a1", "a2", "b1", "c1")}
TIDAL = Equipment(frozenset(FAMILIES), tidal=True)
FIXED = Equipment(frozenset(FAMILIES), tidal=False, fixed_mode=(ServiceId("a1"), ServiceId("a2")))
NARROW = Equipment(frozenset({ServiceId("a1")}), tidal=True)
ABLE = {service: Skill() for service in FAMILIES}


@pytest.mark.parametrize(
    ("mode", "equipment", "skills", "why"),
    [
        ("a1 a2 b1", TIDAL, ABLE, None),
        ("a1 b1", TIDAL, None, None),
        ("a1", FIXED, ABLE, None),
        ("b1", FIXED, ABLE, "its mode is fixed"),
        ("b1", NARROW, ABLE, "its terminals do not reach this service"),
        ("a1 b1 c1", TIDAL, ABLE, "too many families in one mode"),
        ("a1 b1", TIDAL, {ServiceId("a1"): Skill()}, "the clerk is not authorised"),
        (
            "a1",
            TIDAL,
            {ServiceId("a1"): Skill(until=date(2026, 3, 1))},
            "the clerk's authorisation has expired",
        ),
        ("a1", TIDAL, {ServiceId("a1"): Skill(until=DAY)}, None),
    ],
)
def test_terminal_authorisation_and_policy_all_count(
    mode: str, equipment: Equipment, skills: dict[ServiceId, Skill] | None, why: str | None
) -> None:
    assert why_not(map(ServiceId, mode.split()), equipment, skills, FAMILIES, 2, DAY) == why


@pytest.mark.parametrize(
    ("now", "to", "expected"),
    [
        ("a1", "b1", True),
        ("a1", "a1 b1", True),
        ("a1 b1", "a1", False),
        ("a1", "a1", False),
        ("", "a1", False),
    ],
)
def test_a_flip_brings_a_service_the_window_did_not_offer(now: str, to: str, expected: bool) -> None:
    assert is_flip(map(ServiceId, now.split()), map(ServiceId, to.split())) is expected
