"""The balance of a change 得失: the seconds each line waits less by it, and what of it people are told.

Minutes count alike here. A plan also counts waits beyond the promise more, and lines by the hall's weights;
these are named only where the figures of the change bear it out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hall.core.names import ServiceId
from scheduler.draft.outlook import Floats, Outlook
from scheduler.draft.waits import LONGEST_WAIT_S
from scheduler.draft.wording import Words, minutes

MINUTE_S = 60
WORTH_TELLING_S = 30  # a line that wins or loses less than this is named only beside others


@dataclass(frozen=True)
class Late:
    """A line that waits longer than promised, whole minutes."""

    service: ServiceId
    wait_min: int
    promised_min: int

    @property
    def wait(self) -> Words:
        """As far as waits are looked at: at a line that nobody serves they have no end."""
        if self.wait_min * MINUTE_S < LONGEST_WAIT_S:
            return f"约等{self.wait_min}分钟", f"about {minutes(self.wait_min)}"
        return f"要等{self.wait_min}分钟以上", f"{minutes(self.wait_min)} or more"


@dataclass(frozen=True)
class Balance:
    """`less_s`: seconds waited less by all, per service in the outlook's order; below 0 where more."""

    look: Outlook
    less_s: Floats

    @property
    def net_s(self) -> float:
        return float(self.less_s.sum())

    @property
    def weighed_s(self) -> float:
        """Each line's seconds times the hall's weight for it."""
        return float(self.look.weight @ self.less_s)

    @property
    def gain_s(self) -> float:
        return float(self.less_s.clip(0).sum())

    @property
    def cost_s(self) -> float:
        return float((-self.less_s).clip(0).sum())

    @property
    def gain_min(self) -> int:
        return round(self.gain_s / MINUTE_S)

    @property
    def cost_min(self) -> int:
        return round(self.cost_s / MINUTE_S)

    @property
    def winners(self) -> tuple[ServiceId, ...]:
        """Lines that wait less, the largest share first."""
        return self._worth_telling(self.less_s)

    @property
    def losers(self) -> tuple[ServiceId, ...]:
        return self._worth_telling(-self.less_s)

    def late(self, lines: Sequence[ServiceId], others: Sequence[ServiceId], wait_s: Floats) -> Late | None:
        """Of these lines the one furthest beyond its promise, if further than any of the others.

        `wait_s`: of who comes now, per service, with the change or without it, whichever is longer.
        """
        so_far_s = self.look.waited_s / np.maximum(self.look.waiting, 1.0)
        longest_s = np.maximum(wait_s, so_far_s)
        times = dict(zip(self.look.ids, longest_s / np.maximum(self.look.target_s, 1.0), strict=True))
        line = max(lines, key=lambda s: times[s], default=None)
        if line is None or times[line] <= max((times[s] for s in others), default=0.0):
            return None
        row = self.look.row[line]
        wait_min, promised_min = (round(float(x[row]) / MINUTE_S) for x in (longest_s, self.look.target_s))
        return Late(line, wait_min, promised_min) if wait_min > promised_min else None

    def _worth_telling(self, seconds: Floats) -> tuple[ServiceId, ...]:
        """Small shares only where they add up to something: else an hour's gain had no one who has it."""
        rows = [i for i in np.argsort(-seconds, kind="stable") if seconds[i] > 0]
        large = [i for i in rows if seconds[i] > WORTH_TELLING_S]
        small_s = sum(float(seconds[i]) for i in rows[len(large) :])
        return tuple(self.look.ids[i] for i in (rows if small_s > WORTH_TELLING_S else large))
