"""Who may watch what, asked at every join. Room names hold ids of halls and windows only."""

from __future__ import annotations

from hall.core.errors import Forbidden
from hall.core.hall import Settings
from hall.core.people import Role

STAFF = "staff"  # the hint that something changed; staff pages then fetch their own state
STAFF_ROLES = frozenset({Role.CLERK, Role.MANAGER, Role.ADMIN, Role.SYSTEM})


def check_join(role: Role | None, settings: Settings, board: str) -> None:
    """Refuse with Forbidden whoever may not watch this board. `role` None: a public screen."""
    if board == STAFF:
        if role not in STAFF_ROLES:
            raise Forbidden()
    elif role is None and not settings.public_screens:
        raise Forbidden()


def of_board(hall: str, board: str) -> str:
    """The room of everybody who watches one board."""
    return f"board/{hall}/{board}"


def of_hall(hall: str) -> str:
    """The room of everybody who watches anything of a hall; the beat goes here."""
    return f"hall/{hall}"
