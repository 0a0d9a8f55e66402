"""The line-up: better than where it starts, the same twice, and always within the rules."""

from __future__ import annotations

import json
from dataclasses import replace

from scheduler import fallback
from scheduler.check import faults
from scheduler.check.muster import Muster
from scheduler.check.rulebook import Rulebook
from scheduler.draft.outlook import outlook
from scheduler.draft.rests import as_planned
from scheduler.model import solve, to_rehearse
from scheduler.model.lineup import SHORT, Effort, Lineup, lineup
from scheduler.model.lineup.cover import Cover
from scheduler.replay.floor import Floor
from scheduler.replay.layout import layout
from scheduler.replay.policy import Passive
from scheduler.replay.seen import snapshot
from scheduler.replay.visitors import draw
from scheduler.snapshot import Clerk, Committed, Snapshot
from tests.bench.plans.halls import hall
from tests.scheduler import halls


def _opening(shape: str = "town", seed: int = 21) -> Snapshot:
    scenario = hall(shape, seed)
    return snapshot(Floor(layout(scenario), draw(scenario, 1, 0), Passive()), 20_000, opening=True)


def _lineup(seen: Snapshot, effort: Effort) -> Lineup:
    book, look = Rulebook(seen), outlook(seen)
    muster = Muster(book, look.need(900)).meet_floors()
    return lineup(book, look, muster, as_planned(seen), 60, effort)


def test_rehearsed_days_cost_less_the_longer_the_search() -> None:
    seen = _opening()
    assert (
        _lineup(seen, Effort(40, 150)).cost_s
        < _lineup(seen, Effort(40, 20)).cost_s
        < _lineup(seen, Effort(40, 0)).cost_s
    )


def test_the_same_snapshot_gives_the_same_line_up() -> None:
    assert _lineup(_opening(), Effort(40, 60)) == _lineup(_opening(), Effort(40, 60))


def test_breaks_stay_inside_their_limits() -> None:
    seen = _opening()
    found = _lineup(seen, Effort(40, 200))
    for (clerk, index), start_s in found.breaks.items():
        one = next(c for c in seen.clerks if c.id == clerk).breaks[index]
        assert one.earliest_s <= start_s <= one.latest_s


def test_no_service_is_left_below_its_floor_while_clerks_rest() -> None:
    """By waits alone 24 of these 36 clerks had lunch at 13:45, and one family nobody for 39 minutes."""
    seen = _opening("specialists", 12)
    found = _lineup(seen, Effort(16, 600))
    assert len(set(found.breaks.values())) > 3, "breaks are moved as before"
    for at_s in range(seen.open_s, seen.close_s, 900):
        there = [c for c in seen.clerks if c.id in found.posts and not _rests(found, c, at_s)]
        for service in seen.services:
            windows = sum(service.id in found.posts[c.id][1] for c in there)
            assert windows >= service.floor, (service.id, at_s)


def _rests(found: Lineup, clerk: Clerk, at_s: int) -> bool:
    starts = {i: start_s for (who, i), start_s in found.breaks.items() if who == clerk.id}
    return any(s <= at_s < s + clerk.breaks[i].length_s for i, s in starts.items())


def test_floors_are_counted_by_services_and_quarter_hours() -> None:
    hall = halls.document(
        [halls.service("a", floor=1), halls.service("b", floor=2), halls.service("c")],
        [halls.window("W1", "a b"), halls.window("W2", "a b c"), halls.window("W3", "a b")],
        [halls.clerk(f"c{n}", "a b c", f"W{n}", "a b", breaks=[halls.pause()]) for n in (1, 2)]
        + [halls.clerk("c3", "a b", "W3", "a b", breaks=[halls.pause()], end_s=54_000)],
        now_s=36_000,
    )
    book = Rulebook(Snapshot.from_json(hall))
    ids = [c.id for c in book.at_work]
    windows = dict(zip(ids, book.windows, strict=True))

    def missed(starts: list[int], *modes: str) -> float:
        posts = {c: (windows[c], tuple(book.services)[: len(m)]) for c, m in zip(ids, modes, strict=False)}
        return Cover(book).missed(posts, {(c, 0): s for c, s in zip(ids, starts, strict=True)})

    apart = [39_600, 43_200, 46_800]
    assert missed(apart, "ab", "ab", "ab") == 0
    assert missed([39_600, 43_200, 43_200], "ab", "ab", "ab") == 4  # b for an hour
    assert missed([43_200, 43_200, 43_200], "ab", "ab", "ab") == 12  # a, and b twice
    assert missed(apart, "ab", "a", "ab") == 4 + 4 + 10  # b: two rest in turn, and from three on c3 has gone
    assert missed(apart) == 30 * 3, "where nobody sits every floor is missed until closing"


def test_no_break_is_moved_over_an_agreed_flip() -> None:
    """Agreed for a minute after lunch as planned; a line-up with a lunch over one would be no plan."""
    seen = _opening()
    taken = {p.window for p in fallback.plan(seen).posts}
    spare = [w for w in seen.windows if w.id not in taken]
    agreed = []
    for clerk in seen.clerks:
        window = next((w for w in spare if w.can & clerk.pace.keys()), None)
        if window is None:
            continue
        spare.remove(window)
        mode = tuple(sorted(window.can & clerk.pace.keys()))[:1]
        lunch_over_s = round(clerk.breaks[0].start_s + clerk.breaks[0].length_s)
        agreed.append(Committed(window.id, mode, clerk.id, lunch_over_s + 60))
    assert agreed
    hall = replace(seen, committed=tuple(agreed))
    plan = solve(hall)
    assert plan.status == "feasible"
    assert plan.dropped == () and not faults(hall, plan)


def test_the_opening_plan_is_a_line_up_that_keeps_every_rule() -> None:
    seen = _opening("county", 22)
    plan = solve(seen)
    assert plan.status == "feasible"
    assert not faults(seen, plan)
    assert len({post.window for post in plan.posts}) == len(seen.clerks)


def test_a_second_at_opening_is_enough_for_a_brief_line_up() -> None:
    seen = _opening("county", 22)
    book, look = Rulebook(seen), outlook(seen)
    assert to_rehearse(book, look, as_planned(seen), 0.8) == (look, SHORT)
    assert to_rehearse(book, look, as_planned(seen), 0.4) is None  # half a second has no time for it
    brief, start = _lineup(seen, SHORT), _lineup(seen, replace(SHORT, trials=0))
    assert brief.trials == SHORT.trials
    assert brief.cost_s < start.cost_s
    assert brief.breaks != as_planned(seen)


def test_a_large_hall_is_rehearsed_on_fewer_days_and_with_fewer_trials() -> None:
    whole = Effort(days=160, trials=1500)
    assert whole.within(people=1_000, clerks=40) == whole
    city = whole.within(people=7_200, clerks=200)
    assert (city.days, 800 <= city.trials <= 1_000) == (22, True)
    assert whole.within(people=12_000, clerks=200).days == 16
    assert whole.within(people=30_000, clerks=400).trials < city.trials


def test_whole_numbers_in_place_of_fractions_change_nothing() -> None:
    told = json.loads(json.dumps(_opening("county", 22).to_json()))
    plans = []
    for kind in (int, float):
        clerks = [c | {"pace": dict.fromkeys(c["pace"], kind(1))} for c in told["clerks"]]
        plans.append(solve(Snapshot.from_json(told | {"clerks": clerks})))
    assert plans[0].posts == plans[1].posts
    assert plans[0].status == "feasible"  # rehearsed
