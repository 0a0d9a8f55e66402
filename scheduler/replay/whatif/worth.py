"""What one more authorised clerk, or one more terminal at a window, is worth: minutes of waiting saved a day.

DOMAIN.md §A: authorised clerks and terminals, not the solver, are the limit; a manager should see which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from joblib import Parallel, delayed

from scheduler.replay.figures import Figure, figure
from scheduler.replay.layout import layout
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import study
from scheduler.replay.whatif.questions import Change, authorised, equipped

FAMILIES = 3  # asked about: those whose lines wait most; elsewhere there is little to save


@dataclass(frozen=True, slots=True)
class Worth:
    """What it would save in a day, over all visitors, with a 95 % interval."""

    who: str  # clerk or window
    family: str
    saved_min: Figure


def worth_of_training(
    scenario: Scenario,
    policy: Policy,
    replications: int = 10,
    seed: int = 1,
    jobs: int | None = None,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Worth]:
    """Each clerk with each busy family not yet known, best first."""
    numbered = layout(scenario)
    busy = _busy(scenario, policy, replications, seed)
    questions = [
        (clerk.id, family, authorised(clerk.id, _members(scenario, family)))
        for i, clerk in enumerate(scenario.clerks)
        for family in busy
        if numbered.families.index(family) not in numbered.families_of(numbered.skills[i])
    ]
    return _rank(scenario, questions, policy, replications, seed, jobs, on_done)


def worth_of_equipment(
    scenario: Scenario,
    policy: Policy,
    replications: int = 10,
    seed: int = 1,
    jobs: int | None = None,
    on_done: Callable[[int], None] = lambda _: None,
) -> list[Worth]:
    """Each tidal window with each busy family that its terminals do not reach yet, best first."""
    numbered = layout(scenario)
    busy = _busy(scenario, policy, replications, seed)
    questions = [
        (window.id, family, equipped(window.id, _members(scenario, family)))
        for i, window in enumerate(scenario.windows)
        for family in busy
        if window.tidal and numbered.families.index(family) not in numbered.families_of(numbered.can[i])
    ]
    return _rank(scenario, questions, policy, replications, seed, jobs, on_done)


WORTHS = {"training": worth_of_training, "equipment": worth_of_equipment}


def most_asked(scenario: Scenario, of: str) -> int:
    """Questions at most in a ranking: whoever knows all busy families is not asked about."""
    return FAMILIES * len(scenario.clerks if of == "training" else scenario.windows)


def _rank(
    scenario: Scenario,
    questions: Sequence[tuple[str, str, Change]],
    policy: Policy,
    replications: int,
    seed: int,
    jobs: int | None,
    on_done: Callable[[int], None],
) -> list[Worth]:
    before = _waited_min(scenario, policy, replications, seed)
    runs = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_waited_min)(change(scenario), policy, replications, seed) for _, _, change in questions
    )
    found = []
    for (who, family, _), after in zip(questions, runs, strict=True):
        saved = [b - a for b, a in zip(before, after, strict=True)]
        found.append(Worth(who, family, figure(saved)))
        on_done(1)
    return sorted(found, key=lambda worth: -worth.saved_min.value)


def _waited_min(scenario: Scenario, policy: Policy, replications: int, seed: int) -> list[float]:
    """Minutes that all visitors together wait, per day."""
    outcomes = study(scenario, {policy.name: policy}, replications, seed, jobs=1)[policy.name]
    return [float(o.wait_s.sum()) / 60 for o in outcomes]


def _busy(scenario: Scenario, policy: Policy, replications: int, seed: int) -> list[str]:
    numbered = layout(scenario)
    outcomes = study(scenario, {policy.name: policy}, replications, seed, jobs=1)[policy.name]
    waited = dict.fromkeys(numbered.families, 0.0)
    for each in outcomes:
        for service, family in enumerate(numbered.family):
            waited[numbered.families[family]] += float(each.wait_s[each.service == service].sum())
    return sorted(waited, key=lambda name: -waited[name])[:FAMILIES]


def _members(scenario: Scenario, family: str) -> list[str]:
    return [s.id for s in scenario.services if s.family == family]
