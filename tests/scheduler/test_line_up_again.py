"""When a day is another than the one that was rehearsed: what the morning tells, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hall.core.names import ServiceId
from scheduler import model
from scheduler.check import faults
from scheduler.check.rulebook import Rulebook
from scheduler.draft import review
from scheduler.draft.evidence import evidence
from scheduler.draft.fullness import LEAST_LOAD, MOST_LOAD, rehearsed, tempered
from scheduler.draft.outlook import outlook, presence
from scheduler.draft.rests import as_planned
from scheduler.replay.floor import Floor
from scheduler.replay.layout import layout
from scheduler.replay.policy import Passive
from scheduler.replay.scenario import Scenario
from scheduler.replay.seen import snapshot
from scheduler.replay.visitors import draw
from scheduler.snapshot import Snapshot
from tests.bench.plans.days import day
from tests.bench.plans.halls import hall

HALF_PAST_TEN = 90 * 60  # after opening


def _morning(kind: str, number: int, after_s: int = HALF_PAST_TEN) -> Snapshot:
    """A district hall at half past ten of a day of this kind, as if nobody had been called yet."""
    return _at(day(hall("district", 21), kind, 300 + number), number, after_s)


def _at(scenario: Scenario, number: int, after_s: int) -> Snapshot:
    floor = Floor(layout(scenario), draw(scenario, 300, number), Passive())
    opening = snapshot(floor, 1_000, opening=True)
    floor.now = float(scenario.open_s + after_s)
    return replace(snapshot(floor, 1_000), clerks=opening.clerks, waiting=())


def test_an_ordinary_morning_hardly_ever_looks_like_another_day() -> None:
    strong = [evidence(_morning("normal", number)).is_strong for number in range(40)]
    assert sum(strong) <= 2


def test_a_wrong_mix_shows_after_an_hour_and_a_half() -> None:
    strong = [evidence(_morning("wrong mix", number)).is_strong for number in range(10)]
    assert sum(strong) >= 9


@pytest.mark.parametrize("kind", ["forecast -30 %", "forecast +30 %", "surge"])
def test_a_day_that_is_only_fuller_or_emptier_is_no_other_mix(kind: str) -> None:
    assert sum(evidence(_morning(kind, number)).is_strong for number in range(10)) <= 1


def test_the_factors_lie_nearer_to_the_truth_than_the_forecast() -> None:
    errors = []
    for number in range(6):
        told = _morning("wrong mix", number)
        rate = hall("district", 21).demand.rate
        factor = evidence(told).factor
        for s in told.services:
            due, true = sum(told.forecast[s.id]), sum(rate[s.id])
            errors.append((abs(np.log(due / true)), abs(np.log(due * factor[s.id] / true))))
    before, after = np.mean(errors, axis=0)
    assert after < 0.6 * before


def test_where_nothing_was_forecast_nothing_is_told() -> None:
    seen = replace(_morning("normal", 0), forecast={})
    assert not evidence(seen).is_strong
    assert evidence(seen).factor == {}


def _followed(seen: Snapshot) -> Snapshot:
    """As a running hall tells it: the forecast follows the morning, what was foretold stands beside it."""
    factor = evidence(seen).factor
    told = {s: tuple(x * factor[s] for x in means) for s, means in seen.forecast.items()}
    begun = {s: told[s][len(counts) :] for s, counts in seen.arrived.items()}
    now = {s: tuple(map(float, counts)) + begun[s] for s, counts in seen.arrived.items()}
    return replace(seen, forecast=now, foretold=seen.forecast)


def test_a_forecast_that_follows_the_morning_hides_no_other_mix() -> None:
    seen = _morning("wrong mix", 1)
    followed = _followed(seen)
    assert evidence(followed) == evidence(seen)
    assert not evidence(replace(followed, foretold={})).is_strong


def test_what_is_rehearsed_again_is_the_factor_of_what_was_foretold() -> None:
    seen = _morning("wrong mix", 1)
    factor = evidence(seen).factor
    assert np.array_equal(outlook(_followed(seen), factor).arrivals, outlook(seen, factor).arrivals)


def _load(seen: Snapshot, factor: float) -> float:
    """Work over time of the day that is rehearsed if the forecast is multiplied by this."""
    book = Rulebook(seen)
    given = {ServiceId(s.id): factor for s in seen.services}
    look = tempered(book, outlook(seen, given), as_planned(seen))
    time_s = presence(seen, rehearsed(seen), look, as_planned(seen)).sum() * look.block_s
    pace = np.mean([np.mean(list(c.pace.values())) for c in seen.clerks])
    return float((look.arrivals.sum(axis=1) + look.waiting) @ look.work_s / pace / time_s)


def test_a_day_is_rehearsed_neither_too_empty_nor_too_full() -> None:
    opening = replace(_morning("normal", 0, after_s=0), arrived={})
    assert _load(opening, 0.5) == pytest.approx(LEAST_LOAD)
    assert _load(opening, 2.0) == pytest.approx(MOST_LOAD)
    assert LEAST_LOAD < _load(opening, 0.95) < MOST_LOAD


def test_a_day_without_anybody_is_left_as_it_is() -> None:
    seen = replace(_morning("normal", 0, after_s=0), forecast={}, booked=(), arrived={})
    look = outlook(seen)
    assert tempered(Rulebook(seen), look, as_planned(seen)) is look


BRIEF_MS, LONG_MS = 4_000.0, 20_000.0


def _is_rehearsed(seen: Snapshot, deadline_ms: float) -> bool:
    plan = model.solve(replace(seen, deadline_ms=deadline_ms))
    assert not faults(seen, plan)
    return plan.gap == model.UNBOUNDED


@pytest.mark.parametrize(
    ("kind", "minutes", "again"),
    [("wrong mix", 90, True), ("wrong mix", 95, False), ("normal", 90, False)],
    ids=["another mix, at its time", "between the times", "an ordinary day"],
)
def test_a_line_up_is_rehearsed_again_for_another_mix(kind: str, minutes: int, again: bool) -> None:
    seen = _morning(kind, 1, after_s=minutes * 60)
    assert review.is_due(seen) is again
    assert _is_rehearsed(seen, BRIEF_MS) is again
    assert _is_rehearsed(seen, LONG_MS) is again


@pytest.mark.parametrize(
    ("foretold", "came", "again"),
    [(0.7, 0.7, True), (0.7, 1.0, False), (1.0, 0.7, False)],
    ids=["quiet as foretold", "foretold to be quiet, but is not", "quiet, but foretold to be full"],
)
def test_a_day_that_is_as_quiet_as_foretold_gets_the_line_up_of_a_quiet_day(
    foretold: float, came: float, again: bool
) -> None:
    scenario = hall("district", 21)
    rate, told = (
        {s: tuple(x * factor for x in slots) for s, slots in scenario.demand.rate.items()}
        for factor in (came, foretold)
    )
    scenario = replace(scenario, demand=replace(scenario.demand, rate=rate, forecast=told))
    seen = _at(scenario, 1, HALF_PAST_TEN)
    assert review.is_due(seen) is again
    assert _is_rehearsed(seen, BRIEF_MS) is again


def _as_foretold_at_first(seen: Snapshot) -> Snapshot:
    """Until half past ten as many came as were foretold."""
    slots = HALF_PAST_TEN // seen.slot_s
    expected = {s: tuple(map(round, seen.as_foretold(s)[:slots])) for s in seen.arrived}
    return replace(seen, arrived={s: expected[s] + counts[slots:] for s, counts in seen.arrived.items()})


def test_another_mix_is_rehearsed_for_when_it_first_shows_and_not_again() -> None:
    seen = _morning("wrong mix", 1, after_s=2 * HALF_PAST_TEN)
    assert evidence(seen).is_strong and evidence(seen, seen.open_s + HALF_PAST_TEN).is_strong
    assert not review.is_due(seen)
    late = _as_foretold_at_first(seen)
    assert evidence(late).is_strong and not evidence(late, seen.open_s + HALF_PAST_TEN).is_strong
    assert review.is_due(late)


def test_evidence_as_it_was_is_the_evidence_of_then() -> None:
    then, now = (_morning("wrong mix", 1, after_s) for after_s in (HALF_PAST_TEN, 2 * HALF_PAST_TEN))
    assert evidence(now, then.now_s) == evidence(then)


def test_a_review_leaves_breaks_that_begin_within_half_an_hour_and_tells_of_others_as_early() -> None:
    seen = _as_foretold_at_first(_morning("wrong mix", 1, after_s=3 * 3600))
    plan = model.solve(replace(seen, deadline_ms=LONG_MS))
    assert plan.gap == model.UNBOUNDED
    planned, moved = as_planned(seen), 0
    for one in plan.breaks:
        before = planned[one.clerk, one.index]
        if before < seen.now_s + 1800:
            assert one.start_s == before
        else:
            assert one.start_s >= seen.now_s + 1800
            moved += one.start_s != before
    assert moved > 0


def test_a_line_up_made_again_is_the_same_twice() -> None:
    seen = replace(_morning("wrong mix", 1), deadline_ms=20_000.0)
    first, second = model.solve(seen), model.solve(seen)
    assert replace(first, solve_ms=0.0) == replace(second, solve_ms=0.0)
