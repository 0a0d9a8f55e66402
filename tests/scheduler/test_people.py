"""Sampled people: levels and families spread over the days evenly, whatever the seed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scheduler.draft.outlook import outlook
from scheduler.model.lineup.people import DAY_CV, FAMILY_DOUBT, People, sample
from scheduler.snapshot import Snapshot
from tests.scheduler import halls

DAYS = 64
EXPECTED = 4_000.0  # people of a family and day: chance in single people hardly shows


def _seen(seed: int) -> Snapshot:
    services = [halls.service(s, family=s) for s in "abc"]
    hall = halls.document(services, [halls.window("W1", "a b c")], [halls.clerk("c1", "a b c", "W1", "a")])
    seen = Snapshot.from_json(hall)
    slots = seen.slots
    told = {s.id: (EXPECTED / slots,) * slots for s in seen.services}
    return replace(seen, now_s=seen.open_s, seed=seed, forecast=told)


def _counts(seed: int, count: int = DAYS) -> np.ndarray:
    """(days, families), over what is expected."""
    look = outlook(_seen(seed))
    people: People = sample(_seen(seed), look, count)
    days = [slice(people.first[day], people.first[day + 1]) for day in range(count)]
    return np.array([np.bincount(people.service[d], minlength=3) / look.arrivals.sum(axis=1) for d in days])


def test_the_first_few_days_are_about_as_full_whatever_the_seed() -> None:
    """A glance at ten days decides which changes are looked at no longer: drawn days differ by .025."""
    means = [_counts(seed, 10).mean() for seed in range(20)]
    assert np.std(means) < 0.01
    assert np.mean(means) == pytest.approx(1.0, abs=0.02)


def test_days_differ_as_much_as_days_and_families_do() -> None:
    levels = _counts(1).mean(axis=1)
    assert levels.mean() == pytest.approx(1.0, abs=0.02)
    assert levels.std() == pytest.approx((DAY_CV**2 + np.tanh(FAMILY_DOUBT) ** 2 / 3) ** 0.5, rel=0.15)


@pytest.mark.parametrize("seed", range(3))
def test_what_a_family_brings_more_on_one_day_it_brings_less_on_the_next(seed: int) -> None:
    """So two families move either together or apart, by twice the doubt in each of two days."""
    logs = np.log(_counts(seed))
    more = logs[0::2] - logs[1::2]
    apart = np.abs(more[:, 0] - more[:, 1])
    together = apart < 2 * FAMILY_DOUBT
    assert 0 < together.sum() < len(together)
    assert apart[together].max() < 0.25
    assert apart[~together] == pytest.approx(4 * FAMILY_DOUBT, abs=0.25)


def test_the_same_snapshot_gives_the_same_people() -> None:
    one, other = (sample(_seen(7), outlook(_seen(7)), 8) for _ in range(2))
    assert np.array_equal(one.place, other.place)
    assert np.array_equal(one.leaves, other.leaves)
