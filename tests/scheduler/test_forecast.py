"""What history teaches about a day, and the morning about the afternoon."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from hall.core.calendar import Calendar, DayKind, Entry
from scheduler.forecast import Count, fit

MONDAY = date(2026, 3, 2)
STARTS = tuple(range(8 * 3600, 16 * 3600, 3600))
SHAPE = np.array([5, 20, 30, 20, 5, 10, 8, 2]) / 100


def history(
    weeks: int, seed: int = 1, spread: float = 0.04, services: dict[str, int] | None = None
) -> list[Count]:
    """Mondays are twice as busy as other days; a day's factor is shared by its slots."""
    draw = np.random.default_rng(seed)
    rows: list[Count] = []
    for day in (MONDAY - timedelta(days=n) for n in range(7 * weeks, 0, -1)):
        if day.weekday() > 4:
            continue
        factor = draw.gamma(1 / spread, spread) if spread else 1.0
        for service, level in (services or {"social": 100}).items():
            mean = level * (2 if day.weekday() == 0 else 1) * factor * SHAPE
            rows += [(service, day, s, int(c)) for s, c in zip(STARTS, draw.poisson(mean), strict=True)]
    return rows


def test_a_weekday_is_told_from_the_others_and_the_shape_from_flat() -> None:
    model = fit(history(26))
    monday = np.array(model.day(MONDAY, STARTS).mean("social"))
    tuesday = np.array(model.day(MONDAY + timedelta(days=1), STARTS).mean("social"))
    assert monday.sum() == pytest.approx(200, rel=0.12)
    assert tuesday.sum() == pytest.approx(100, rel=0.12)
    assert monday / monday.sum() == pytest.approx(SHAPE, abs=0.02)


def test_recent_weeks_weigh_more() -> None:
    before = [(s, d - timedelta(weeks=26), t, n) for s, d, t, n in history(26)]
    doubled = [(s, d, t, 2 * n) for s, d, t, n in history(26, seed=2)]
    total = sum(fit(before + doubled).day(MONDAY, STARTS).mean("social"))
    assert total > 350


@pytest.mark.parametrize("days", [1, 3])
def test_a_young_hall_gets_a_plain_forecast(days: int) -> None:
    rows = [row for row in history(1) if row[1] < MONDAY - timedelta(days=7 - days)]
    forecast = fit(rows).day(MONDAY, STARTS)
    assert sum(forecast.mean("social")) > 30
    assert forecast.dispersion("social") >= 1


def test_a_weekday_seen_once_is_not_wholly_believed() -> None:
    """The first Monday on record may have been the last one before the holidays."""
    hall = {f"s{number}": 100 for number in range(6)}
    once, often = (fit(history(weeks, 1, 0.0, hall)).day(MONDAY, STARTS) for weeks in (1, 26))
    assert 150 < sum(sum(once.mean(s)) for s in hall) / 6 < 190
    assert sum(sum(often.mean(s)) for s in hall) / 6 == pytest.approx(200, rel=0.03)


def test_a_weekday_met_once_is_less_certain_than_one_met_often() -> None:
    met_once = MONDAY - timedelta(days=7)
    rows = [row for row in history(8) if row[1].weekday() != 0 or row[1] == met_once]
    model = fit(rows)
    monday, tuesday = (model.day(MONDAY + timedelta(days=n), STARTS).day_spread("social") for n in (0, 1))
    assert monday > tuesday + 0.01
    often = fit(history(26))
    monday, tuesday = (often.day(MONDAY + timedelta(days=n), STARTS).day_spread("social") for n in (0, 1))
    assert monday == pytest.approx(tuesday, abs=0.003)


def test_zeros_of_what_the_calendar_shut_teach_nothing() -> None:
    """A hall that writes a zero for every slot of a day off, or of the afternoon of a half day."""
    rows = history(8)
    holiday, half = MONDAY - timedelta(days=5), MONDAY - timedelta(days=4)
    own = Calendar.of([Entry(holiday, DayKind.HOLIDAY), Entry(half, DayKind.HALF, (STARTS[0], STARTS[4]))])
    zeros = [
        (s, day, t, 0 if day == holiday or (day == half and t >= STARTS[4]) else n) for s, day, t, n in rows
    ]
    absent = [row for row, old in zip(zeros, rows, strict=True) if row == old or row[3]]
    tuesday = MONDAY + timedelta(days=1)
    told = [fit(each, own).day(tuesday, STARTS).mean("social") for each in (zeros, absent)]
    assert told[0] == pytest.approx(told[1], rel=1e-9)


def test_a_hall_that_works_on_a_day_off_learns_from_it() -> None:
    rows = [row for row in history(8, 1, 0.0) if row[1] >= MONDAY - timedelta(days=12)]
    own = Calendar.of([Entry(MONDAY - timedelta(days=n), DayKind.HOLIDAY) for n in range(1, 30)])
    assert sum(fit(rows, own).day(MONDAY, STARTS).mean("social")) > 100


def test_a_history_of_nothing_but_days_off_expects_nobody() -> None:
    rows = [(s, day, t, 0) for s, day, t, _ in history(1)]
    own = Calendar.of([Entry(MONDAY - timedelta(days=n), DayKind.HOLIDAY) for n in range(1, 8)])
    assert fit(rows, own).day(MONDAY, STARTS).mean("social") == [0.0] * len(STARTS)


def test_slots_off_the_grid_share_those_they_lie_in() -> None:
    model = fit(history(12))
    usual = model.day(MONDAY, STARTS).mean("social")
    half_past = model.day(MONDAY, [start + 1800 for start in STARTS[:-1]]).mean("social")
    between = [(one + next_) / 2 for one, next_ in pairwise(usual)]
    assert half_past == pytest.approx(between)


def test_hours_that_no_day_had_are_like_the_nearest() -> None:
    usual = fit(history(12)).day(MONDAY, STARTS)
    longer = fit(history(12)).day(MONDAY, [*STARTS, 16 * 3600, 17 * 3600])
    assert longer.mean("social") == pytest.approx([*usual.mean("social"), *[usual.mean("social")[-1]] * 2])
    assert longer.dispersions("social")[-1] == pytest.approx(usual.dispersions("social")[-1])


def test_a_make_up_workday_is_no_saturday_of_a_hall_that_has_others() -> None:
    saturdays = {MONDAY - timedelta(days=2 + 7 * n) for n in range(12)}
    called = MONDAY - timedelta(days=9)
    rows = history(12) + [
        ("social", day, start, 10 if day != called else 15)
        for day in sorted(saturdays)
        for start in (STARTS if day == called else STARTS[:4])
    ]
    coming = MONDAY + timedelta(days=5)
    own = Calendar.of([Entry(day, DayKind.WORKDAY) for day in (called, coming)])
    model = fit(rows, own)
    assert model.day(coming, STARTS).mean("social") == pytest.approx(
        model.day(coming + timedelta(days=4), STARTS).mean("social"), rel=0.02
    )
    plain = fit([row for row in rows if row[1] != called], own)
    later = coming + timedelta(days=7)
    assert sum(model.day(later, STARTS[:4]).mean("social")) == pytest.approx(
        sum(plain.day(later, STARTS[:4]).mean("social")), rel=0.1
    )


@pytest.mark.parametrize("days", [5, 10, 40])
def test_a_young_hall_knows_how_uneven_its_days_are(days: int) -> None:
    """Weekdays met once or twice are fitted to their own luck, which must not pass for certainty."""
    variance, spreads, noises = 0.06, [], []
    for seed in range(25):
        draw = np.random.default_rng(seed)
        dates = [day for n in range(60) if (day := MONDAY + timedelta(days=n)).weekday() < 5][:days]
        rows = [
            ("social", day, start, int(count))
            for day in dates
            for start, count in zip(
                STARTS, draw.poisson(400 * SHAPE * draw.gamma(1 / variance, variance)), strict=True
            )
        ]
        coming = fit(rows).day(dates[-1] + timedelta(days=7), STARTS)
        spreads.append(coming.day_spread("social"))
        noises.append(coming.noise.mean())
    assert 0.6 * variance < np.mean(spreads) < 1.6 * variance
    assert 0.85 < np.mean(noises) < 1.35


def test_no_history_expects_nobody() -> None:
    forecast = fit([]).day(MONDAY, STARTS)
    assert forecast.mean("social") == [0.0] * len(STARTS)
    assert forecast.update({"social": [3, 4]}, STARTS[2]).mean("social") == [0.0] * len(STARTS)


def test_a_busy_morning_lifts_the_afternoon_and_a_quiet_one_lowers_it() -> None:
    forecast = fit(history(26)).day(MONDAY, STARTS)
    usual = forecast.mean("social")
    for times in (0.6, 1.5):
        seen = [round(times * mean) for mean in usual[:4]]
        later = forecast.update({"social": seen}, STARTS[4]).mean("social")
        moved = sum(later[4:]) / sum(usual[4:])
        assert min(1, times) < moved < max(1, times)
        assert abs(moved - times) < abs(moved - 1), "four slots say more than the prior"


def test_slots_that_are_over_hold_who_came() -> None:
    """A planner that corrects by came over expected (draft/outlook.py) must not correct twice."""
    forecast = fit(history(26)).day(MONDAY, STARTS)
    usual = forecast.mean("social")
    seen = [round(1.5 * mean) for mean in usual[:3]]
    later = forecast.update({"social": [*seen, 2]}, STARTS[3] + 300).mean("social")
    assert later[:3] == seen
    assert later[3] > usual[3]


def test_slots_of_which_nothing_is_told_keep_their_means() -> None:
    forecast = fit(history(26, services={"social": 200, "estate": 100})).day(MONDAY, STARTS)
    later = forecast.update({"social": [50], "estate": [float("nan")]}, STARTS[2])
    assert later.mean("social")[:2] == [50, forecast.mean("social")[1]]
    assert later.mean("estate")[:2] == forecast.mean("estate")[:2]


def test_other_services_tell_how_the_day_is() -> None:
    forecast = fit(history(26, services={"social": 200, "estate": 10})).day(MONDAY, STARTS)
    usual = forecast.mean("estate")
    busy = [round(1.5 * mean) for mean in forecast.mean("social")[:4]]
    own = [round(mean) for mean in usual[:4]]
    later = forecast.update({"social": busy, "estate": own}, STARTS[4]).mean("estate")
    assert sum(later[4:]) > 1.1 * sum(usual[4:])


def test_the_first_minute_of_the_day_changes_nothing() -> None:
    forecast = fit(history(26)).day(MONDAY, STARTS)
    assert forecast.update({"social": []}, STARTS[0]).mean("social") == pytest.approx(forecast.mean("social"))


def test_the_update_lowers_the_error_of_the_rest_of_the_day() -> None:
    model = fit(history(52))
    draw, before, after = np.random.default_rng(3), 0.0, 0.0
    for _ in range(200):
        forecast = model.day(MONDAY, STARTS)
        day = draw.poisson(200 * draw.gamma(25, 0.04) * SHAPE)
        updated = forecast.update({"social": day[:3].tolist()}, STARTS[3])
        rest = float(day[3:].sum())
        before += abs(rest - sum(forecast.mean("social")[3:]))
        after += abs(rest - sum(updated.mean("social")[3:]))
    assert after < 0.8 * before


def test_days_that_vary_more_than_chance_are_known_for_it() -> None:
    wild, tame = fit(history(52, spread=0.09)), fit(history(52, spread=0.0))
    assert wild.learned is not None and tame.learned is not None
    assert wild.learned.noise.spread[0] == pytest.approx(0.09, rel=0.4)
    assert tame.learned.noise.spread[0] < 0.01


def test_the_same_history_gives_the_same_model_and_travels() -> None:
    rows = history(8)
    one, two = fit(rows), fit(list(reversed(rows)))
    again = pickle.loads(pickle.dumps(one))
    assert one.day(MONDAY, STARTS).mean("social") == two.day(MONDAY, STARTS).mean("social")
    assert again.day(MONDAY, STARTS).mean("social") == one.day(MONDAY, STARTS).mean("social")
