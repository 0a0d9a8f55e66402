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
from scheduler.replay.figures import Figure, difference, figure, level, summary
from scheduler.replay.layout import layout
from scheduler.replay.lineup import by_load
from scheduler.replay.longest import Longest
from scheduler.replay.outcome import Outcome
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import study
from scheduler.replay.whatif.questions import Change
from scheduler.replay.whatif.worth import WORTHS, Worth

FORMAT = "tidehall.whatif/1"  # docs/formats/whatif.schema.json

DAYS, RANKED_DAYS, FAMILIES = 30, 8, 2
BEST = 10  # of a ranking are told
SHOWN = ("mean_s", "p90_s", "over_30_min")

Told = dict[str, Any]


Chosen = Callable[[Scenario], Policy]


def policy(day: Scenario) -> Longest:
    """Everybody at the post of now; those without one where the expected work wants them."""
    return Longest(FAMILIES, lineup=by_load(layout(day), FAMILIES) | today.posts(day))


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

    `chosen` gives the policy that runs the day, with the change and without; `jobs` as in `study`.
    """
    changed = change(day)
    before, after = (_days(each, chosen(each), replications, seed, on_done, jobs) for each in (day, changed))
    names = [s.id for s in day.services]
    sums = summary(before, names), summary(after, names), difference(after, before, names)
    hall = [each.total for each in sums]
    late = _late(day, before, None), _late(changed, after, None)
    services = {}
    for i, name in enumerate(names):
        mine = _late(day, before, i), _late(changed, after, i)
        services[name] = _row([each.services[name] for each in sums], *mine)
    return {
        "format": FORMAT,
        "replications": replications,
        "hall": _row(hall, *late),
        "services": services,
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
    """`{"format", "replications", "worth": [{"who", "family", "value", "low", "high"}, …]}`.

    Minutes saved a day, the best first; low and high are None where one day only was asked.
    """
    ranked = WORTHS[of](day, chosen(day), replications, seed, jobs, on_done)
    return {"format": FORMAT, "replications": replications, "worth": [_worth(each) for each in ranked[:BEST]]}


def _worth(each: Worth) -> Told:
    saved = each.saved_min
    low, high = (saved.low, saved.high) if isfinite(saved.low) else (None, None)
    return {"who": each.who, "family": each.family, "value": saved.value, "low": low, "high": high}


def _days(
    day: Scenario,
    chosen: Policy,
    replications: int,
    seed: int,
    on_done: Callable[[int], None],
    jobs: int | None,
) -> list[Outcome]:
    return study(day, {chosen.name: chosen}, replications, seed, jobs=jobs, on_done=on_done)[chosen.name]


def _late(day: Scenario, outcomes: Sequence[Outcome], line: int | None) -> list[float]:
    """The share of each day's visitors who wait longer than their service's promise."""
    promise_s = np.array([s.target_wait_s for s in day.services])
    found = []
    for each in outcomes:
        mine = np.ones(len(each.wait_s), dtype=bool) if line is None else each.service == line
        late = each.wait_s[mine] > promise_s[each.service[mine]]
        found.append(float(late.mean()) if len(late) else float("nan"))
    return found


def _row(figures: Sequence[Mapping[str, Figure]], late: list[float], late_after: list[float]) -> Told:
    before, after, apart = figures
    change = [b - a for a, b in zip(late, late_after, strict=True)]
    return {
        "before": {m: _range(before[m]) for m in SHOWN} | {"late": _range(level(late, 1.0))},
        "after": {m: _range(after[m]) for m in SHOWN} | {"late": _range(level(late_after, 1.0))},
        "difference": {m: _range(apart[m]) for m in SHOWN} | {"late": _range(figure(change))},
    }


def _range(found: Figure) -> dict[str, float] | None:
    """None where no day had anybody, or one day only."""
    if not (isfinite(found.value) and isfinite(found.low)):
        return None
    return {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}
