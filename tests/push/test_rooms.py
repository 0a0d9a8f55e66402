"""Who may watch which board."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hall.core.errors import Forbidden
from hall.core.hall import Settings
from hall.core.people import Role
from hall.push import rooms

OPEN = Settings()
SHUT = replace(Settings(), public_screens=False)


@pytest.mark.parametrize("role", [None, Role.KIOSK, Role.DISPLAY, Role.VISITOR])
def test_the_staff_room_is_for_staff(role: Role | None) -> None:
    with pytest.raises(Forbidden):
        rooms.check_join(role, OPEN, rooms.STAFF)


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.ADMIN])
def test_staff_may_join_it(role: Role) -> None:
    rooms.check_join(role, SHUT, rooms.STAFF)


def test_a_public_screen_needs_a_hall_that_allows_it() -> None:
    rooms.check_join(None, OPEN, "hall")
    rooms.check_join(Role.DISPLAY, SHUT, "window:W01")
    with pytest.raises(Forbidden):
        rooms.check_join(None, SHUT, "hall")
