"""What people decided about windows: a manager's pins, flips announced, flips refused."""

from __future__ import annotations

from dataclasses import dataclass

from hall.core.names import ClerkId, WindowId
from scheduler.field import Field
from scheduler.premises import Mode, read_mode


@dataclass(frozen=True, slots=True)
class Pin:
    """A manager's word on a window: this mode until then; () = keep closed. Overrides dwell."""

    window: WindowId
    mode: Mode
    until_s: int

    @classmethod
    def read(cls, at: Field) -> Pin:
        return cls(WindowId(at.get("window").text()), read_mode(at.get("mode")), at.get("until_s").time_s())


@dataclass(frozen=True, slots=True)
class Committed:
    """An approved or announced flip: kept, or dropped with a reason."""

    window: WindowId
    mode: Mode
    clerk: ClerkId | None
    at_s: int

    @classmethod
    def read(cls, at: Field) -> Committed:
        clerk = at.nullable("clerk")
        return cls(
            window=WindowId(at.get("window").text()),
            mode=read_mode(at.get("mode")),
            clerk=ClerkId(clerk.text()) if clerk else None,
            at_s=at.get("at_s").time_s(),
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """A refused flip: not proposed again before `until_s`."""

    window: WindowId
    mode: Mode
    until_s: int

    @classmethod
    def read(cls, at: Field) -> Refused:
        return cls(WindowId(at.get("window").text()), read_mode(at.get("mode")), at.get("until_s").time_s())
