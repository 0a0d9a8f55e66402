"""Reasons of flips: the minutes are those of the change, and nothing is said that was not worked out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from scheduler import fallback, model
from scheduler.check import faults
from scheduler.plan import Flip, Plan
from scheduler.snapshot import Snapshot
from tests.scheduler.checked import rules
from tests.scheduler.halls import clerk, document, service, two_lines, waiting, window
from tests.scheduler.strange import strange_document
from tests.scheduler.undone import HOUR_S, Ledger, plan_of

NOW_S = 36_300


def hall(places: str, lines: dict[str, float], crowd: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A window and a clerk for each letter of `places`, who offers that line and could offer all.

    `lines`: people per quarter of an hour, today as foretold.
    """
    names = " ".join(lines)
    told = document(
        [service(s) for s in lines],
        [window(f"W{i}", names, mode) for i, mode in enumerate(places)],
        [clerk(f"c{i}", names, f"W{i}", mode) for i, mode in enumerate(places)],
        NOW_S, waiting=crowd, forecast={s: [rate] * 36 for s, rate in lines.items()},
        arrived={s: [round(rate)] * 6 + [round(rate / 3)] for s, rate in lines.items()},
    )  # fmt: skip
    return told | changes


def seats(modes: str) -> dict[str, tuple[str, str]]:
    """Everybody stays and offers the line of the letter."""
    return {f"c{i}": (f"W{i}", mode) for i, mode in enumerate(modes)}


def honest(told: dict[str, Any], plan: Plan, flip: Flip, group: set[str]) -> bool:
    ledger = Ledger(Snapshot.from_json(told), plan)
    return abs(ledger.less_s(flip, group).sum() - (flip.gain_s - flip.cost_s)) <= 1.0


def test_four_windows_of_which_each_alone_is_one_too_many_are_judged_as_one() -> None:
    told = hall("bbbbbb", {"x": 0.2, "b": 5.0}, waiting("x", 12, 36_000))
    plan = plan_of(Snapshot.from_json(told), seats("xxxxbb"))
    ledger, four = Ledger(Snapshot.from_json(told), plan), {"c0", "c1", "c2", "c3"}
    assert [f.window for f in plan.flips] == ["W0", "W1", "W2", "W3"]
    for flip in plan.flips:
        assert ledger.less_s(flip, {flip.clerk}).sum() < 0
        assert flip.gain_s > flip.cost_s and honest(told, plan, flip, four)
        assert "costs more" not in flip.reason.en and "得不偿失" not in flip.reason.zh
    assert len({(f.gain_s, f.cost_s, f.givers) for f in plan.flips}) == 1
    assert "together with windows W1, W2, W3: about" in plan.flips[0].reason.en
    assert "与W1、W2、W3号窗口合计，预计为x" in plan.flips[0].reason.zh


def test_windows_that_do_not_pay_even_together_are_told_one_by_one() -> None:
    told = hall("bbbbbb", {"x": 0.2, "b": 7.0}, waiting("x", 8, 36_000))
    plan = plan_of(Snapshot.from_json(told), seats("xxxxbb"))
    for flip in plan.flips:
        assert honest(told, plan, flip, {flip.clerk}) and flip.cost_s > flip.gain_s
        assert "costs more than it saves" in flip.reason.en and "together" not in flip.reason.en


def test_windows_that_pay_alone_are_told_one_by_one() -> None:
    told = hall("bbbb", {"x": 0.2, "b": 0.5}, waiting("x", 20, 36_000))
    plan = plan_of(Snapshot.from_json(told), seats("xxbb"))
    assert all(honest(told, plan, flip, {flip.clerk}) for flip in plan.flips)
    assert not any("together" in f.reason.en for f in plan.flips)


def test_who_moves_for_a_flip_is_missed_at_the_window_left_empty() -> None:
    told = hall("aaz", {"a": 1.4, "b": 1.0, "z": 0.0}, waiting("b", 15, 36_000))
    told["clerks"].pop()
    plan = plan_of(Snapshot.from_json(told), {"c0": ("W2", "b"), "c1": ("W1", "a")})
    (flip,) = plan.flips
    assert honest(told, plan, flip, {"c0"})
    assert flip.givers == ("a",) and "more for a" in flip.reason.en and "a共增加" in flip.reason.zh


def test_two_clerks_who_change_places_go_back_together() -> None:
    """Neither could go back alone: no window has two clerks. Nothing is won, set-up and walk are lost."""
    told = hall("ab", {"a": 1.0, "b": 1.0}, [*waiting("a", 5, 36_000), *waiting("b", 5, 36_000)])
    plan = plan_of(Snapshot.from_json(told), {"c0": ("W1", "a"), "c1": ("W0", "b")})
    assert [f.window for f in plan.flips] == ["W1", "W0"]
    for flip, other in zip(plan.flips, ("W0", "W1"), strict=True):
        assert honest(told, plan, flip, {"c0", "c1"}) and flip.gain_s == 0 < flip.cost_s
        assert f"together with window {other}: about" in flip.reason.en
        assert flip.reason.en.endswith("; within this hour that costs more than it saves.")


def test_who_made_room_and_sits_nowhere_would_have_stayed() -> None:
    told = hall("ab", {"a": 1.0, "b": 0.2}, waiting("a", 20, 36_000))
    told["clerks"][0] |= {"window": None, "mode": []}
    told["clerks"][0]["pace"] = {"a": 1.0}
    told["clerks"][1]["pace"] = {"b": 1.0}
    plan = plan_of(Snapshot.from_json(told), {"c0": ("W1", "a")})
    (flip,) = plan.flips
    assert honest(told, plan, flip, {"c0"}) and flip.givers == ("b",)


def test_nobody_goes_back_to_a_window_that_is_shut() -> None:
    """What a flip gains is not measured against work at a broken window."""
    told = hall("ab", {"a": 1.0, "b": 0.2}, waiting("a", 20, 36_000))
    told["clerks"].pop()
    told["windows"][0]["open"] = False
    plan = plan_of(Snapshot.from_json(told), {"c0": ("W1", "a")})
    (flip,) = plan.flips
    assert honest(told, plan, flip, {"c0"}) and flip.gain_s > HOUR_S


def agreed(mode: str, at_s: int) -> dict[str, Any]:
    return {"window": "W2", "mode": [mode], "clerk": "c2", "at_s": at_s}


def test_an_agreed_flip_to_come_is_judged_by_the_hour_after_it() -> None:
    told = two_lines(committed=[agreed("a", 37_200)])
    told["clerks"][1]["breaks"] = []
    plan = plan_of(Snapshot.from_json(told), {"c1": ("W1", "a"), "c2": ("W2", "b")})
    (flip,) = plan.flips
    assert flip.at_s == 37_200 and "as agreed" in flip.reason.en
    assert flip.gain_s > 0 and honest(told, plan, flip, {"c2"})


def test_a_second_agreed_flip_of_a_window_is_told_as_well() -> None:
    told = two_lines(committed=[agreed("a", 37_200), agreed("b", 40_000)])
    told["clerks"][1]["breaks"] = []
    seen = Snapshot.from_json(told)
    for plan in (model.solve(seen), fallback.plan(seen)):
        mine = [f for f in plan.flips if f.window == "W2"]
        assert [(f.at_s, f.from_mode, f.to_mode) for f in mine] == [
            (37_200, ("b",), ("a",)),
            (40_000, ("a",), ("b",)),
        ]
        assert all("as agreed" in f.reason.en and honest(told, plan, f, {"c2"}) for f in mine)
        assert faults(seen, plan) == [] and Plan.from_json(plan.to_json()) == plan
    why = model.why_not(seen, plan, mine[0].window).en
    assert why.startswith("At 10:20: Window W2 stops b and takes on a ")


def test_a_flip_that_tells_the_wrong_mode_before_it_is_a_fault() -> None:
    told = two_lines(committed=[agreed("a", 37_200), agreed("b", 40_000)])
    seen = Snapshot.from_json(told)
    plan = fallback.plan(seen)
    late = next(f for f in plan.flips if f.at_s == 40_000)
    told_wrongly = tuple(replace(f, from_mode=("b",)) if f is late else f for f in plan.flips)
    assert rules(seen, replace(plan, flips=told_wrongly)) == {"flip_post"}


def test_a_flip_that_pays_only_later_says_by_when() -> None:
    told = hall("aa", {"a": 1.5, "b": 0.0}, waiting("a", 8, 36_000))
    told["forecast"]["b"] = [0.0] * 9 + [2.5] * 27  # from 10:45 on
    plan = plan_of(Snapshot.from_json(told), seats("ab"))
    (flip,) = plan.flips
    saved = Ledger(Snapshot.from_json(told), plan).less_s(flip, {"c1"}, 4 * HOUR_S).sum() / 60
    assert flip.cost_s > flip.gain_s > 0 and saved > 0
    assert flip.reason.en.endswith(f"saves, but by 14:05 it saves about {saved:.0f} minutes in all.")
    assert f"只看这一小时得不偿失，但到14:05共可减少约{saved:.0f}分钟。" in flip.reason.zh


def late_line(**changes: Any) -> dict[str, Any]:
    """Two who have waited for b since 9:10, and a crowd for a that has just come."""
    told = hall("aa", {"a": 3.0, "b": 0.0}, [*waiting("b", 2, 33_000), *waiting("a", 20, 36_200)])
    told["services"][1] |= changes
    return told


def test_a_flip_for_a_line_beyond_its_promise_says_so() -> None:
    told = late_line(target_wait_s=300)
    (flip,) = plan_of(Snapshot.from_json(told), seats("ab")).flips
    assert flip.cost_s > flip.gain_s
    assert "b waits 240 minutes or more where 5 minutes are promised" in flip.reason.en
    assert "b要等240分钟以上，承诺5分钟" in flip.reason.zh


def test_a_flip_for_a_line_within_its_promise_claims_no_long_wait() -> None:
    told = hall("aaa", {"a": 3.0, "b": 0.2}, [*waiting("a", 20, 36_200), *waiting("b", 1, 36_200)])
    told["services"][1]["target_wait_s"] = 14_400
    (flip,) = plan_of(Snapshot.from_json(told), seats("aab")).flips
    assert flip.cost_s > flip.gain_s and "promised" not in flip.reason.en


def test_a_flip_that_pays_by_the_halls_weights_says_so() -> None:
    told = hall("aa", {"a": 1.0, "b": 0.0}, [*waiting("a", 20, 36_200), *waiting("b", 3, 36_000)])
    told["services"][1] |= {"weight": 8.0, "target_wait_s": 14_400}
    for weight, word in ((8.0, "but by the hall's weights of these lines it pays."), (1.0, "than it saves.")):
        told["services"][1]["weight"] = weight
        (flip,) = plan_of(Snapshot.from_json(told), {"c0": ("W0", "a"), "c1": ("W1", "b")}).flips
        assert flip.cost_s > flip.gain_s and word in flip.reason.en
        assert ("权重" in flip.reason.zh) == (weight > 1)


@pytest.mark.parametrize("told", [late_line(target_wait_s=300), late_line(weight=9.0)])
def test_a_plan_that_weighed_nothing_does_not_claim_to_have_weighed(told: dict[str, Any]) -> None:
    (flip,) = plan_of(Snapshot.from_json(told), seats("ab"), "fallback").flips
    assert flip.reason.en.endswith("; within this hour that costs more than it saves.")
    assert flip.reason.zh.endswith("；只看这一小时得不偿失。")


def test_a_flip_that_a_floor_needs_says_that_and_nothing_else() -> None:
    told = late_line()
    told["services"][1]["floor"] = 1
    told["waiting"] = waiting("a", 20, 36_200)
    (flip,) = plan_of(Snapshot.from_json(told), seats("ab")).flips
    assert "to keep the least number of windows of b" in flip.reason.en and ", but " not in flip.reason.en


def restless(seed: int) -> Snapshot:
    """A strange hall in which windows may flip as they like; what was agreed is soon taken back."""
    told = strange_document(seed) | {"deadline_ms": 2_400}
    told["rules"] |= {"min_dwell_s": 0, "max_flips_per_window": None}
    modes = {w["id"]: w["mode"] for w in told["windows"]}
    told["committed"] += [
        one | {"mode": modes[one["window"]] or one["mode"], "at_s": told["now_s"] + 1800}
        for one in told["committed"]
    ]
    return Snapshot.from_json(told)


@pytest.mark.parametrize("block", range(3))
def test_the_minutes_of_every_flip_are_those_without_it_less_those_with_it(block: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(100 * block, 100 * block + 100):
        where = restless(seed)
        for plan in (fallback.plan(where), model.solve(where)):
            ledger = Ledger(where, plan)
            for flip in plan.flips:
                less_s = ledger.less_s(flip, group := ledger.group(flip))
                assert abs(less_s.sum() - (flip.gain_s - flip.cost_s)) <= 1.5, (seed, flip)
                assert all(less_s[ledger.look.row[s]] < 0 for s in flip.givers), (seed, flip)
                assert is_well_said(flip), (seed, flip)
                seen += Counter(flips=1, joint=len(group) > 1, later=flip.at_s > where.now_s)
    assert seen["flips"] > 10 and seen["joint"] and seen["later"], seen


def is_well_said(flip: Flip) -> bool:
    """Both languages, numbers with their words, and a loss is not passed over in silence."""
    zh, en = flip.reason.zh, flip.reason.en
    numbers = [re.findall(r"(?:about|约)\D{0,2}(\d+)(?: minutes?| more|分钟)", told) for told in (zh, en)]
    is_silent = flip.cost_s > flip.gain_s + 60 and "costs more" not in en
    is_decided = "as agreed" in en or "pinned" in en
    return (
        zh.endswith("。") and en.endswith(".")
        and not re.search(r"\b1 minutes|\b0 minutes|，，|;;|\s\s", en + zh)
        and numbers[0] == numbers[1]
        and (is_decided or not is_silent)
    )  # fmt: skip
