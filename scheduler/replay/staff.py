"""Clerks and windows while a simulated day runs: plain changing state, no rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from scheduler.replay.agenda import NEVER
from scheduler.replay.layout import Layout, Mode
from scheduler.replay.scenario import Break, Span

NOTHING: Mode = frozenset()


class Status(Enum):
    """What a clerk does now; the words of the snapshot."""

    OFF = "off"
    IDLE = "idle"
    SERVING = "serving"
    SETUP = "setup"  # walking, setting a window up, or waiting at one for the colleague to leave
    BREAK = "break"


class Pause:
    """One break of one clerk. `start_s` may be moved until it is taken."""

    __slots__ = ("earliest_s", "latest_s", "length_s", "start_s", "taken")

    def __init__(self, planned: Break) -> None:
        self.earliest_s, self.latest_s = planned.earliest_s, planned.latest_s
        self.length_s, self.start_s = planned.length_s, planned.start_s
        self.taken = False


class ClerkState:
    """`target` is the post to take up once free: (window or None, mode); None = stay."""

    __slots__ = (
        "absent", "busy_until_s", "came_s", "end_s", "family", "index", "kept", "mode", "pace", "pause_s",
        "pauses", "seated", "serving", "serving_since", "since", "start_s", "status", "target", "until",
        "window",
    )  # fmt: skip

    def __init__(self, layout: Layout, index: int) -> None:
        planned = layout.scenario.clerks[index]
        self.index = index
        self.pace = layout.pace[index]
        self.start_s, self.end_s = planned.start_s, planned.end_s
        self.absent: tuple[Span, ...] = planned.absent
        self.busy_until_s = planned.busy_until_s
        self.kept = None if planned.window is None else layout.windows.index(planned.window)
        self.pauses = [Pause(b) for b in planned.breaks]
        self.pause_s = NEVER  # start of the next break not taken
        self.status = Status.OFF
        self.since = self.start_s  # start of the present status
        self.until = 0.0  # end of set-up or break
        self.came_s = 0.0  # end of the last time away
        self.seated = False  # ready to call in the mode: neither away nor setting up
        self.window: int | None = None
        self.mode: Mode = NOTHING
        self.target: tuple[int | None, Mode] | None = None
        self.serving: int | None = None
        self.serving_since = 0.0
        self.family: int | None = None  # of the last visitor
        self.plan_pause()

    @property
    def at_work(self) -> bool:
        return self.status in (Status.IDLE, Status.SERVING, Status.SETUP)

    def is_away(self, now: float) -> bool:
        """Before the shift, still busy with what was in hand, or absent although nobody planned it."""
        if now < self.start_s or now < self.busy_until_s:
            return True
        return bool(self.absent) and self.is_out(now)

    def keeps(self, now: float) -> int | None:
        """The window that is kept until the case in hand when the day began is done."""
        return self.kept if now < self.busy_until_s else None

    def plan_pause(self) -> None:
        """Find the next break that has not been taken."""
        self.pause_s = min((p.start_s for p in self.pauses if not p.taken), default=NEVER)

    def is_out(self, now: float) -> bool:
        """Absent in the middle of the shift; who has yet to begin is not."""
        return any(start <= now < end for start, end in self.absent)

    def rest_while_away(self, now: float) -> None:
        """A break that an absence has covered whole is no longer owed."""
        for pause in self.pauses:
            end_s = pause.start_s + pause.length_s
            if any(start <= pause.start_s and end_s <= end <= now for start, end in self.absent):
                pause.taken = True
        self.plan_pause()

    def next_pause(self) -> Pause:
        return min((p for p in self.pauses if not p.taken), key=lambda p: p.start_s)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A flip agreed on and yet to happen: by this clerk, or (None) by whoever sits there then."""

    mode: Mode
    clerk: int | None
    at_s: int


class WindowState:
    """`clerk` sits there or is on the way. `agreed`: flips to come, earliest first."""

    __slots__ = ("agreed", "clerk", "flips", "index", "mode", "mode_since", "open", "pin", "pinned_until_s")

    def __init__(self, layout: Layout, index: int) -> None:
        planned = layout.scenario.windows[index]
        self.index = index
        self.mode: Mode = layout.mode(planned.mode)
        opens_s = layout.scenario.open_s
        self.mode_since = float(opens_s if planned.mode_since_s is None else planned.mode_since_s)
        self.flips = planned.flips_today
        self.open = planned.open and not any(start <= opens_s < end for start, end in planned.shut)
        self.clerk: int | None = None
        self.pin = layout.pinned.get(index)
        pins = (p.until_s for p in layout.scenario.pins if p.window == planned.id)
        self.pinned_until_s = next(pins, layout.scenario.open_s)
        self.agreed = [
            Agreed(layout.mode(c.mode), layout.clerk(c.clerk), c.at_s)
            for c in sorted(layout.scenario.committed, key=lambda c: c.at_s)
            if c.window == planned.id
        ]

    def pinned(self, now: float) -> Mode | None:
        """The mode that a manager has pinned (nothing: keep closed); None where there is no pin any more."""
        return self.pin if now < self.pinned_until_s else None

    def due(self, now: float) -> Agreed | None:
        """The last flip whose time has come and that has not happened yet."""
        return next((each for each in reversed(self.agreed) if each.at_s <= now), None)

    def decided(self, now: float) -> Mode | None:
        """What people have decided that the window offers now; None where they leave it to the policy."""
        pinned, due = self.pinned(now), self.due(now)
        return pinned if pinned is not None or due is None else due.mode

    def is_decided_on(self, now: float) -> bool:
        """Whether it is pinned, or a flip is agreed on for now or later: nobody lends it to another line."""
        return bool(self.agreed) or self.pinned(now) is not None

    def settle(self, now: float) -> None:
        """What was agreed until now has happened, or cannot."""
        self.agreed = [each for each in self.agreed if each.at_s > now]
