"""A bank's call log: real callers with their own handling times, and the patience of those who hung up.

The clerks of a day are the agents who worked, in their own hours, able in what they took that month.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import numpy as np

from scheduler import forecast
from scheduler.replay.scenario import Clerk, Rules, Scenario, Service, Visit, Window
from tests.bench.forecast import sets
from tests.bench.real.demand import told_demand

SLOT_S = sets.QUARTER_S
TYPES = sets.BANK_TYPES
CALL_RULES = Rules(setup_s=30, move_s=0, changeover_s=5)  # nobody walks in a call centre
TAKEN = 20  # calls of a type in the month that make an agent able
DAYS_BEFORE = 10  # working days that are history alone


def calls(days: int = 99) -> list[Scenario]:
    """The last `days` full working days after the first fortnight."""
    by_day: defaultdict[date, list[dict[str, str]]] = defaultdict(list)
    able: Counter[tuple[str, str]] = Counter()
    for row in sets.bank_calls():
        by_day[date.fromisoformat(row["date"])].append(row)
        able[row["agent"], row["type"]] += 1
    counts = sets.bank_log()
    full = [day for day in sorted(by_day) if day.weekday() not in sets.BANK_HOURS]
    return [_bank_day(day, by_day[day], able, counts) for day in full[DAYS_BEFORE:][-days:]]


def _bank_day(
    day: date, log: list[dict[str, str]], able: Counter[tuple[str, str]], counts: list[forecast.Count]
) -> Scenario:
    open_s, close_s = 7 * 3600, 24 * 3600
    slots = range(open_s, close_s, SLOT_S)
    handled = [
        c for c in log if c["service_s"] and float(c["service_s"]) >= 10
    ]  # its README: the rest are faults
    mean_s = {
        t: float(np.mean([float(c["service_s"]) for c in handled if c["type"] == t] or [180])) for t in TYPES
    }
    services = tuple(
        Service(t, t, service_s=round(mean_s[t]), scv=1.0, target_wait_s=60, floor=0) for t in TYPES
    )
    seen: defaultdict[str, list[float]] = defaultdict(list)
    for call in handled:
        if call["agent"] and call["service_start_s"]:
            seen[call["agent"]].append(float(call["service_start_s"]))
    clerks = [
        Clerk(
            agent,
            {t: 1.0 for t in TYPES if able[agent, t] >= TAKEN},
            max(open_s, min(at)),
            min(close_s, max(at) + 300),
        )
        for agent, at in sorted(seen.items())
        if any(able[agent, t] >= TAKEN for t in TYPES) and max(at) - min(at) > 1800
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
                work_s=max(10.0, float(c["service_s"])) if c["service_s"] else None,
                patience_s=float(c["wait_s"]) if c["outcome"] == "abandoned" else None,
            )
            for c in log if open_s <= float(c["arrival_s"]) < close_s
        ),
    )  # fmt: skip
