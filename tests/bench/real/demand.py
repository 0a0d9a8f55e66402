"""Demand of a recorded day: who came is known, so the planner's belief is all there is to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scheduler.replay.scenario import Demand, Patience


def told_demand(told: Mapping[str, Sequence[float]], patience: Patience | None) -> Demand:
    """`told`: expected people per service and slot, as forecast from the days before."""
    rate = {service: tuple(round(float(x), 4) for x in means) for service, means in told.items()}
    return Demand(rate, forecast=rate, patience=patience)
