from __future__ import annotations

import pytest

from scheduler.replay import whatif
from scheduler.replay.bounds import Free
from scheduler.replay.fixed import Fixed
from scheduler.replay.longest import Longest
from scheduler.replay.scenario import Break
from tests.bench.plans.halls import hall

TOWN = hall("town", 4)
DAYS = 8


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
    ranked = whatif.worth_of_training(TOWN, Free(), 4)
    assert ranked
    values = [worth.saved_min.value for worth in ranked]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0
