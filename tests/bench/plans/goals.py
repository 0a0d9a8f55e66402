"""PLANNING.md §5's list for one hall: what the tidal policy reaches on days that nobody tuned for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.replay.figures import Daily
from tests.bench.plans.halls import hall
from tests.bench.plans.ratios import Ratio, column, gap_closed, ratio
from tests.bench.plans.rules import TWO_FAMILIES

# [kind][policy] = daily figures; policies: the names in rules.GRID, "fixed, one family", "free", "tidal".
Found = Mapping[str, Mapping[str, list[Daily]]]

STRESS = ("monday", "surge", "absence", "drift", "burst")
WRONG = ("forecast -30 %", "forecast +30 %", "wrong mix")


@dataclass(frozen=True)
class Goal:
    """One row of the table. `at_least`: more is better; otherwise less is."""

    name: str
    reached: Ratio
    must: float
    aim: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        return self.reached.value >= self.must if self.at_least else self.reached.value <= self.must


def goals(shape: str, hall_seed: int, found: Found) -> list[Goal]:
    """Every goal that the kinds of day found so far allow to judge."""
    rows = []
    if "normal" in found:
        rows += _normal(found["normal"], len(hall(shape, hall_seed).clerks))
    rows += [row for kind in STRESS if kind in found for row in _stress(kind, found[kind])]
    for kind in WRONG:
        if kind in found and "normal" in found:
            own = ratio(column(found[kind]["tidal"], "mean_s"), column(found["normal"]["tidal"], "mean_s"))
            rows.append(Goal(f"{kind}: to own mean with the right one", own, 1.03, 1.01))
    return rows


def best_simple(rules: Mapping[str, list[Daily]]) -> str:
    """The two-family rule with the least mean wait on these very days: chosen in hindsight, so no easier."""
    return min(TWO_FAMILIES, key=lambda name: column(rules[name], "mean_s").mean())


def _normal(rules: Mapping[str, list[Daily]], clerks: int) -> list[Goal]:
    best = best_simple(rules)
    mean = {name: column(days, "mean_s") for name, days in rules.items()}
    flips = column(rules["tidal"], "flips") / clerks
    worst = ratio(column(rules["tidal"], "worst_service_s"), column(rules[best], "worst_service_s"))
    return [
        Goal(
            "gap closed", gap_closed(mean["tidal"], mean["fixed, one family"], mean["free"]), 0.86, 0.93, True
        ),
        Goal("to the tuned threshold rule", ratio(mean["tidal"], mean["threshold, one family"]), 0.67, 0.60),
        Goal(f"to the best simple rule ({best})", ratio(mean["tidal"], mean[best]), 0.84, 0.75),
        Goal("flips per clerk and day", ratio(flips, flips * 0 + 1), 0.5, 0.3),
        Goal("worst service, to the best simple rule's", worst, 0.80, 0.65),
    ]


def _stress(kind: str, rules: Mapping[str, list[Daily]]) -> list[Goal]:
    best = best_simple(rules)
    rows = []
    for measure, must, aim in (("mean_s", 1.0, 0.95), ("p90_s", 0.92, 0.87)):
        to_best = ratio(column(rules["tidal"], measure), column(rules[best], measure))
        rows.append(Goal(f"{kind}: {measure[:-2]} to the best simple rule", to_best, must, aim))
    return rows
