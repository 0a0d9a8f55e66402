"""The forecast bench: nobody is told of the day that is judged, and what is counted is counted right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from scheduler.forecast import Count
from scheduler.forecast.quantiles import LEVELS
from tests.bench import foretold
from tests.bench.forecast import judged, sets
from tests.bench.forecast.judged import Judged, judge, judge_day
from tests.bench.forecast.rivals import Days, rivals
from tests.bench.forecast.score import Array, Tally, pinball
from tests.bench.made import SLOTS, rows

DAY = sorted({row[1] for row in rows()})[-8]  # a day of its weekday comes after it
CUT = SLOTS[int(judged.MORNING_SHARE * len(SLOTS))]


class Seen(Tally):
    """A tally that keeps the quantiles it was given, of whoever and in the bench's order."""

    given: list[Array]

    def add(self, seen: Array, quantiles: Array, is_open: np.ndarray) -> None:
        Seen.given.append(quantiles)
        super().add(seen, quantiles, is_open)


def quantiles_of(monkeypatch: pytest.MonkeyPatch, counts: list[Count]) -> list[Array]:
    """All quantiles that judging DAY in this set hands out: ours, before, after, then each rival's."""
    Seen.given = []
    monkeypatch.setattr(judged, "Tally", Seen)
    days = sorted({row[1] for row in counts})
    monkeypatch.setitem(sets.SETS, "made", (lambda: counts, days.index(DAY), len(days)))
    found = judge("made", rivals())
    assert len(found.days["ours"]) == 1
    return Seen.given


def times_100(counts: list[Count], since: date, slot: int = 0) -> list[Count]:
    return [
        (s, d, at, 100 * count if (d, at) >= (since, slot) else count) for s, d, at, count in counts
    ]  # fmt: skip


def test_neither_we_nor_a_rival_are_told_who_comes_on_the_judged_day_or_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = quantiles_of(monkeypatch, rows())
    told = quantiles_of(monkeypatch, times_100(rows(), DAY))
    per_series = 3 + len(rivals())
    for number, (one, other) in enumerate(zip(usual, told, strict=True)):
        is_update = number % per_series == 2
        assert (one == other).all() != is_update, number  # the update is told the morning


def test_the_update_is_told_the_morning_and_not_the_afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = quantiles_of(monkeypatch, rows())
    told = quantiles_of(monkeypatch, times_100(rows(), DAY, CUT))
    for one, other in zip(usual, told, strict=True):
        assert (one == other).all()


def test_a_rival_is_handed_the_judged_day_blank_and_no_day_after_it() -> None:
    handed: list[Mapping[str, Days]] = []

    def curious(series: Mapping[str, Days], day: date) -> dict[str, Array]:
        handed.append(series)
        return rivals()["weekday mean"](series, day)

    judge_day(Judged(), {"curious": curious}, rows(), DAY, lambda slot: True)
    for days in handed[0].values():
        assert max(days) == DAY
        assert list(days[DAY]) == list(SLOTS)
        assert np.isnan(list(days[DAY].values())).all()


def test_a_judged_day_counts_its_rows_its_open_hours_and_its_losses() -> None:
    found, opened = Judged(), SLOTS[4]
    judge_day(found, rivals(), rows(), DAY, lambda slot: slot >= opened)
    (ours,), (before,), (after,) = found.days["ours"], found.before, found.after
    assert ours.slots == 2 * len(SLOTS)
    assert ours.open == 2 * (len(SLOTS) - 4)
    assert before.slots == after.slots == 2 * sum(slot >= CUT for slot in SLOTS)
    assert 0 < before.loss < ours.loss
    assert ours.open_inside <= ours.inside <= ours.slots
    assert 0.6 * ours.slots < ours.inside
    assert 0.8 * ours.slots <= ours.least < 0.9 * ours.slots
    assert set(found.days) == {"ours", *rivals()}


def test_a_series_that_begins_on_the_judged_day_is_not_judged() -> None:
    found, new = Judged(), [("new", DAY, slot, 3.0) for slot in SLOTS]
    judge_day(found, {}, [*rows(), *new], DAY, lambda slot: True)
    assert found.days["ours"][0].slots == 2 * len(SLOTS)


def test_the_rest_of_the_day_is_missed_by_what_came_more() -> None:
    usual, more = Judged(), Judged()
    judge_day(usual, {}, rows(), DAY, lambda slot: True)
    last = [(s, d, at, n + 500 * ((d, at) == (DAY, SLOTS[-1]))) for s, d, at, n in rows()]
    judge_day(more, {}, last, DAY, lambda slot: True)
    for one, other in zip(usual.rests[0], more.rests[0], strict=True):
        assert 900 < other - one <= 1000


def test_pinball_is_the_miss_times_the_level_on_its_side() -> None:
    at = np.full((1, len(LEVELS)), 10.0)
    assert pinball(np.array([12.0]), at)[0] == pytest.approx([2 * level for level in LEVELS])
    assert pinball(np.array([7.0]), at)[0] == pytest.approx([3 * (1 - level) for level in LEVELS])


def test_an_hour_without_passengers_is_a_zero_and_a_day_without_rows_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = [("2019-01-01", 5, 40), ("2019-01-01", 8, 70), ("2019-01-03", 6, 50), ("2020-03-01", 23, 9)]
    told = [{"date": d, "hour": str(h), "passengers": str(n)} for d, h, n in log]
    monkeypatch.setattr(sets, "airport_hours", lambda: iter(told))
    found: dict[date, list[tuple[int, float]]] = {}
    for _, day, slot, count in sets.airport():
        found.setdefault(day, []).append((slot // 3600, count))
    assert found == {
        date(2019, 1, 1): [(5, 40), (6, 0), (7, 0), (8, 70)],
        date(2019, 1, 3): [(5, 0), (6, 50), (7, 0), (8, 0)],
    }


def test_the_year_that_is_timed_is_a_year_of_a_large_hall() -> None:
    counts = list(foretold.counted())
    assert len({row[0] for row in counts}) == 30
    assert len({row[2] for row in counts}) == 36
    assert {row[1].weekday() for row in counts} == {0, 1, 2, 3, 4}
    assert max(row[1] for row in counts) - min(row[1] for row in counts) >= timedelta(days=363)
