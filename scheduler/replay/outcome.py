"""What one replication under one policy came to: every visitor's wait, and the sums over the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scheduler.replay.floor import Floor

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """Columns over visitors, in order of arrival, and figures of the day.

    `wait_s`: from the place in line to the call, to walking away, or to the end of the day for those
    never served. Nobody drops out of the mean (PLANNING.md §7). `idle_share`: of the clerks' time at
    work, NaN where nobody came to work. `bare_s`: seconds per service in which somebody waited and
    nobody offered it.
    """

    service: npt.NDArray[np.int64]
    wait_s: Floats
    walked_away: npt.NDArray[np.bool_]
    unserved: npt.NDArray[np.bool_]
    flips: int
    walks: int
    idle_share: float
    bare_s: Floats


def outcome(floor: Floor) -> Outcome:
    """Read a floor's record at the end of its day."""
    people, record = floor.visitors, floor.record
    called, left = np.asarray(record.called_s, dtype=float), np.asarray(record.left_s, dtype=float)
    end = np.where(called >= 0, called, np.where(left >= 0, left, floor.now))
    return Outcome(
        service=np.asarray(people.service, dtype=np.int64),
        wait_s=np.maximum(0.0, end - np.asarray(people.since_s, dtype=float)),
        walked_away=left >= 0,
        unserved=(called < 0) & (left < 0),
        flips=record.flips,
        walks=record.walks,
        idle_share=record.idle_s / record.present_s if record.present_s else float("nan"),
        bare_s=np.asarray(floor.coverage.bare_s),
    )
