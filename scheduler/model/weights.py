"""What counts how much. All costs are in waiting minutes of one person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Measured on development days by `make bench-plans`; PLANNING figures in brackets."""

    present_s: float = 1800.0  # the block for which posts are whole decisions
    horizon_s: float = 4 * 3600.0  # what comes later does not change what is right now
    flip: float = 25.0  # (about 25 waiting minutes: 11 flips a day in a hall of 60 windows)
    move: float = 10.0
    wide: float = 15.0  # a second family at a window: pools overlap, which no mean flow shows
    beyond_promise: float = 1.0  # added to a minute's cost once the wait is longer than promised ...
    beyond_twice: float = 1.0  # ... and once more beyond twice the promise
    beyond_cap: float = 4.0  # what a line above its cap still costs; that it lends nothing is a row
    urgent: float = 0.5  # those who have waited for the promised time already count so much more
    most_urgent: float = 6.0  # promised times; ended at two, a line that costs a move could wait all day
    forgotten: float = 4.0  # where nobody serves a line: the square of the promised times beyond ...
    patient: float = 2.0  # ... these; beyond ...
    most_forgotten: float = 50.0  # ... so many it is above anything but floors
    floor: float = 10_000.0  # a window missing to a floor: above any waiting
    unpinned: float = 3_000.0  # a pinned window where nobody sits
    no_window: float = 1.0  # being without a window, all else equal
    least_weight: float = 0.05  # a service of weight 0 is still served before nobody


WEIGHTS = Weights()
