"""Who acts: the roles a hall knows and the actor a verb writes into the journal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hall.core.names import ClerkId


class Role(StrEnum):
    KIOSK = "kiosk"  # a registered kiosk: takes tickets and bookings for whoever stands before it
    DISPLAY = "display"  # a screen: reads boards, changes nothing
    CLERK = "clerk"  # serves at a window
    MANAGER = "manager"  # runs the hall: plans, pins, any window
    ADMIN = "admin"  # a manager who may also set up the hall
    VISITOR = "visitor"  # somebody with a ticket's or booking's own secret id
    SYSTEM = "system"  # the worker


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asked. `id` is an account's or device's id, never a name."""

    role: Role
    id: str
    clerk: ClerkId | None = None


WORKER = Actor(Role.SYSTEM, "worker")
