"""What one more authorised clerk, or one more terminal at a window, is worth: minutes of waiting saved a day.

DOMAIN.md §A: authorised clerks and terminals, not the solver, are the limit; a manager should see which.

A hundred questions on few days name the luckiest, not the best. So few days only choose whom to ask again,
and all that is told comes from fresh days, which had no part in the choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from statistics import NormalDist

from joblib import Parallel, delayed

from scheduler.replay.figures import Figure, figure
from scheduler.replay.layout import layout
from scheduler.replay.policy import Policy
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import study
from scheduler.replay.whatif.questions import Change, authorised, equipped
from scheduler.replay.whatif.seating import kept

FAMILIES = 3  # asked about: those whose lines wait most; elsewhere there is little to save
SCREENED_DAYS = 8  # of each question, unless there are so many that
SCREENED_IN_ALL = 480  # days would be passed: a hall of any size is answered in the time of its own days
LEAST_SCREENED = 2
BEST = 8  # questions are asked again
FRESH_DAYS = 40
LEAST_MIN = 0.05  # saved a day; less is told as 0
STEPS = 100  # told while a ranking runs, whatever it turns out to need

OnDone = Callable[[int], None]
MakeChange = Callable[[str, Iterable[str]], Change]  # of a clerk or window, for these services too


class Nothing(StrEnum):
    """Why no question of a ranking stands out."""

    NOBODY_AT_WORK = "nobody_at_work"  # neither now nor later today
    ALL_FIXED = "all_fixed"  # no open window may change what it offers
    NOBODY_WAITS = "nobody_waits"
    ALL_KNOWN = "all_known"  # every clerk, or window, has the families that wait most
    CHANCE = "chance"  # what was saved may be luck


@dataclass(frozen=True, slots=True)
class Worth:
    """What it saves in a day, over all visitors: the mean with its interval, and every day's minutes.

    In 95 of 100 rankings the intervals of all that were asked again hold together, the best one's too.
    """

    who: str  # clerk or window
    family: str
    saved_min: Figure
    days_min: tuple[float, ...]

    @property
    def stands_out(self) -> bool:
        """Whether the whole interval is a saving. One day alone has no interval."""
        return self.saved_min.low > 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best questions by what they saved on `fresh_days`, the best first; what saves nothing is left out.

    `asked` questions were screened on `screened_days` others. `nothing` says why none stands out, if so.
    """

    worth: tuple[Worth, ...] = ()
    asked: int = 0
    screened_days: int = 0
    fresh_days: int = 0
    nothing: Nothing | None = None


def worth_of_training(
    scenario: Scenario,
    policy: Policy,
    replications: int = FRESH_DAYS,
    seed: int = 1,
    jobs: int | None = None,
    on_done: OnDone = lambda _: None,
) -> Ranking:
    """Each clerk with each busy family not yet known. `replications`: fresh days; `on_done` hears STEPS."""
    numbered = layout(scenario)
    known = {clerk.id: numbered.families_of(numbered.skills[i]) for i, clerk in enumerate(scenario.clerks)}
    return _Ranker(scenario, policy, replications, seed, jobs, on_done).rank(known, authorised)


def worth_of_equipment(
    scenario: Scenario,
    policy: Policy,
    replications: int = FRESH_DAYS,
    seed: int = 1,
    jobs: int | None = None,
    on_done: OnDone = lambda _: None,
) -> Ranking:
    """Each open tidal window with each busy family that its terminals do not reach yet."""
    numbered = layout(scenario)
    reached = {
        window.id: numbered.families_of(numbered.can[i])
        for i, window in enumerate(scenario.windows)
        if window.tidal and window.open
    }
    return _Ranker(scenario, policy, replications, seed, jobs, on_done).rank(reached, equipped)


WORTHS = {"training": worth_of_training, "equipment": worth_of_equipment}


@dataclass(frozen=True, slots=True)
class _Question:
    who: str
    family: str
    change: Change


class _Ranker:
    """One ranking: which lines wait most, every question on few days, the best of them on fresh ones."""

    def __init__(
        self,
        scenario: Scenario,
        policy: Policy,
        fresh_days: int,
        seed: int,
        jobs: int | None,
        on_done: OnDone,
    ) -> None:
        self.scenario, self.policy, self.fresh_days = scenario, policy, fresh_days
        self.seed, self.jobs = seed, jobs
        self.steps = _Steps(on_done)

    def rank(self, has: Mapping[str, frozenset[int]], change: MakeChange) -> Ranking:
        """`has`: the families, by number, of each clerk or window that is asked about."""
        found = self._ranked(has, change)
        self.steps.whole()
        return found

    def _ranked(self, has: Mapping[str, frozenset[int]], change: MakeChange) -> Ranking:
        if not self.scenario.clerks:
            return Ranking(nothing=Nothing.NOBODY_AT_WORK)
        if not has:
            return Ranking(nothing=Nothing.ALL_FIXED)
        busy = _busy(self.scenario, self.policy, min(SCREENED_DAYS, self.fresh_days), self.seed)
        if not busy:
            return Ranking(nothing=Nothing.NOBODY_WAITS)
        questions = self._questions(busy, has, change)
        if not questions:
            return Ranking(nothing=Nothing.ALL_KNOWN)
        return self._twice(questions)

    def _questions(
        self, busy: Sequence[str], has: Mapping[str, frozenset[int]], change: MakeChange
    ) -> list[_Question]:
        numbered = layout(self.scenario)
        return [
            _Question(who, family, change(who, _members(self.scenario, family)))
            for family in busy
            for who, families in has.items()
            if numbered.families.index(family) not in families
        ]

    def _twice(self, questions: Sequence[_Question]) -> Ranking:
        """Few days choose; only fresh days are told."""
        few = max(LEAST_SCREENED, min(SCREENED_DAYS, SCREENED_IN_ALL // len(questions)))
        few = min(few, self.fresh_days)
        self.steps.of_days((1 + len(questions)) * few + (1 + min(BEST, len(questions))) * self.fresh_days)
        screened = self._saved(questions, 0, few)
        better = sorted(zip(screened, questions, strict=True), key=lambda pair: -pair[0].saved_min.value)
        best = [question for _, question in better[:BEST]]
        again = self._saved(best, few, self.fresh_days)
        fresh = [worth for worth in again if worth.saved_min.value >= LEAST_MIN]
        return Ranking(
            worth=tuple(sorted(fresh, key=lambda worth: -worth.saved_min.value)),
            asked=len(questions),
            screened_days=few,
            fresh_days=self.fresh_days,
            nothing=None if any(worth.stands_out for worth in fresh) else Nothing.CHANCE,
        )

    def _saved(self, questions: Sequence[_Question], first: int, days: int) -> list[Worth]:
        """What each saves on days number `first` and following, which are the same for all."""
        numbers = (self.seed, first, days)
        before = _waited_min(self.scenario, self.policy, *numbers)
        self.steps.more(days)
        changed = (question.change(self.scenario) for question in questions)
        runs = Parallel(n_jobs=self.jobs, return_as="generator")(
            delayed(_waited_min)(day, kept(self.policy, self.scenario, day), *numbers) for day in changed
        )
        found = []
        for question, after in zip(questions, runs, strict=True):
            saved = tuple(b - a for b, a in zip(before, after, strict=True))
            found.append(
                Worth(question.who, question.family, _together(figure(saved), len(questions)), saved)
            )
            self.steps.more(days)
        return found


class _Steps:
    """Tells hundredths of the work as its days are simulated."""

    def __init__(self, on_done: OnDone) -> None:
        self.on_done, self.days, self.done, self.told = on_done, 1, 0, 0

    def of_days(self, days: int) -> None:
        """What there is to do, as soon as it is known."""
        self.days = days

    def more(self, days: int) -> None:
        self.done += days
        self._tell(STEPS * self.done // self.days)

    def whole(self) -> None:
        """Nothing is left to do, as where nothing could be asked."""
        self._tell(STEPS)

    def _tell(self, steps: int) -> None:
        if steps > self.told:
            self.on_done(steps - self.told)
            self.told = steps


def _together(one: Figure, count: int) -> Figure:
    """An interval wide enough for the best of `count`: they share the 5 % (Bonferroni, normal quantiles)."""
    if not isfinite(one.low):
        return one
    wider = NormalDist().inv_cdf(1 - 0.025 / count) / NormalDist().inv_cdf(0.975)
    return Figure(
        one.value, one.value - wider * (one.value - one.low), one.value + wider * (one.high - one.value)
    )


def _waited_min(scenario: Scenario, policy: Policy, seed: int, first: int, days: int) -> list[float]:
    """Minutes that all visitors together wait, on each day from number `first` on."""
    outcomes = study(scenario, {policy.name: policy}, days, seed, jobs=1, first=first)[policy.name]
    return [float(o.wait_s.sum()) / 60 for o in outcomes]


def _busy(scenario: Scenario, policy: Policy, days: int, seed: int) -> list[str]:
    """The families whose lines wait most, the longest first; none that nobody waits for."""
    numbered = layout(scenario)
    outcomes = study(scenario, {policy.name: policy}, days, seed, jobs=1)[policy.name]
    waited = dict.fromkeys(numbered.families, 0.0)
    for each in outcomes:
        for service, family in enumerate(numbered.family):
            waited[numbered.families[family]] += float(each.wait_s[each.service == service].sum())
    return [name for name in sorted(waited, key=lambda name: -waited[name])[:FAMILIES] if waited[name] > 0]


def _members(scenario: Scenario, family: str) -> list[str]:
    return [s.id for s in scenario.services if s.family == family]
