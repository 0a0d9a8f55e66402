"""The line-up: better than where it starts, the same twice, and always within the rules."""

from __future__ import annotations

import json

from scheduler.check import faults
from scheduler.check.muster import Muster
from scheduler.check.rulebook import Rulebook
from scheduler.draft.outlook import outlook
from scheduler.draft.rests import as_planned
from scheduler.model import solve
from scheduler.model.lineup import Effort, Lineup, lineup
from scheduler.replay.floor import Floor
from scheduler.replay.layout import layout
from scheduler.replay.policy import Passive
from scheduler.replay.seen import snapshot
from scheduler.replay.visitors import draw
from scheduler.snapshot import Snapshot
from tests.bench.plans.halls import hall


def _opening(shape: str = "town", seed: int = 21, deadline_ms: float = 20_000) -> Snapshot:
    scenario = hall(shape, seed)
    return snapshot(Floor(layout(scenario), draw(scenario, 1, 0), Passive()), deadline_ms, opening=True)


def _lineup(seen: Snapshot, trials: int) -> Lineup:
    book, look = Rulebook(seen), outlook(seen)
    muster = Muster(book, look.need(900)).meet_floors()
    return lineup(book, look, muster, as_planned(seen), 60, Effort(40, trials))


def test_rehearsed_days_cost_less_the_longer_the_search() -> None:
    seen = _opening()
    assert _lineup(seen, 150).cost_s < _lineup(seen, 20).cost_s < _lineup(seen, 0).cost_s


def test_the_same_snapshot_gives_the_same_line_up() -> None:
    assert _lineup(_opening(), 60) == _lineup(_opening(), 60)


def test_breaks_stay_inside_their_limits() -> None:
    seen = _opening()
    found = _lineup(seen, 200)
    for (clerk, index), start_s in found.breaks.items():
        one = next(c for c in seen.clerks if c.id == clerk).breaks[index]
        assert one.earliest_s <= start_s <= one.latest_s


def test_the_opening_plan_is_a_line_up_that_keeps_every_rule() -> None:
    seen = _opening("county", 22)
    plan = solve(seen)
    assert plan.status == "feasible"
    assert not faults(seen, plan)
    assert len({post.window for post in plan.posts}) == len(seen.clerks)


def test_a_second_at_opening_is_enough_for_a_brief_line_up() -> None:
    seen = _opening("county", 22, deadline_ms=1_000)
    brief, planned = solve(seen), solve(_opening("county", 22, deadline_ms=500))
    assert brief.status == "feasible"
    assert brief.gap == 1.0  # rehearsed
    assert not faults(seen, brief)
    assert planned.status == "optimal"  # half a second has no time for it
    before = {(b.clerk, b.index): b.start_s for b in planned.breaks}
    assert {(b.clerk, b.index): b.start_s for b in brief.breaks} != before


def test_a_large_hall_is_rehearsed_on_fewer_days_and_with_fewer_trials() -> None:
    whole = Effort(days=40, trials=1500)
    assert whole.within(people=1_500, clerks=40) == whole
    city = whole.within(people=7_200, clerks=200)
    assert (city.days, 900 <= city.trials <= 1_100) == (16, True)
    assert whole.within(people=30_000, clerks=400).trials < city.trials


def test_whole_numbers_in_place_of_fractions_change_nothing() -> None:
    told = json.loads(json.dumps(_opening("county", 22).to_json()))
    plans = []
    for kind in (int, float):
        clerks = [c | {"pace": dict.fromkeys(c["pace"], kind(1))} for c in told["clerks"]]
        plans.append(solve(Snapshot.from_json(told | {"clerks": clerks})))
    assert plans[0].posts == plans[1].posts
    assert plans[0].status == "feasible"  # rehearsed
