"""What happened in one simulated day, written down while it runs."""

from __future__ import annotations

from scheduler.replay.layout import Layout
from scheduler.replay.visitors import Visitors

NOT_YET = -1.0


class Record:
    """`called_s` and `left_s` per visitor (NOT_YET until it happens); the rest are sums over the day."""

    def __init__(self, layout: Layout, visitors: Visitors) -> None:
        self.called_s = [NOT_YET] * len(visitors)
        self.left_s = [NOT_YET] * len(visitors)
        self.handled = [0] * len(layout.services)
        self.handled_s = [0.0] * len(layout.services)  # without changeover
        self.flips = 0
        self.walks = 0
        self.idle_s = 0.0  # nothing to do, inside the shift
        self.present_s = 0.0  # inside the shift, breaks and absences taken off
