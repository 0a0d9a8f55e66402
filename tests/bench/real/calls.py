"""A bank's call log: real callers with their own handling times, and the patience of those who hung up.

The clerks of a day are the agents who worked, in their own hours. What the planner is told comes from the
days before: who is able in what, how long a call of each type takes, how many come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from scheduler import forecast
from scheduler.replay.scenario import Clerk, Rules, Scenario, Service, Visit, Window
from tests.bench.forecast import sets
from tests.bench.real.demand import told_demand

SLOT_S = sets.QUARTER_S
TYPES = sets.BANK_TYPES
# Nobody walks in a call centre, and no visitor has read a sign there that flips: they are not counted.
CALL_RULES = Rules(setup_s=30, move_s=0, changeover_s=5, max_flips_per_window=None)
TAKEN = 10  # calls of a type so far that make an agent able in it
UNKNOWN_S = 180  # a call of a type that nobody has taken yet
SHORTEST_S = 10  # shorter calls are faults of the log (its README)
DAYS_BEFORE = 10  # working days that are history alone
Call = dict[str, str]


def calls(days: int) -> list[Scenario]:
    """The last `days` full working days after the first fortnight."""
    log, counts = sets.bank_calls(), sets.bank_log()
    full = sorted({day for row in log if (day := _day_of(row)).weekday() not in sets.BANK_HOURS})
    return [bank_day(day, log, counts) for day in full[DAYS_BEFORE:][-days:]]


def bank_day(day: date, calls: Sequence[Call], counts: Sequence[forecast.Count]) -> Scenario:
    """One day of the log, and what its days before tell the planner."""
    log, before = [c for c in calls if _day_of(c) == day], [c for c in calls if _day_of(c) < day]
    open_s, close_s = 7 * 3600, 24 * 3600
    slots = range(open_s, close_s, SLOT_S)
    mean_s, able = _mean_s(before), _able(before)
    services = tuple(
        Service(t, t, service_s=round(mean_s[t]), scv=1.0, target_wait_s=60, floor=0) for t in TYPES
    )
    seen: defaultdict[str, list[float]] = defaultdict(list)
    for call in log:
        if _is_handled(call) and call["agent"] and call["service_start_s"]:
            seen[call["agent"]].append(float(call["service_start_s"]))
    clerks = [
        Clerk(
            agent,
            dict.fromkeys(able.get(agent, TYPES), 1.0),
            max(open_s, min(at)),
            min(close_s, max(at) + 300),
        )
        for agent, at in sorted(seen.items())
        if max(at) - min(at) > 1800
    ]
    windows = tuple(Window(f"w{n:02}", TYPES) for n in range(len(clerks)))
    told = forecast.fit([row for row in counts if row[1] < day]).day(day, slots)
    return Scenario(
        hall="bank", day=day.isoformat(), open_s=open_s, close_s=close_s, slot_s=SLOT_S, services=services,
        windows=windows, clerks=tuple(clerks), zone="Asia/Jerusalem", rules=CALL_RULES,
        demand=told_demand({t: told.mean(t) for t in TYPES}, None),
        visits=tuple(
            Visit(
                c["type"], float(c["arrival_s"]), priority=c["priority"] == "2",
                work_s=max(float(SHORTEST_S), float(c["service_s"])) if c["service_s"] else None,
                patience_s=float(c["wait_s"]) if c["outcome"] == "abandoned" else None,
            )
            for c in log if open_s <= float(c["arrival_s"]) < close_s
        ),
    )  # fmt: skip


def _mean_s(before: Sequence[Call]) -> dict[str, float]:
    """How long a call of each type has taken so far."""
    took: defaultdict[str, list[float]] = defaultdict(list)
    for call in before:
        if _is_handled(call):
            took[call["type"]].append(float(call["service_s"]))
    return {t: float(np.mean(took[t] or [UNKNOWN_S])) for t in TYPES}


def _able(before: Sequence[Call]) -> Mapping[str, tuple[str, ...]]:
    """Per agent the types taken often enough so far; an agent of whom that says nothing is not in it."""
    taken = Counter((call["agent"], call["type"]) for call in before)
    agents = {agent for agent, _ in taken}
    able = {agent: tuple(t for t in TYPES if taken[agent, t] >= TAKEN) for agent in agents}
    return {agent: types for agent, types in able.items() if types}


def _is_handled(call: Call) -> bool:
    return bool(call["service_s"]) and float(call["service_s"]) >= SHORTEST_S


def _day_of(call: Call) -> date:
    return date.fromisoformat(call["date"])
