"""“Why not this window?” weighed in minutes: they are those of the change, and what follows is worked out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scheduler import model
from scheduler.draft.worth import AHEAD_S
from scheduler.plan import Plan, Reason
from scheduler.snapshot import Snapshot
from tests.scheduler.halls import clerk, waiting
from tests.scheduler.test_reasons import hall, seats
from tests.scheduler.undone import HOUR_S, Ledger, plan_of


def asked(told: dict[str, Any], modes: str, window: str, **changes: Any) -> Reason:
    """About a plan that leaves everybody at the own window with these lines."""
    seen = Snapshot.from_json(told)
    return model.why_not(seen, replace(plan_of(seen, seats(modes)), **changes), window)


def crowd(**changes: Any) -> dict[str, Any]:
    """25 for a, hardly anybody for b; the second window could help, at no set-up."""
    told = hall("ab", {"a": 1.0, "b": 0.2}, waiting("a", 25, 36_000))
    told["rules"] |= {"setup_s": 0} | changes
    return told


def minutes(told: dict[str, Any], before: Plan, after: Plan, hours: int = 1) -> dict[str, int]:
    """Waited less per line by the second plan, worked out without the sentence."""
    seen = Snapshot.from_json(told)
    until_s = seen.now_s + hours * HOUR_S
    was, now = (Ledger(seen, plan) for plan in (before, after))
    less_s = was.waited_s(was.days, until_s) - now.waited_s(now.days, until_s)
    return {s: round(float(each) / 60) for s, each in zip(was.look.ids, less_s, strict=True)}


def test_what_pays_later_is_looked_for_as_far_ahead_as_plans_look() -> None:
    assert model.WEIGHTS.horizon_s == AHEAD_S


def test_the_minutes_of_a_flip_left_out_are_those_of_the_plan_with_it() -> None:
    told = crowd(max_families=1, setup_s=240)
    seen = Snapshot.from_json(told)
    less = minutes(told, plan_of(seen, seats("ab")), plan_of(seen, seats("aa")))
    head = (
        "Window W1 with a in place of b would save a about {a} minutes within the hour and cost b about {b}"
    )
    assert asked(told, "ab", "W1").en.startswith(head.format(a=less["a"], b=-less["b"]))


def test_the_minutes_of_a_move_left_out_are_those_of_the_plan_with_it() -> None:
    told = hall("aba", {"a": 1.0, "b": 0.2}, waiting("a", 25, 36_000))
    told["windows"][1]["can"] = ["b"]
    told["clerks"].pop()
    seen = Snapshot.from_json(told)
    plan = plan_of(seen, {"c0": ("W0", "a"), "c1": ("W1", "b")})
    less = minutes(told, plan, plan_of(seen, {"c0": ("W0", "a"), "c1": ("W2", "a")}))
    reason = model.why_not(seen, plan, "W2")
    head = "c1 at window W2 with a would save a about {a} minutes within the hour and cost b about {b}"
    assert reason.en.startswith(head.format(a=less["a"], b=-less["b"]))
    assert reason.zh.startswith(f"c1到W2号窗口办理a，一小时内可为a减少等候约{less['a']}分钟，却使b")


def test_who_has_no_window_is_asked_before_who_has_one() -> None:
    told = crowd()
    told["windows"].append(told["windows"][0] | {"id": "W7"})
    told["clerks"].append(clerk("c9", "a"))
    reason = asked(told, "ab", "W7")
    assert reason.en.startswith("c9, who has no window, at window W7 with a would save a about")
    assert reason.zh.startswith("空闲的c9到W7号窗口办理a，一小时内可为a减少等候约")


def test_a_flip_that_costs_what_it_saves_is_told_as_that() -> None:
    told = hall("ab", {"a": 1.0, "b": 1.0}, [*waiting("a", 3, 36_000), *waiting("b", 9, 36_000)])
    told["rules"]["max_families"] = 1
    reason = asked(told, "ab", "W1")
    assert reason.en.endswith(": no less than it saves.") and reason.zh.endswith("，得不偿失。")


def test_a_flip_that_pays_too_little_is_not_worth_it() -> None:
    told = hall("ab", {"a": 0.2, "b": 0.0}, waiting("a", 2, 36_000))
    reason = asked(told, "ab", "W1")
    assert reason.en.endswith(": not worth one more flip.") and reason.zh.endswith("，不值得再切换一次。")


@pytest.mark.parametrize(
    ("from_slot", "rate", "en", "zh"),
    [
        (10, 2.0, "by 14:05 it would cost {} in all", "但到14:05合计反而增加约{}"),
        (12, 0.2, "by 14:05 it would save only {} in all, too few", "但到14:05合计只减少约{}，不值得调整"),
    ],
)
def test_a_flip_that_does_not_pay_by_the_afternoon_says_so(
    from_slot: int, rate: float, en: str, zh: str
) -> None:
    told = hall("ab", {"a": 0.2, "b": 0.0}, waiting("a", 8, 36_000))
    told["rules"]["max_families"] = 1
    told["forecast"]["b"] = [0.0] * from_slot + [rate] * (36 - from_slot)
    stay, flip = (plan_of(Snapshot.from_json(told), seats(modes)) for modes in ("ab", "aa"))
    saved = sum(minutes(told, stay, flip, hours=4).values())
    reason = asked(told, "ab", "W1")
    assert en.format(f"{abs(saved)} minutes") in reason.en
    assert zh.format(f"{abs(saved)}分钟") in reason.zh


@pytest.mark.parametrize(
    ("promised_s", "weight", "en", "zh"),
    [
        (600, 1.0, "where 10 minutes are promised, and the plan counts such waits more.", "承诺10分钟"),
        (
            14_400,
            9.0,
            "but by the hall's weights of these lines that is too little",
            "但按本厅给各事项的权重计算",
        ),
        (14_400, 1.0, "nothing in these figures speaks against it", "看不出反对的理由"),
    ],
)
def test_what_speaks_for_the_line_that_would_lose_is_named(
    promised_s: int, weight: float, en: str, zh: str
) -> None:
    told = hall("aab", {"a": 0.5, "b": 0.5}, waiting("a", 26, 36_000))
    told["clerks"][1]["pace"] = {"a": 1.0}
    told["services"][0]["target_wait_s"] = 14_400
    told["services"][1] |= {"target_wait_s": promised_s, "weight": weight}
    reason = asked(told, "aab", "W2")
    assert en in reason.en and zh in reason.zh


def test_a_line_to_which_the_hall_gives_no_weight_counts_too_little() -> None:
    told = crowd()
    told["services"][0]["weight"] = 0.0
    assert "by the hall's weights of these lines that is too little" in asked(told, "ab", "W1").en


def test_a_line_no_later_than_the_one_that_would_gain_is_no_argument() -> None:
    """Both wait beyond the promise: that speaks for neither."""
    assert "promised" not in asked(crowd(), "ab", "W1").en


def test_a_plan_that_is_not_known_to_be_the_best_says_how_near_it_is() -> None:
    reason = asked(crowd(), "ab", "W1", gap=0.0274)
    assert reason.en.endswith("; this plan is only known to be within 2.7 % of the best.")
    assert reason.zh.endswith("；本方案距最优可能还差2.7%。")


def test_where_nothing_speaks_against_a_flip_none_is_made_up() -> None:
    reason = asked(crowd(), "ab", "W1")
    assert reason.en.endswith(
        "nothing in these figures speaks against it: pin the window if you know better."
    )
    assert reason.zh.endswith("所示数字看不出反对的理由；如认为合适，可锁定该窗口。")


def test_a_plan_made_in_haste_says_that_it_compared_nothing() -> None:
    assert "had no time to compare" in asked(crowd(), "ab", "W1", status="fallback", gap=None).en


def test_one_window_and_one_minute_are_said_in_the_singular() -> None:
    told = crowd(max_families=1)
    told["windows"].append(told["windows"][1] | {"id": "W2"})
    told["clerks"].append(clerk("c2", "a b", "W2", "b"))
    told["services"][1]["floor"] = 2
    assert "would leave b with 1 window, fewer than the 2 it must have" in asked(told, "abb", "W1").en
    told["windows"][1]["mode_since_s"] = 36_300 - 1_150
    assert asked(told, "abb", "W1").en.endswith("and stays for another 1 minute.")
