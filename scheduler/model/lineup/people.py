"""Sampled people for the rest of a day, drawn from the outlook with more noise than a Poisson process has.

How full a sampled day is, and which families bring more than foretold, is not left to chance but spread over
the days evenly: chance in these had a say in which line-up was found, and doubt about families
drawn by chance cost ordinary days more than it taught (docs/BENCHMARKS.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from scheduler.draft.outlook import Outlook
from scheduler.model.lineup.rehearsal import Floats, Ints
from scheduler.snapshot import Snapshot

DAY_CV = 0.08  # one factor per day (PLANNING.md §6: over-dispersion comes mostly through it)
FAMILY_DOUBT = 0.2  # of the logarithm: a family brings e^0.2 times what was foretold, or e^-0.2 times
PATIENCE_S, PATIENCE_SD = 4800.0, 0.6  # lognormal; unmeasured in public (DOMAIN.md §H)


@dataclass(frozen=True)
class People:
    """Columns over all sampled days; day d is [first[d], first[d + 1]), by place in line."""

    first: Ints
    place: Floats
    service: Ints
    work: Floats
    leaves: Floats

    @property
    def days(self) -> int:
        return len(self.first) - 1


def sample(snapshot: Snapshot, look: Outlook, days: int) -> People:
    """`days` days; the same snapshot gives the same people."""
    rng = np.random.default_rng([abs(snapshot.seed), 71])
    here = _waiting(snapshot, look)
    drawn = [_day(snapshot, look, rng, here, level) for level in _levels(snapshot, rng, days)]
    first = np.cumsum([0, *(each.shape[1] for each in drawn)])
    place, service, work, leaves = np.ascontiguousarray(np.concatenate(drawn, axis=1))
    return People(first, place, service.astype(np.int64), work, leaves)


def _levels(snapshot: Snapshot, rng: np.random.Generator, days: int) -> Floats:
    """(days, services): how many come for one who was foretold. Days in pairs, with opposite families."""
    sd = float(np.log1p(DAY_CV**2)) ** 0.5
    usual = NormalDist(-(sd**2) / 2, sd)
    hall = np.exp([usual.inv_cdf(_evenly(day)) for day in range(1, days + 1)])
    families = {f: i for i, f in enumerate(dict.fromkeys(s.family for s in snapshot.services))}
    more = rng.choice((-1.0, 1.0), size=((days + 1) // 2, len(families)))
    family = np.stack((more, -more), axis=1).reshape(-1, len(families))[:days]
    factor = np.exp(FAMILY_DOUBT * family) / np.cosh(FAMILY_DOUBT)
    return np.asarray(hall[:, None] * factor[:, [families[s.family] for s in snapshot.services]])


def _evenly(number: int) -> float:
    """1/2, 1/4, 3/4, 1/8, 5/8 …: any first few lie evenly between 0 and 1 (van der Corput 1935)."""
    return int(f"{number:b}"[::-1], 2) / 2.0 ** number.bit_length()


def _waiting(snapshot: Snapshot, look: Outlook) -> Floats:
    """(place, service) of those in the hall now."""
    found = [(float(w.counts_from_s), float(look.row[w.service])) for w in snapshot.waiting]
    return np.array(found, dtype=float).reshape(-1, 2).T


def _day(snapshot: Snapshot, look: Outlook, rng: np.random.Generator, here: Floats, level: Floats) -> Floats:
    spread = look.dispersion[:, None] - 1
    mean = np.maximum(look.arrivals, 1e-9)
    shape = mean / np.maximum(spread, 1e-6)  # a gamma rate of this shape gives variance/mean as wanted
    counts = rng.poisson(level[:, None] * np.where(look.arrivals > 0, rng.gamma(shape, mean / shape), 0.0))
    service, block = np.nonzero(counts)
    repeat = counts[service, block]
    service, block = np.repeat(service, repeat), np.repeat(block, repeat)
    place = snapshot.now_s + look.block_s * (block + rng.random(len(block)))
    keep = place < snapshot.close_s
    place = np.concatenate((here[0], place[keep]))
    service = np.concatenate((here[1].astype(np.int64), service[keep]))
    sigma = np.sqrt(np.log1p(look.scv[service]))
    normal = rng.standard_normal((2, len(place)))
    work = look.work_s[service] * np.exp(sigma * normal[0] - sigma**2 / 2)
    stays = PATIENCE_S * np.exp(PATIENCE_SD * normal[1])
    leaves = np.maximum(place, snapshot.now_s) + stays
    order = np.argsort(place, kind="stable")
    return np.stack((place, service.astype(float), work, leaves))[:, order]
