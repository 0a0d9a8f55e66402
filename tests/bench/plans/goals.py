"""PLANNING.md §5's list for one hall: what the tidal policy reaches on days that nobody tuned for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.replay.figures import Daily
from tests.bench.jackknife import Estimate, Floats, jackknife, ratio
from tests.bench.plans.column import column
from tests.bench.plans.days import ROBUSTNESS
from tests.bench.plans.halls import hall
from tests.bench.plans.rules import ONE_FAMILY, REFERENCE, SIMPLE, TWO_FAMILIES

# [kind][policy] = daily figures; policies: rules.SIMPLE, rules.REFERENCE, "tidal".
Rules = Mapping[str, list[Daily]]
Found = Mapping[str, Rules]

STRESS = ("monday", "surge", "absence", "drift", "burst")
WRONG = ("forecast -30 %", "forecast +30 %", "wrong mix")
STRESS_GOALS: dict[str, tuple[float | None, float | None]] = {"mean_s": (1.0, 0.95), "p90_s": (0.92, 0.87)}
SAID = {"mean_s": "mean", "p90_s": "P90", "p95_s": "P95", "worst_service_s": "worst service"}
OWN_GOAL = (1.03, 1.01)  # to the own mean with the right forecast


@dataclass(frozen=True)
class Goal:
    """One row of the table; `must` None: a figure to know, without a goal. `at_least`: more is better.

    `rival`: the rule it is held against, where that differs between halls.
    """

    name: str
    reached: Estimate
    must: float | None = None
    aim: float | None = None
    at_least: bool = False
    rival: str = ""

    @property
    def is_met(self) -> bool:
        """A figure without a goal misses nothing."""
        if self.must is None:
            return True
        return self.reached.value >= self.must if self.at_least else self.reached.value <= self.must


def goals(shape: str, hall_seed: int, found: Found) -> list[Goal]:
    """Every goal that the kinds of day found so far allow to judge, and the P95 of every kind."""
    rows = []
    if "normal" in found:
        rows += _normal(found["normal"], len(hall(shape, hall_seed).clerks))
    for kind in STRESS:
        if kind in found:
            rows += [_to_best(kind, m, found[kind], must, aim) for m, (must, aim) in STRESS_GOALS.items()]
    if "normal" in found:
        rows += _wrong(found)
    for kind in ROBUSTNESS:
        if kind in found:
            rows += [_to_best(kind, measure, found[kind]) for measure in STRESS_GOALS]
    return rows + [_to_best(kind, "p95_s", rules) for kind, rules in found.items()]


def best_simple(rules: Rules, measure: str, among: Sequence[str] = SIMPLE) -> str:
    """The simple rule with the least of this measure on these very days: chosen in hindsight, so no easier.

    Measure by measure, for the rule with the best mean need not have the best P90 or the best worst service.
    """
    return min(among, key=lambda name: column(rules[name], measure).mean())


def gap_closed(ours: Floats, fixed: Floats, free: Floats) -> Estimate:
    """The share of the way from one-family fixed windows to free switching (PLANNING.md §4), a reference:

    first come, first served by whoever is able, so a policy that looks ahead may pass it.
    """
    return jackknife(lambda x, a, b: float((a.mean() - x.mean()) / (a.mean() - b.mean())), ours, fixed, free)


def _normal(rules: Rules, clerks: int) -> list[Goal]:
    mean = {name: column(days, "mean_s") for name, days in rules.items()}
    best = best_simple(rules, "mean_s", TWO_FAMILIES)
    gap = gap_closed(mean["tidal"], mean[ONE_FAMILY], mean[REFERENCE])
    flips = column(rules["tidal"], "flips") / clerks
    threshold = ratio(mean["tidal"], mean["threshold, one family"])
    return [
        Goal("gap closed (1 = free switching, a reference)", gap, 0.86, 0.93, at_least=True),
        Goal("mean to the tuned one-family threshold rule", threshold, 0.67, 0.60),
        Goal("mean to the best two-family rule", ratio(mean["tidal"], mean[best]), 0.84, 0.75, rival=best),
        Goal("flips per clerk and day", jackknife(lambda x: float(x.mean()), flips), 0.5, 0.3),
        _to_best("normal", "worst_service_s", rules, 0.80, 0.65),
    ]


def _to_best(
    kind: str, measure: str, rules: Rules, must: float | None = None, aim: float | None = None
) -> Goal:
    """Ours to the simple rule that was best at this measure."""
    best = best_simple(rules, measure)
    reached = ratio(column(rules["tidal"], measure), column(rules[best], measure))
    return Goal(f"{kind}: {SAID[measure]} to the best simple rule", reached, must, aim, rival=best)


def _wrong(found: Found) -> list[Goal]:
    """Wrong forecasts against the own mean with the right one, each and the three in one figure."""
    right = column(found["normal"]["tidal"], "mean_s")
    mean = {kind: column(found[kind]["tidal"], "mean_s") for kind in WRONG if kind in found}
    rows = [
        Goal(f"{kind}: mean to the own with the right one", ratio(m, right), *OWN_GOAL)
        for kind, m in mean.items()
    ]
    if len(mean) == len(WRONG):
        together = ratio(sum(mean.values(), 0 * right) / len(WRONG), right)
        rows.append(Goal("the three together", together, *OWN_GOAL))
    return rows
