"""A day lived under a rule, and its figures; made days and recorded ones alike."""

from __future__ import annotations

from scheduler.replay.day import simulate
from scheduler.replay.figures import Daily, of_day
from scheduler.replay.layout import layout
from scheduler.replay.scenario import Scenario
from scheduler.replay.visitors import draw
from tests.bench.plans.kept import PATIENT_PLANNER, SIMULATOR, fingerprint
from tests.bench.plans.planner import Patient
from tests.bench.plans.rules import Rule


def lived(scenario: Scenario, seed: int, number: int, rule: Rule) -> Daily:
    """The day's figures; under the tidal policy also what its plans took (planner.TOOK)."""
    policy = rule.make()
    found = of_day(simulate(layout(scenario), draw(scenario, seed, number), policy))
    return found | policy.took if isinstance(policy, Patient) else found


def code(rule: Rule) -> str:
    """What the figures depend on besides the day: simple rules on the simulator alone."""
    return fingerprint(SIMULATOR) + (fingerprint(PATIENT_PLANNER) if rule.name == "tidal" else "")
