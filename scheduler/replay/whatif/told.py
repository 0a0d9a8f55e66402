"""One question answered for people: the waits of the hall and of every service, before and after, in ranges.

The hall goes on from its posts of now; a clerk with nobody left to serve turns to the longest line. That
rule stands in for the planner, which would take minutes for the same days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np

from scheduler.replay import today
from scheduler.replay.figures import Figure, Summary, difference, figure, level, summary
from scheduler.replay.layout import layout
from scheduler.replay.lineup import by_load
from scheduler.replay.longest import Longest
from scheduler.replay.outcome import Outcome
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import study
from scheduler.replay.whatif.questions import Change
from scheduler.replay.whatif.seating import kept
from scheduler.replay.whatif.worth import FRESH_DAYS, WORTHS, Worth

FORMAT = "tidehall.whatif/1"  # docs/formats/whatif.schema.json

DAYS, RANKED_DAYS, FAMILIES = 30, FRESH_DAYS, 2
SHOWN = ("mean_s", "p90_s", "over_30_min")
TENTHS = (0.1, 0.9)  # 8 of 10 days lie between

Told = dict[str, Any]
Chosen = Callable[[Scenario], Policy]


def policy(day: Scenario) -> Longest:
    """Everybody at the post of now; those without one where the expected work wants them."""
    return Longest(FAMILIES, lineup=by_load(layout(day), FAMILIES, seated=today.posts(day)))


def tell(
    day: Scenario,
    change: Change,
    replications: int = DAYS,
    seed: int = 1,
    on_done: Callable[[int], None] = lambda _: None,
    *,
    chosen: Chosen = policy,
    jobs: int | None = 1,
) -> Told:
    """`{"format", "replications", "hall": …, "services": {id: …}}`: before, after, difference by measure.

    Each figure is a mean over days with its 95 % interval, and the span of 8 of 10 days beside it. `chosen`
    gives the policy that runs the day; with the change everybody begins at the same post (whatif.seating).
    `jobs` as in `study`.
    """
    changed, rule = change(day), chosen(day)
    before, after = (
        _days(each, its, replications, seed, on_done, jobs)
        for each, its in ((day, rule), (changed, kept(rule, day, changed)))
    )
    sides = _Sides((day, changed), (before, after))
    return {
        "format": FORMAT,
        "replications": replications,
        "hall": sides.row(None),
        "services": {service.id: sides.row(i) for i, service in enumerate(day.services)},
    }


def tell_ranked(
    day: Scenario,
    of: str,
    replications: int = RANKED_DAYS,
    seed: int = 1,
    on_done: Callable[[int], None] = lambda _: None,
    *,
    chosen: Chosen = policy,
    jobs: int | None = 1,
) -> Told:
    """`{"format", "replications", "asked", "screened_days", "nothing", "worth": [{"who", "family", …}, …]}`.

    Minutes saved a day on fresh days (`replications`), the best first; low and high are None where one day
    only was asked. `nothing` says why none stands out (worth.Nothing), None where one does.
    """
    ranking = WORTHS[of](day, chosen(day), replications, seed, jobs, on_done)
    return {
        "format": FORMAT,
        "replications": replications,
        "asked": ranking.asked,
        "screened_days": ranking.screened_days,
        "nothing": ranking.nothing,
        "worth": [_worth(each) for each in ranking.worth],
    }


def _worth(each: Worth) -> Told:
    saved = each.saved_min
    low, high = (saved.low, saved.high) if isfinite(saved.low) else (None, None)
    found = {"value": saved.value, "low": low, "high": high, **_tenths(each.days_min)}
    return {
        "who": each.who,
        "family": each.family,
        **{n: x if x is None else round(x, 4) for n, x in found.items()},
    }


def _days(
    day: Scenario,
    chosen: Policy,
    replications: int,
    seed: int,
    on_done: Callable[[int], None],
    jobs: int | None,
) -> list[Outcome]:
    return study(day, {chosen.name: chosen}, replications, seed, jobs=jobs, on_done=on_done)[chosen.name]


class _Sides:
    """Both sides of an answer, over all days and day by day; the hall and each line take theirs from it."""

    def __init__(self, days: tuple[Scenario, Scenario], found: tuple[list[Outcome], list[Outcome]]) -> None:
        self.days, self.found = days, found
        self.names = [s.id for s in days[0].services]
        before, after = found
        self.over_days = (
            summary(before, self.names), summary(after, self.names), difference(after, before, self.names)
        )  # fmt: skip
        pairs = list(zip(before, after, strict=True))
        self.day_by_day = (
            [summary([b], self.names) for b in before],
            [summary([a], self.names) for a in after],
            [difference([a], [b], self.names) for b, a in pairs],
        )

    def row(self, line: int | None) -> Told:
        """The hall's figures (None), or those of one line; `days`: on how many of them anybody came."""
        late = [_late(day, found, line) for day, found in zip(self.days, self.found, strict=True)]
        late.append([b - a for a, b in zip(*late, strict=True)])
        sides = {}
        for name, over_days, by_day, share in zip(
            ("before", "after", "difference"), self.over_days, self.day_by_day, late, strict=True
        ):
            figures, days = self._of(over_days, line), [self._of(day, line) for day in by_day]
            shares = figure(share) if name == "difference" else level(share, 1.0)
            sides[name] = {m: _range(figures[m], [day[m].value for day in days]) for m in SHOWN}
            sides[name]["late"] = _range(shares, share)
        return {**sides, "days": {side: _with_anybody(late[i]) for i, side in enumerate(("before", "after"))}}

    def _of(self, each: Summary, line: int | None) -> Mapping[str, Figure]:
        return each.total if line is None else each.services[self.names[line]]


def _late(day: Scenario, outcomes: Sequence[Outcome], line: int | None) -> list[float]:
    """The share of each day's visitors who wait longer than their service's promise."""
    promise_s = np.array([s.target_wait_s for s in day.services])
    found = []
    for each in outcomes:
        mine = np.ones(len(each.wait_s), dtype=bool) if line is None else each.service == line
        late = each.wait_s[mine] > promise_s[each.service[mine]]
        found.append(float(late.mean()) if len(late) else float("nan"))
    return found


def _with_anybody(shares: Sequence[float]) -> int:
    return int(np.count_nonzero(~np.isnan(shares)))


def _range(found: Figure, days: Sequence[float]) -> dict[str, float] | None:
    """None where fewer than two days had anybody."""
    if not (isfinite(found.value) and isfinite(found.low)):
        return None
    ends = {"value": found.value, "low": found.low, "high": found.high, **_tenths(days)}
    return {name: round(value, 4) for name, value in ends.items()}


def _tenths(days: Sequence[float]) -> dict[str, float]:
    """Between which 8 of 10 days lie: what one day may bring, where the interval tells of their mean."""
    day_low, day_high = np.nanquantile(days, TENTHS)
    return {"day_low": float(day_low), "day_high": float(day_high)}
