"""One decision, the same people with and without it: every service, with ranges."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.replay.figures import Summary, difference, summary
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import study
from scheduler.replay.whatif.questions import Change
from scheduler.replay.whatif.seating import kept


@dataclass(frozen=True, slots=True)
class Answer:
    """The day as planned, the day with the decision, and the paired difference (decision minus planned)."""

    before: Summary
    after: Summary
    difference: Summary


def ask(
    scenario: Scenario,
    change: Change,
    policy: Policy,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
) -> Answer:
    """Answer one question under one policy; who has a post keeps it (whatif.seating).

    Seconds for simple policies (DESIGN.md §7).
    """
    changed = change(scenario)
    before, after = (
        study(day, {policy.name: rule}, replications, seed, jobs=jobs)[policy.name]
        for day, rule in ((scenario, policy), (changed, kept(policy, scenario, changed)))
    )
    names = [s.id for s in scenario.services]
    return Answer(summary(before, names), summary(after, names), difference(after, before, names))
