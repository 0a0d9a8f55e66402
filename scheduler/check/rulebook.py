"""The rules of a hall at one moment: why a window may not offer a mode with a clerk. No solver, no goals.

contracts/README.md §1 is the source; every sentence of its “Rules that every plan keeps” about one window
is a line of `refusal` here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hall.core.names import ServiceId
from scheduler.check.fault import Rule
from scheduler.snapshot import Clerk, Mode, Snapshot, Window


class Rulebook:
    """Look-ups over one snapshot, made once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.now_s = snapshot.now_s
        self.services = {s.id: s for s in snapshot.services}
        self.family = {s.id: s.family for s in snapshot.services}
        self.windows = {w.id: w for w in snapshot.windows}
        self.clerks = {c.id: c for c in snapshot.clerks}
        self.pins = {p.window: p for p in snapshot.pins if p.until_s > snapshot.now_s}
        self.at_work = tuple(c for c in snapshot.clerks if c.is_at_work)
        self._offered = {(c.window, frozenset(c.mode)) for c in self.at_work}
        # The floors that count: of services that are open now.
        self.floors = {
            s.id: s.floor for s in snapshot.services if s.floor and snapshot.is_open(s, snapshot.now_s)
        }

    def families(self, mode: Iterable[ServiceId]) -> set[str]:
        return {self.family[s] for s in mode}

    def refusal(self, window: Window, clerk: Clerk, mode: Mode, at_s: int | None = None) -> Rule | None:
        """The code of the first rule against this clerk offering this mode there at that time (now)."""
        return unable(clerk, mode) or self.forbidden(window, mode, at_s)

    def forbidden(self, window: Window, mode: Mode, at_s: int | None = None) -> Rule | None:
        """The code of the first rule against the window offering this mode, whoever sits there."""
        when_s = self.now_s if at_s is None else max(at_s, self.now_s)
        pin = self.pins.get(window.id)
        pinned = pin is not None and when_s < pin.until_s
        if not window.open:
            return "window_shut"
        if not set(mode) <= window.can:
            return "window_cannot"
        if len(self.families(mode)) > self.snapshot.rules.max_families:
            return "too_many_families"
        if not window.tidal and set(mode) != set(window.fixed_mode):
            return "fixed_window"
        if pinned and pin is not None and set(mode) != set(pin.mode):
            return "pinned"
        if is_flip(window, mode) and (why := self._no_flip(window, when_s, pinned)):
            return why
        return None if pinned else self._refused(window, mode, when_s)

    def is_settled(self, window: Window, at_s: int) -> bool:
        """Whether dwell or the day's number of flips keeps the window from any flip at that time."""
        most = self.snapshot.rules.max_flips_per_window
        spent = most is not None and window.flips_today >= most
        return spent or at_s - window.mode_since_s < self.snapshot.rules.min_dwell_s

    def _no_flip(self, window: Window, when_s: int, pinned: bool) -> Rule | None:
        """A flip needs its dwell, unless a manager pinned the mode, and one of the day's flips."""
        rules = self.snapshot.rules
        if rules.max_flips_per_window is not None and window.flips_today >= rules.max_flips_per_window:
            return "flips_spent"
        rested = pinned or when_s - window.mode_since_s >= rules.min_dwell_s
        return None if rested else "dwell"

    def _refused(self, window: Window, mode: Mode, when_s: int) -> Rule | None:
        if set(mode) == set(window.mode) or (window.id, frozenset(mode)) in self._offered:
            return None  # what stands is no proposal
        for one in self.snapshot.refused:
            if one.window == window.id and set(one.mode) == set(mode) and when_s < one.until_s:
                return "refused"
        return None


def unable(clerk: Clerk, mode: Mode, is_now: bool = True) -> Rule | None:
    """What keeps the clerk from offering the mode anywhere, now or later on."""
    if is_now and not clerk.is_at_work:
        return "not_at_work"
    if not mode:
        return "empty_mode"
    return None if set(mode) <= clerk.pace.keys() else "not_authorised"


def is_flip(window: Window, mode: Iterable[ServiceId]) -> bool:
    """A new mode that is no subset of the window's present one; the first mode of a day is none."""
    return bool(window.mode) and not set(mode) <= set(window.mode)


def left_by(window: Window, mode: Mode, at_s: int) -> Window:
    """The window as this mode leaves it: a flip or a first mode restarts the dwell, narrowing does not."""
    if set(mode) == set(window.mode):
        return window
    flips = int(is_flip(window, mode))
    since_s = at_s if flips or not window.mode else window.mode_since_s
    return replace(window, mode=mode, mode_since_s=since_s, flips_today=window.flips_today + flips)
