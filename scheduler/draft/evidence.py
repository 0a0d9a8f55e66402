"""What has arrived so far against the forecast: is the forecast of the day wrong, and by how much per family?

An ordinary day differs from its forecast by chance alone, and following chance costs more than it brings:
the line-up is rehearsed again only when so many differ so much that chance is no explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hall.core.names import ServiceId
from scheduler.snapshot import DISPERSION, Snapshot

USUAL_CV = 0.08  # of a day's level around a good forecast (PLANNING.md §6)
BEYOND_CHANCE = 3.0  # standard deviations of the sum of squares, as in a chi-square test
HALL_MASS, FAMILY_MASS = 25.0, 8.0  # walk-ins that weigh as much as "as the hall" and "as forecast"


@dataclass(frozen=True)
class Evidence:
    """`beyond`: how far the day is from the forecast, in standard deviations of what chance brings.

    `factor`: came over expected, by service; the same for all of a family, shrunk towards the hall's.
    `level`: the same of the whole hall.
    """

    beyond: float
    level: float
    factor: Mapping[ServiceId, float]

    @property
    def is_strong(self) -> bool:
        return self.beyond > BEYOND_CHANCE


def evidence(snapshot: Snapshot, until_s: int | None = None) -> Evidence:
    """Walk-ins by family from opening until now, against what was foretold before the day began.

    `until_s`: as it was at this time of the day, by the slots that were over. Without any expected or
    arrived nothing is told.
    """
    came: dict[str, float] = {}
    due: dict[str, float] = {}
    chance: dict[str, float] = {}
    for service in snapshot.services:
        counts = np.asarray(snapshot.arrived.get(service.id, ()), dtype=float)
        means = np.asarray(snapshot.as_foretold(service.id), dtype=float)[: len(counts)]
        begins = snapshot.open_s + snapshot.slot_s * np.arange(len(means), dtype=float)
        passed = np.clip(((until_s or snapshot.now_s) - begins) / snapshot.slot_s, 0.0, 1.0)
        if until_s is not None:
            passed = np.floor(passed)
            counts = counts[: len(means)] * passed[: len(counts)]
        mean = float(means @ passed)
        name = service.family
        came[name] = came.get(name, 0.0) + float(counts[: len(means)].sum())
        due[name] = due.get(name, 0.0) + mean
        chance[name] = chance.get(name, 0.0) + mean * snapshot.dispersion.get(service.id, DISPERSION)
    told = [f for f in due if due[f] > 0]
    if not told:
        return Evidence(0.0, 1.0, {})
    hall = (sum(came.values()) + HALL_MASS) / (sum(due.values()) + HALL_MASS)
    squares = [
        (came[f] - hall * due[f]) ** 2 / (hall * chance[f] + (USUAL_CV * hall * due[f]) ** 2) for f in told
    ]
    beyond = (sum(squares) - len(told)) / (2 * len(told)) ** 0.5
    family = {f: hall * (came[f] + FAMILY_MASS) / (hall * due[f] + FAMILY_MASS) for f in told}
    return Evidence(beyond, hall, {s.id: family[s.family] for s in snapshot.services if s.family in family})
