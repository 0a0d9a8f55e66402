"""What a policy is: the part of a hall that decides who sits where and what each window offers.

A policy never decides who is called next; that is the hall's line rule. It acts only through the verbs of
`Floor`, which refuse what the hall's rules forbid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from scheduler.replay.staff import ClerkState, WindowState

if TYPE_CHECKING:  # the floor asks the policy, the policy acts on the floor
    from scheduler.replay.floor import Floor


class Policy(Protocol):
    """One object serves one replication after another; `open` starts it afresh."""

    name: str
    every_s: float | None  # how often `tick` is called; None = never

    def open(self, floor: Floor) -> None:
        """The hall opens: give each clerk a post. Clerks who come later find theirs kept."""

    def tick(self, floor: Floor) -> None:
        """A planning interval has passed."""

    def idle(self, floor: Floor, clerk: ClerkState) -> None:
        """A clerk is free and nobody waits in the mode."""

    def waiting(self, floor: Floor, service: int) -> None:
        """Somebody joined a line and no idle clerk offers it."""

    def changed(self, floor: Floor, clerk: ClerkState) -> None:
        """A clerk came to work (a post may be given before the first call), rests, or went."""

    def shut(self, floor: Floor, window: WindowState) -> None:
        """A window opened or shut; whoever sat there leaves it after the case in hand."""

    def due(self, floor: Floor) -> None:
        """A flip agreed on has come (`WindowState.due`); whoever has the window after this turns to it."""


class Passive:
    """A policy that reacts to nothing; others start from it and say what they add."""

    name = "passive"
    every_s: float | None = None

    def open(self, floor: Floor) -> None: ...

    def tick(self, floor: Floor) -> None: ...

    def idle(self, floor: Floor, clerk: ClerkState) -> None: ...

    def waiting(self, floor: Floor, service: int) -> None: ...

    def changed(self, floor: Floor, clerk: ClerkState) -> None: ...

    def shut(self, floor: Floor, window: WindowState) -> None: ...

    def due(self, floor: Floor) -> None: ...
