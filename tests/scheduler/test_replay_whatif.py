from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.replay import whatif
from scheduler.replay.bounds import Free
from scheduler.replay.fixed import Fixed
from scheduler.replay.longest import Longest
from scheduler.replay.reading import read
from scheduler.replay.scenario import Break
from scheduler.replay.study import study
from scheduler.replay.whatif.worth import STEPS, WORTHS, Nothing
from tests.bench.plans.halls import hall

TOWN = hall("town", 4)
DAYS = 8
EXAMPLE = Path(__file__).parents[2] / "docs/formats/scenario.example.json"
MARKET = read(json.loads(EXAMPLE.read_text(encoding="utf-8")))


def _change_of_mean(change: whatif.Change) -> float:
    return whatif.ask(TOWN, change, Free(), DAYS).difference.total["mean_s"].value


def test_a_fifth_more_people_make_everybody_wait_longer() -> None:
    answer = whatif.ask(TOWN, whatif.more_demand(1.2), Longest(2), DAYS)
    assert answer.difference.total["mean_s"].low > 0
    assert set(answer.after.services) == {s.id for s in TOWN.services}
    before, after = answer.before.total["mean_s"].value, answer.after.total["mean_s"].value
    assert after - before == pytest.approx(answer.difference.total["mean_s"].value)


def test_one_clerk_more_helps_and_one_fewer_hurts() -> None:
    clerk = TOWN.clerks[0].id
    assert _change_of_mean(whatif.one_clerk_more(clerk)) < 0 < _change_of_mean(whatif.one_clerk_fewer(clerk))


def test_an_absence_hurts_less_the_shorter_it_is() -> None:
    clerk = TOWN.clerks[0].id
    whole = _change_of_mean(whatif.clerk_absent(clerk, TOWN.open_s, TOWN.close_s))
    hour = _change_of_mean(whatif.clerk_absent(clerk, TOWN.open_s, TOWN.open_s + 3600))
    assert whole > hour > 0


def test_an_authorisation_saves_waiting() -> None:
    known = {s.family for s in TOWN.services if s.id in TOWN.clerks[0].pace}
    others = [s.id for s in TOWN.services if s.family not in known]
    if others:
        assert _change_of_mean(whatif.authorised(TOWN.clerks[0].id, others)) < 0


def test_a_window_shut_and_reopened_changes_the_day() -> None:
    shut_all_day = whatif.window_shut(TOWN.windows[0].id, TOWN.open_s, TOWN.close_s)
    fixed = whatif.ask(TOWN, shut_all_day, Fixed(2), DAYS)
    assert fixed.difference.total["mean_s"].value != 0
    shut = whatif.window_shut(TOWN.windows[0].id, 0, 1)(TOWN)
    assert whatif.window_opened(TOWN.windows[0].id, TOWN.open_s)(shut).windows[0].shut == ()


def test_other_breaks_and_promises_are_questions_too() -> None:
    early = Break(TOWN.open_s + 3600, TOWN.open_s + 7200, 1800, TOWN.open_s + 3600)
    assert _change_of_mean(whatif.breaks({c.id: (early,) for c in TOWN.clerks})) != 0
    assert _change_of_mean(whatif.promise(300)) == 0  # free switching looks at no promise


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError):
        whatif.window_shut("nowhere", 0, 1)(TOWN)
    with pytest.raises(KeyError):
        whatif.authorised("nobody", ["s00"])(TOWN)


def test_trainings_are_ranked_by_minutes_saved() -> None:
    ranking = whatif.worth_of_training(TOWN, Free(), 4)
    values = [worth.saved_min.value for worth in ranking.worth]
    assert values == sorted(values, reverse=True)
    assert values[-1] > 0, "what saves nothing is left out"


@pytest.mark.parametrize(("of", "asked"), [("training", 6), ("equipment", 4)])
def test_only_fresh_days_are_told_and_name_no_lucky_winner(of: str, asked: int) -> None:
    """Eight days named four winners in twelve seeds, some of them worse than nothing over 200 days."""
    steps: list[int] = []
    ranking = WORTHS[of](MARKET, Longest(2), 20, 1, 1, steps.append)
    assert (ranking.asked, ranking.screened_days, ranking.fresh_days) == (asked, 8, 20)
    assert sum(steps) == STEPS
    assert max(steps) <= STEPS // 4, "the bar moves on evenly"
    for worth in ranking.worth:
        change = (whatif.authorised if of == "training" else whatif.equipped)(
            worth.who, _members(worth.family)
        )
        fresh = _saved(change, range(8, 28))
        assert worth.days_min == pytest.approx(fresh)
    assert (ranking.nothing is None) == any(worth.stands_out for worth in ranking.worth)


def test_a_ranking_says_why_it_is_empty() -> None:
    policy = Longest(2)
    everything = {s.id: 1.0 for s in TOWN.services}
    nobody = replace(TOWN, clerks=())
    quiet = replace(TOWN, demand=replace(TOWN.demand, rate={}, forecast={}, booked={}))
    able = replace(TOWN, clerks=tuple(replace(c, pace=everything) for c in TOWN.clerks))
    fixed = replace(TOWN, windows=tuple(replace(w, tidal=False) for w in TOWN.windows))
    shut = replace(TOWN, windows=tuple(replace(w, open=not w.tidal) for w in TOWN.windows))
    for day, of, nothing in (
        (nobody, "training", Nothing.NOBODY_AT_WORK), (quiet, "training", Nothing.NOBODY_WAITS),
        (able, "training", Nothing.ALL_KNOWN), (fixed, "equipment", Nothing.ALL_FIXED),
        (shut, "equipment", Nothing.ALL_FIXED),
    ):  # fmt: skip
        found = WORTHS[of](day, policy, 2, 1, 1)
        assert (found.worth, found.nothing) == ((), nothing)


def _members(family: str) -> list[str]:
    return [s.id for s in MARKET.services if s.family == family]


def _saved(change: whatif.Change, days: range) -> list[float]:
    before, after = (
        study(day, {"longest": Longest(2)}, len(days), 1, jobs=1, first=days[0])["longest"]
        for day in (MARKET, change(MARKET))
    )
    return [float(b.wait_s.sum() - a.wait_s.sum()) / 60 for b, a in zip(before, after, strict=True)]
