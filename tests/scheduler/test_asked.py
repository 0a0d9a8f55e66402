"""“Why not window 7?”: the answer is true, whatever holds the window."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from hall.core.names import ServiceId, WindowId
from scheduler import model
from scheduler.check.rulebook import Rulebook, is_flip
from scheduler.plan import Plan, Post, Reason
from scheduler.snapshot import Clerk, Snapshot, Window
from tests.scheduler.halls import clerk, pause, two_lines, waiting
from tests.scheduler.strange import strange
from tests.scheduler.undone import plan_of

DAY_MS = 2_400  # as long as may be without asking for a line-up, so that a busy machine changes nothing
FIRST_SEED = 9_100_000  # the halls in which false answers were found


def why_not(told: dict[str, Any], window_id: str) -> Reason:
    hall = Snapshot.from_json(told)
    return model.why_not(hall, model.solve(hall), window_id)


def pair(**changes: Any) -> dict[str, Any]:
    """Two windows and their clerks, all of whom can do both; a crowd for a at the first."""
    told = two_lines(**changes)
    told["windows"][2]["open"] = False
    told["clerks"][1]["breaks"] = []
    return told


def calm(told: dict[str, Any]) -> dict[str, Any]:
    """The same hall with nobody in it: nothing is worth a flip."""
    return told | {"waiting": [], "forecast": {"a": [0.1] * 36, "b": [0.1] * 36}}


def refused(*modes: str) -> list[dict[str, Any]]:
    return [{"window": "W2", "mode": mode.split(), "until_s": 40_000} for mode in modes]


def agreed(mode: str, at_s: int, who: str | None = "c2") -> list[dict[str, Any]]:
    return [{"window": "W2", "mode": mode.split(), "clerk": who, "at_s": at_s}]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"open": False}, "shut"),
        ({"tidal": False, "fixed_mode": ["b"]}, "fixed"),
        ({"mode_since_s": 36_000}, "another 15 minutes"),
        ({"flips_today": 6}, "6 flips"),
        ({"can": ["b"]}, "no other service"),
    ],
)
def test_a_manager_learns_why_a_window_does_not_flip(changes: dict[str, Any], word: str) -> None:
    told = pair()
    told["windows"][1] |= changes
    reason = why_not(told, "W2")
    assert word in reason.en
    assert "W2" in reason.zh


def test_a_refused_flip_is_told_as_refused() -> None:
    reason = why_not(pair(refused=refused("a b", "a")), "W2")
    assert reason.en == "A manager has refused window W2 with a, b until 11:06."
    assert "管理员" in reason.zh and "11:06" in reason.zh


def test_of_a_refused_mode_the_rest_is_still_weighed() -> None:
    assert "refused" not in why_not(calm(pair(refused=refused("a b"))), "W2").en


def test_an_agreed_mode_to_come_is_told_with_its_time() -> None:
    reason = why_not(pair(committed=agreed("b", 37_000)), "W2")
    assert reason.en == "Window W2 offers b from 10:16 on, as agreed, and does not flip before."
    assert "10:16" in reason.zh and "已批准" in reason.zh


def test_an_agreed_mode_that_is_due_is_told_as_agreed() -> None:
    assert why_not(pair(committed=agreed("b", 36_000)), "W2").en == "Window W2 offers b now, as agreed."


def test_an_agreed_flip_to_come_is_told_with_its_time() -> None:
    reason = why_not(pair(committed=agreed("a", 37_000)), "W2")
    assert reason.en.startswith("At 10:16: Window W2 stops b and takes on a ")
    assert "as agreed" in reason.en
    assert reason.zh.startswith("10:16")


def test_a_flip_of_the_planners_own_is_not_called_agreed() -> None:
    told = pair(committed=agreed("b", 36_000, "c3"))
    told["clerks"].append(clerk("c3", "b", status="off"))
    hall = Snapshot.from_json(told)
    plan = model.solve(hall)
    assert [(f.window, d.window) for f, d in zip(plan.flips, plan.dropped, strict=True)] == [("W2", "W2")]
    assert "agreed" not in model.why_not(hall, plan, "W2").en


def test_a_flip_that_no_floor_needs_is_not_said_to_keep_one() -> None:
    hall = replace(strange(5_001_671), deadline_ms=DAY_MS)
    plan = model.solve(hall)
    assert "W0" in {f.window for f in plan.flips}
    assert "least number" not in model.why_not(hall, plan, "W0").en


def test_a_window_without_a_mode_yet_cannot_flip() -> None:
    told = calm(pair())
    told["windows"][1]["mode"] = []
    told["clerks"][1]["mode"] = []
    assert "first mode of the day" in why_not(told, "W2").en


def test_a_service_of_the_same_family_counts_as_another() -> None:
    told = calm(pair())
    told["services"][0]["family"] = "b"
    assert "in common" not in why_not(told, "W2").en


def test_a_hall_that_allows_no_flips_says_so() -> None:
    reason = why_not(pair(rules={"max_flips_per_window": 0}), "W2")
    assert reason.en == "This hall allows window W2 no flips."


def test_a_window_that_its_line_needs_is_told_by_the_floor() -> None:
    told = pair(rules={"max_families": 1})
    told["services"][1]["floor"] = 1
    reason = why_not(told, "W2")
    assert reason.en == (
        "Window W2 with a in place of b would leave b with 0 windows, fewer than the 1 it must have."
    )
    assert "保底1个" in reason.zh


def test_a_clerk_about_to_rest_is_the_reason() -> None:
    told = pair(refused=refused("a b", "a"))
    told["clerks"][1]["breaks"] = [pause(earliest_s=36_360, latest_s=36_360, start_s=36_360)]
    assert why_not(told, "W2").en.startswith("c2 has a break at 10:06")


def test_a_window_whose_clerk_rests_says_so() -> None:
    told = pair()
    told["clerks"][1] |= {"status": "break", "until_s": 38_400}
    assert why_not(told, "W2").en == "c2 of window W2 is on a break until 10:40."
    told["clerks"][1]["until_s"] = None
    assert why_not(told, "W2").en == "c2 of window W2 is on a break."


def test_an_empty_window_that_nobody_may_take_says_why() -> None:
    told = pair(refused=refused("a b", "a", "b"))
    told["windows"][1]["mode"] = []
    told["clerks"][1] |= {"window": None, "mode": []}
    assert "A manager has refused window W2" in why_not(told, "W2").en


def test_an_empty_window_whose_narrower_mode_was_refused_says_why() -> None:
    told = pair(refused=refused("b"))
    told["windows"][1]["mode"] = ["a", "b"]
    told["clerks"][1] |= {"window": None, "mode": [], "pace": {"b": 1.0}}
    told["clerks"][0]["pace"] = {"b": 1.0}
    told["windows"][0] |= {"can": ["b"], "mode": ["b"]}
    told["clerks"][0]["mode"] = ["b"]
    assert why_not(told, "W2").en == "A manager has refused window W2 with b until 11:06."


def test_who_is_left_without_a_window_is_weighed_like_anybody() -> None:
    told = calm(pair())
    told["windows"][0]["mode"] = ["a", "b"]
    told["windows"][1]["mode"] = []
    told["clerks"][1] |= {"window": None, "mode": []}
    plan = plan_of(hall := Snapshot.from_json(told), {"c1": ("W1", "a b")})
    reason = model.why_not(hall, plan, "W2")
    assert reason.en == (
        "c2, who has no window, at window W2 with a, b would save less than a minute of waiting."
    )
    assert reason.zh == "空闲的c2到W2号窗口办理a、b，减少的等候不到1分钟。"


def test_those_who_are_promised_elsewhere_are_told_as_that() -> None:
    told = pair(committed=[{"window": "W1", "mode": ["a"], "clerk": "c1", "at_s": 36_000}])
    told["clerks"] = told["clerks"][:1]
    assert "agreed posts elsewhere" in why_not(told, "W2").en


def test_a_flip_that_does_not_pay_is_told_in_minutes() -> None:
    told = two_lines() | {"waiting": waiting("b", 4), "forecast": {"a": [0.1] * 36, "b": [1.0] * 36}}
    assert "minutes" in why_not(told, "W2").en


def test_a_flip_that_brings_nothing_is_not_said_to_cost() -> None:
    assert "less than a minute" in why_not(calm(two_lines()), "W2").en


def test_a_plan_made_in_haste_does_not_claim_to_have_weighed() -> None:
    hall = Snapshot.from_json(pair(rules={"setup_s": 0}))
    calm_posts = (Post("c1", "W1", ("a",), hall.now_s, 63_000), Post("c2", "W2", ("b",), hall.now_s, 63_000))
    hasty = replace(model.solve(hall), status="fallback", flips=(), posts=calm_posts)
    assert "no time to compare" in model.why_not(hall, hasty, "W2").en


def test_a_plan_that_narrows_is_told_as_that() -> None:
    told = calm(pair())
    told["windows"][1]["mode"] = ["a", "b"]
    hall = Snapshot.from_json(told)
    posts = (Post("c1", "W1", ("a",), hall.now_s, 63_000), Post("c2", "W2", ("b",), hall.now_s, 63_000))
    narrow = replace(model.solve(hall), flips=(), posts=posts)
    assert "narrows it to b" in model.why_not(hall, narrow, "W2").en


def test_of_an_unknown_window_nothing_is_said() -> None:
    with pytest.raises(KeyError, match="no window W99"):
        why_not(two_lines(), "W99")


@pytest.mark.parametrize("block", range(5))
def test_every_answer_in_strange_halls_is_true(block: int) -> None:
    told: Counter[str] = Counter()
    for seed in range(FIRST_SEED + 30 * block, FIRST_SEED + 30 * block + 30):
        hall = replace(strange(seed), deadline_ms=DAY_MS)
        plan = model.solve(hall)
        for each in hall.windows:
            reason = model.why_not(hall, plan, each.id)
            kind = next((kind for kind in CLAIMS if kind in reason.en), None)
            assert kind, reason
            assert each.id in reason.zh and each.id in reason.en
            assert CLAIMS[kind](Answer(hall, plan, each, reason.en)), (seed, reason)
            told[kind] += 1
    assert len(told) > len(CLAIMS) // 2, told


class Answer:
    """An answer and what it can be checked against, without the code that gave it."""

    def __init__(self, hall: Snapshot, plan: Plan, window: Window, text: str) -> None:
        self.hall, self.plan, self.window, self.text = hall, plan, window, text
        self.book = Rulebook(hall)
        self.now = [p for p in plan.posts if p.from_s <= hall.now_s < p.to_s]
        self.post = next((p for p in self.now if p.window == window.id), None)
        self.able = [c for c in self.book.at_work if window.can & c.pace.keys()]

    @property
    def clerk(self) -> Clerk:
        assert self.post, "somebody sits there"
        return self.book.clerks[self.post.clerk]

    @property
    def shared(self) -> set[str]:
        return set(self.window.can & self.clerk.pace.keys())

    def is_flip_free(self) -> bool:
        """No rule of the window itself was passed over for a softer answer."""
        spent = self.window.mode and self.book.is_settled(self.window, self.hall.now_s)
        fixed = not self.window.tidal or self.window.id in self.book.pins
        return self.window.open and not fixed and not spent

    def is_flip_of_plan(self) -> bool:
        flip = next(f for f in self.plan.flips if f.window == self.window.id)
        is_agreed = any(
            c.window == flip.window and set(c.mode) == set(flip.to_mode) and c.clerk in (None, flip.clerk)
            for c in self.hall.committed
        )
        offered = Counter(s for p in self.now for s in p.mode)
        is_short = any(
            offered[s] <= self.book.floors.get(s, 0) for s in flip.to_mode if s not in flip.from_mode
        )
        return (
            ("as agreed" not in self.text or is_agreed)
            and ("least number" not in self.text or is_short)
            and self.text.startswith("At ") == (flip.at_s > self.hall.now_s)
        )

    def is_agreed(self) -> bool:
        mine = [c for c in self.hall.committed if c.window == self.window.id]
        kept = [
            c for c in mine
            if any(
                p.window == c.window and set(p.mode) == set(c.mode) and c.at_s < p.to_s
                for p in self.plan.posts
            )
        ]  # fmt: skip
        return any((c.at_s <= self.hall.now_s) == (" now, " in self.text) for c in kept)

    def is_refused(self) -> bool:
        active = [r for r in self.hall.refused if r.window == self.window.id and r.until_s > self.hall.now_s]
        new = [r for r in active if not (self.post and self.window.mode) or is_flip(self.window, r.mode)]
        return self.is_flip_free() and any(
            f"with {', '.join(sorted(r.mode))} until" in self.text for r in new
        )

    def is_no_other(self) -> bool:
        return self.is_flip_free() and self.post is not None and self.shared <= set(self.post.mode)

    def is_narrowed(self) -> bool:
        assert self.post
        return set(self.post.mode) < self.shared <= set(self.window.mode)

    def is_first(self) -> bool:
        return self.is_flip_free() and not self.window.mode and self.post is not None

    def is_short(self) -> bool:
        offered = Counter(s for p in self.now for s in p.mode)
        return any(
            f"leave {s} with" in self.text and offered[s] <= floor for s, floor in self.book.floors.items()
        )

    def is_weighed(self) -> bool:
        """Somebody who may come, or sits there and takes on something new, and minutes that bear it out."""
        head = self.text.split(" would ")[0]
        if self.post is None:
            who = head.split()[0].rstrip(",")
            is_idle = not any(p.clerk == who and p.window for p in self.now)
            is_able = who in {c.id for c in self.able} and is_idle == ("who has no window" in head)
        else:
            is_able = any(s in head for s in self.shared - set(self.window.mode))
        return self.is_flip_free() and is_able and self.is_borne_out()

    def is_borne_out(self) -> bool:
        """The verdict follows from the minutes."""
        gain, cost = (
            int(found[1]) if (found := re.search(rf"{verb} [^;:]*?about (\d+) minute", self.text)) else 0
            for verb in ("save", "cost")
        )
        if "save less than a minute" in self.text:
            return gain == cost == 0
        if "no less than it saves" in self.text:
            return 0 < gain <= cost
        is_flip = self.window.mode and any(s not in self.window.mode for s in self.taken_on())
        price = model.WEIGHTS.flip * bool(is_flip) + model.WEIGHTS.move * (self.post is None)
        return gain - cost > 0 and ("not worth" in self.text) == (gain - cost <= price)

    def taken_on(self) -> list[str]:
        return self.text.split(" would ")[0].split(" with ")[1].split(" in place of ")[0].split(", ")

    def is_empty(self) -> bool:
        return self.is_flip_free() and self.post is None

    def is_resting(self) -> bool:
        return self.is_empty() and any(
            c.window == self.window.id and c.status == "break" for c in self.hall.clerks
        )

    def is_due_a_break(self) -> bool:
        soon_s = self.hall.now_s + self.hall.rules.setup_s
        return any(b.clerk == self.clerk.id and b.start_s < soon_s for b in self.plan.breaks)

    def places(self) -> list[Post]:
        """Where those are who could sit there."""
        return [p for p in self.now if p.clerk in {c.id for c in self.able}]

    def promised(self) -> set[WindowId | None]:
        return {c.window for c in self.hall.committed if c.at_s <= self.hall.now_s}

    def is_capped(self) -> bool:
        """A line of the window has a cap, and would not be alone there."""
        service = self.book.services[ServiceId(self.text.split()[0])]
        minutes = round((service.cap_wait_s or 0) / 60)
        return service.id in self.window.mode and minutes > 0 and f"{minutes} minutes" in self.text


CLAIMS = {
    "takes on": Answer.is_flip_of_plan,
    "shut": lambda a: not a.window.open,
    "is fixed": lambda a: a.window.open and not a.window.tidal,
    "pinned": lambda a: a.window.id in a.book.pins,
    "allows window": lambda a: a.hall.rules.max_flips_per_window == 0,
    "has had its": lambda a: a.window.flips_today >= a.hall.rules.max_flips_per_window > 0,
    "for another": lambda a: a.hall.now_s - a.window.mode_since_s < a.hall.rules.min_dwell_s,
    "as agreed": Answer.is_agreed,
    "has refused": Answer.is_refused,
    "no other service": Answer.is_no_other,
    "already offers": Answer.is_narrowed,
    "first mode of the day": Answer.is_first,
    "must have": Answer.is_short,
    "has a break at": Answer.is_due_a_break,
    "on a break": Answer.is_resting,
    "Nobody at work": lambda a: a.is_empty() and not a.able,
    "agreed posts": lambda a: a.is_empty() and {p.window for p in a.places()} <= a.promised(),
    "needs window": Answer.is_capped,
    "would save": Answer.is_weighed,
    "may offer at": lambda a: a.is_empty() and bool(a.able),
}
