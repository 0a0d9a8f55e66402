"""`python -m tests.bench.real`: the tidal policy on days nobody generated, against simple rules.

- Warsaw's offices: real queues and tickets per quarter hour, spread evenly inside each; handling times,
  clerks and windows are invented, the same on all days of an office (0.8 of the clerks' time is asked for).
- A bank's call log: real callers with their own handling times, and the patience of those who hung up; the
  clerks of a day are the agents who worked, in their own hours, able in what they took that month.

The planner is told the forecast made from the days before. The rules have the advantage of hindsight: of
each kind the setting that was best on the very days that are judged.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.progress import track
from rich.table import Table

from scheduler import forecast
from scheduler.replay.day import simulate
from scheduler.replay.figures import Daily, of_day
from scheduler.replay.layout import layout
from scheduler.replay.scenario import (
    Break,
    Clerk,
    Demand,
    Patience,
    Rules,
    Scenario,
    Service,
    Visit,
    Window,
)
from scheduler.replay.visitors import draw
from tests.bench.forecast import sets
from tests.bench.plans.ratios import column, ratio
from tests.bench.plans.rules import GRID, TIDAL, Rule

SEED = 20
SLOT_S = sets.QUARTER_S
OFFICES, OFFICE_DAYS = 5, 6
LOAD = 0.8  # of the clerks' time
FEWEST = 4  # tickets a day; smaller queues are left out
TYPES = sets.BANK_TYPES
MEASURES = ("mean_s", "p90_s")
CALL_RULES = Rules(setup_s=30, move_s=0, changeover_s=5)  # nobody walks in a call centre
TAKEN = 20  # calls of a type in the month that make an agent able


def main() -> int:
    """Run all, print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.real", description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    jobs = parser.parse_args().jobs
    if not sets.folder().is_dir():
        sys.stderr.write("TIDEHALL_DATA names no folder with the real arrivals\n")
        return 2
    table = Table(
        title="Real days: mean / P90 wait in minutes, and the tidal policy's ratio to the best rule"
    )
    for name in ("where", "days", *GRID, "tidal", "mean, ratio", "P90, ratio"):
        table.add_column(name)
    for where, days in (*offices(), ("bank log", bank())):
        table.add_row(*_judged(where, days, jobs))
    Console(width=200).print(table)
    return 0


def _judged(where: str, days: Sequence[Scenario], jobs: int) -> list[str]:
    found = {name: _best(days, rules, jobs, f"{where}, {name}") for name, rules in GRID.items()}
    tidal = _best(days, [TIDAL], jobs, f"{where}, tidal")
    best = min(found.values(), key=lambda rows: column(rows, "mean_s").mean())
    against = [str(ratio(column(tidal, measure), column(best, measure))) for measure in MEASURES]
    return [where, str(len(days)), *map(_minutes, found.values()), _minutes(tidal), *against]


def _best(days: Sequence[Scenario], rules: Sequence[Rule], jobs: int, what: str) -> list[Daily]:
    """The days under the rule that did best on them."""
    every = [(rule, day) for rule in rules for day in days]
    results = Parallel(n_jobs=jobs, return_as="generator")(delayed(_day)(*one) for one in every)
    rows = list(track(results, what, total=len(every), console=Console(stderr=True)))
    blocks = [rows[i : i + len(days)] for i in range(0, len(rows), len(days))]
    return min(blocks, key=lambda block: column(block, "mean_s").mean())


def _day(rule: Rule, day: Scenario) -> Daily:
    return of_day(simulate(layout(day), draw(day, SEED, 0), rule.make()))


def _minutes(days: Sequence[Daily]) -> str:
    return " / ".join(f"{column(days, measure).mean() / 60:.1f}" for measure in MEASURES)


def offices() -> Iterator[tuple[str, list[Scenario]]]:
    """The largest offices and their last days."""
    counts = sets.warsaw_lines()
    totals: Counter[str] = Counter()
    for line, _, _, count in counts:
        totals[line.split("/")[0]] += round(count)
    for office, _ in totals.most_common(OFFICES):
        mine = [row for row in counts if row[0].startswith(f"{office}/")]
        yield office, list(_office_days(office, mine))


def _office_days(office: str, counts: list[forecast.Count]) -> Iterator[Scenario]:
    days = sorted({day for _, day, _, _ in counts})
    people: Counter[str] = Counter()
    for line, _, _, count in counts:
        people[line] += round(count)
    lines = [line for line, total in people.items() if total >= FEWEST * len(days)]
    rng = np.random.default_rng([SEED, *office.encode()])
    services = _services(lines, rng)
    work_min = sum(people[s.id] * s.service_s / 60 for s in services) / len(days)
    open_s, close_s = 8 * 3600, 18 * 3600
    clerks = _clerks(services, max(3, round(work_min / LOAD / ((close_s - open_s) / 60 - 60))), rng)
    windows = _windows(services, round(1.3 * len(clerks)), rng)
    for day in days[-OFFICE_DAYS:]:
        rows = [row for row in counts if row[1] == day and row[0] in lines and row[2] < close_s]
        told = forecast.fit([row for row in counts if row[1] < day and row[0] in lines])
        expected = told.day(day, range(open_s, close_s, SLOT_S))
        yield Scenario(
            hall=office, day=day.isoformat(), open_s=open_s, close_s=close_s, slot_s=SLOT_S,
            services=services, windows=windows, clerks=clerks, rules=Rules(), zone="Europe/Warsaw",
            demand=_demand({s.id: expected.mean(s.id) for s in services}, Patience()),
            visits=tuple(_spread(rows, np.random.default_rng([SEED, day.toordinal()]))),
        )  # fmt: skip


def _services(lines: Sequence[str], rng: np.random.Generator) -> tuple[Service, ...]:
    """Queues of the same class are one family."""
    classes = sets.warsaw_classes()
    order = sorted({classes[line] for line in lines})
    return tuple(
        Service(line, f"f{order.index(classes[line])}", service_s=round(60 * float(rng.uniform(5, 14))))
        for line in lines
    )


def _clerks(services: Sequence[Service], count: int, rng: np.random.Generator) -> tuple[Clerk, ...]:
    families = sorted({s.family for s in services})
    found = []
    for number in range(count):
        most = min(len(families), int(rng.integers(5, 8) if number < 0.3 * count else rng.integers(2, 5)))
        mine = {families[number % len(families)], *rng.permutation(families)[: most - 1]}
        lunch = 8 * 3600 + (165 + 60 * (number * 3 // count)) * 60
        found.append(
            Clerk(
                f"c{number:02}", {s.id: 1.0 for s in services if s.family in mine}, 8 * 3600, 18 * 3600,
                (Break(8 * 3600 + 165 * 60, 8 * 3600 + 285 * 60, 3600, lunch),),
            )
        )  # fmt: skip
    return tuple(found)


def _windows(services: Sequence[Service], count: int, rng: np.random.Generator) -> tuple[Window, ...]:
    families = sorted({s.family for s in services})
    found = []
    for number in range(count):
        wide = rng.random() < 0.4
        most = len(families) if wide else min(len(families), int(rng.integers(1, 4)))
        mine = {families[number % len(families)], *rng.permutation(families)[: most - 1]}
        found.append(Window(f"w{number:02}", tuple(s.id for s in services if s.family in mine)))
    return tuple(found)


def _spread(rows: Sequence[forecast.Count], rng: np.random.Generator) -> Iterator[Visit]:
    for line, _, second, count in rows:
        for at in np.sort(rng.uniform(second, second + SLOT_S, round(count))).tolist():
            yield Visit(line, at)


def _demand(told: Mapping[str, Sequence[float]], patience: Patience | None) -> Demand:
    """The people are on record, so what the planner believes is all that is needed."""
    rate = {service: tuple(round(float(x), 4) for x in means) for service, means in told.items()}
    return Demand(rate, forecast=rate, patience=patience)


def bank() -> list[Scenario]:
    """Full working days after the first fortnight."""
    by_day: defaultdict[date, list[dict[str, str]]] = defaultdict(list)
    able: Counter[tuple[str, str]] = Counter()
    for row in sets.bank_calls():
        by_day[date.fromisoformat(row["date"])].append(row)
        able[row["agent"], row["type"]] += 1
    counts = sets.bank_log()
    days = [day for day in sorted(by_day) if day.weekday() not in sets.BANK_HOURS]
    return [_bank_day(day, by_day[day], able, counts) for day in days[10:]]


def _bank_day(
    day: date, calls: list[dict[str, str]], able: Counter[tuple[str, str]], counts: list[forecast.Count]
) -> Scenario:
    open_s, close_s = 7 * 3600, 24 * 3600
    slots = range(open_s, close_s, SLOT_S)
    handled = [
        c for c in calls if c["service_s"] and float(c["service_s"]) >= 10
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
        demand=_demand({t: told.mean(t) for t in TYPES}, None),
        visits=tuple(
            Visit(
                c["type"], float(c["arrival_s"]), priority=c["priority"] == "2",
                work_s=max(10.0, float(c["service_s"])) if c["service_s"] else None,
                patience_s=float(c["wait_s"]) if c["outcome"] == "abandoned" else None,
            )
            for c in calls if open_s <= float(c["arrival_s"]) < close_s
        ),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
