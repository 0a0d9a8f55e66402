"""What 错峰 brings: the same people, but a share of those who would come at a peak comes when it is quiet.

A family's peak is every slot in which its expected work, against the clerks who are there, is above the
day's mean; whoever moves comes in a slot below it, by the room that is left there. Nobody's work, patience
or service changes, and whoever moves at 10 % also moves at 20 %, so that days can be compared pair by pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from scheduler.replay.scenario import Clerk, Scenario
from scheduler.replay.visitors import Visitors

Floats = npt.NDArray[np.float64]
_OFFPEAK = 5  # names this module's stream beside those of visitors.py
_MOVES, _SLOT, _WITHIN = range(3)  # a visitor's three draws


@dataclass(frozen=True)
class Tides:
    """By family: which slots are above its mean load, and how likely a mover takes each of the others."""

    is_peak: Mapping[str, npt.NDArray[np.bool_]]
    room: Mapping[str, Floats]  # sums up along the slots to 1; all 0 where the load never changes


def tides(scenario: Scenario) -> Tides:
    """The peaks that the hall's own expectation shows; breaks are taken as planned."""
    there = np.maximum(_presence(scenario), 1e-9)
    is_peak, room = {}, {}
    for family in sorted({service.family for service in scenario.services}):
        work, is_open = _work(scenario, family)
        level = work.sum() / there[is_open].sum() if is_open.any() else 0.0
        below = np.where(is_open, np.maximum(0.0, level * there - work), 0.0)
        is_peak[family] = work > level * there
        room[family] = np.cumsum(below) / max(float(below.sum()), 1e-9)
    return Tides(is_peak, room)


def spread(people: Visitors, scenario: Scenario, share: float, seed: int, replication: int) -> Visitors:
    """The people with this share (0 to 1) of peak walk-ins at quieter times; bookings stay where they are."""
    known = tides(scenario)
    family = [service.family for service in scenario.services]
    stream = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replication, _OFFPEAK)))
    draws = stream.random((len(people), 3))
    later = np.zeros(len(people))
    for number, arrived_s in enumerate(people.arrived_s):
        mine = family[people.service[number]]
        slot = int((arrived_s - scenario.open_s) // scenario.slot_s)
        moves = people.booked_s[number] is None and 0 <= slot < scenario.slots
        if moves and known.is_peak[mine][slot] and draws[number, _MOVES] < share and known.room[mine][-1]:
            chosen = int(np.searchsorted(known.room[mine], draws[number, _SLOT], side="right"))
            chosen = min(chosen, scenario.slots - 1)
            at_s = scenario.open_s + (chosen + draws[number, _WITHIN]) * scenario.slot_s
            later[number] = min(at_s, scenario.close_s - 1.0) - arrived_s
    return _moved(people, later)


def _presence(scenario: Scenario) -> Floats:
    """Clerks at work in each slot."""
    starts = scenario.open_s + scenario.slot_s * np.arange(scenario.slots, dtype=float)
    there = np.zeros(scenario.slots)
    for clerk in scenario.clerks:
        there += _of_clerk(clerk, starts, scenario.slot_s)
    return there


def _of_clerk(clerk: Clerk, starts: Floats, slot_s: float) -> Floats:
    def overlap(from_s: float, to_s: float) -> Floats:
        shared_s = np.minimum(starts + slot_s, to_s) - np.maximum(starts, from_s)
        return np.asarray(np.clip(shared_s, 0.0, None) / slot_s)

    found = overlap(clerk.start_s, clerk.end_s)
    for one in clerk.breaks:
        found = found - overlap(one.start_s, one.start_s + one.length_s)
    return np.maximum(found, 0.0)


def _work(scenario: Scenario, family: str) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Expected seconds of the family's work per slot, and the slots in which people come for it at all."""
    demand = scenario.demand
    work, is_open = np.zeros(scenario.slots), np.zeros(scenario.slots, dtype=bool)
    for service in scenario.services:
        if service.family == family:
            walk_ins = np.asarray(demand.rate.get(service.id, [0.0] * scenario.slots))
            booked = np.asarray(demand.booked.get(service.id, [0.0] * scenario.slots))
            work += (walk_ins + demand.show_up * booked) * service.service_s
            is_open |= walk_ins > 0
    return work, is_open


def _moved(people: Visitors, later: Floats) -> Visitors:
    """Everybody so many seconds later (or earlier), in order of arrival again; ties keep theirs."""
    arrived = np.asarray(people.arrived_s) + later
    order = np.argsort(arrived, kind="stable").tolist()
    return replace(
        people,
        service=[people.service[i] for i in order],
        arrived_s=arrived[order].tolist(),
        since_s=[people.since_s[i] + float(later[i]) for i in order],
        booked_s=[people.booked_s[i] for i in order],
        work_s=[people.work_s[i] for i in order],
        leaves_s=[people.leaves_s[i] + float(later[i]) for i in order],
        priority=[people.priority[i] for i in order],
    )
