from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler.replay import whatif
from scheduler.replay.bounds import Free
from scheduler.replay.fixed import Fixed
from scheduler.replay.layout import layout
from scheduler.replay.lineup import Lineup
from scheduler.replay.longest import Longest
from scheduler.replay.reading import read
from scheduler.replay.scenario import Break, Scenario
from scheduler.replay.study import study
from scheduler.replay.threshold import Threshold
from scheduler.replay.whatif.seating import kept
from scheduler.replay.whatif.told import tell
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


WITHOUT_THREE = replace(
    MARKET, windows=tuple(replace(w, open=w.id not in ("4", "5", "6")) for w in MARKET.windows)
)


@pytest.mark.parametrize("clerk", ["chen", "li", "wang", "zhao", "sun"])
def test_one_clerk_more_helps_a_hall_without_seats(clerk: str) -> None:
    """All were seated anew: one more for social and pension sent property's only full clerk elsewhere."""
    found = tell(MARKET, whatif.one_clerk_more(clerk))
    assert found["hall"]["difference"]["mean_s"]["high"] < 0
    for line in found["services"].values():
        assert line["difference"]["mean_s"]["low"] < 300, "was 1200"


@pytest.mark.parametrize(("window", "start_s"), [("4", 32_400), ("5", 32_400), ("6", 32_400), ("6", 39_600)])
def test_one_window_more_helps_a_hall_without_seats(window: str, start_s: float) -> None:
    found = tell(WITHOUT_THREE, whatif.window_opened(window, start_s))
    assert found["hall"]["difference"]["mean_s"]["high"] < 0


@pytest.mark.parametrize("policy", [Fixed(2), Threshold(2), Longest(2)], ids=lambda p: p.name)
def test_who_has_a_post_keeps_it_on_the_other_side_of_a_question(policy: Fixed) -> None:
    for change, gone, new in (
        (whatif.one_clerk_more("chen"), set(), set()),  # nowhere to sit until somebody rests
        (whatif.one_clerk_more("zhao"), set(), {"new clerk"}),
        (whatif.one_clerk_fewer("chen"), {"chen"}, set()),
        (whatif.window_shut("4", MARKET.open_s, MARKET.close_s), set(), set()),
        (whatif.clerk_absent("li", MARKET.open_s, MARKET.close_s), set(), set()),
        (whatif.authorised("li", ["property"]), set(), set()),
        (whatif.equipped("2", ["property"]), set(), set()),
        (whatif.more_demand(3, ["business"]), set(), set()),
    ):
        changed = change(MARKET)
        before = _posts(MARKET, policy.begins(layout(MARKET)))
        after = _posts(changed, kept(policy, MARKET, changed).begins(layout(changed)))
        assert {c: after.get(c) for c in before.keys() - gone} == {c: before[c] for c in before.keys() - gone}
        assert (after.keys() - before.keys(), before.keys() - after.keys()) == (new, gone)


def test_only_those_without_a_place_are_given_the_window_that_opens() -> None:
    changed = whatif.window_opened("6", MARKET.open_s)(WITHOUT_THREE)
    before = _posts(WITHOUT_THREE, Longest(2).begins(layout(WITHOUT_THREE)))
    after = _posts(changed, kept(Longest(2), WITHOUT_THREE, changed).begins(layout(changed)))
    assert set(before) == {"chen", "li", "wang"}
    assert after == before | {"zhao": ("6", ("tax", "business"))}


def test_whom_a_given_line_up_leaves_out_stays_out() -> None:
    changed = whatif.one_clerk_more("zhao")(MARKET)
    alone = Longest(2, lineup={0: (0, frozenset({0, 1}))})
    assert set(_posts(changed, kept(alone, MARKET, changed).begins(layout(changed)))) == {"chen", "new clerk"}


def _posts(day: Scenario, lineup: Lineup) -> dict[str, tuple[str, tuple[str, ...]]]:
    numbered = layout(day)
    return {
        numbered.clerks[clerk]: (numbered.windows[window], numbered.names(mode))
        for clerk, (window, mode) in lineup.items()
    }


def _members(family: str) -> list[str]:
    return [s.id for s in MARKET.services if s.family == family]


def _saved(change: whatif.Change, days: range) -> list[float]:
    changed = change(MARKET)
    before, after = (
        study(day, {"longest": rule}, len(days), 1, jobs=1, first=days[0])["longest"]
        for day, rule in ((MARKET, Longest(2)), (changed, kept(Longest(2), MARKET, changed)))
    )
    return [float(b.wait_s.sum() - a.wait_s.sum()) / 60 for b, a in zip(before, after, strict=True)]
