"""Warsaw's offices: real queues and tickets per quarter hour, spread evenly inside each.

Handling times, clerks, windows and patience are invented, the same on all days of an office; 0.8 of the
clerks' time is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from scheduler import forecast
from scheduler.replay.scenario import Break, Clerk, Patience, Rules, Scenario, Service, Visit, Window
from tests.bench.forecast import sets
from tests.bench.real.demand import told_demand

SEED = 20
SLOT_S = sets.QUARTER_S
OFFICES = 5
LOAD = 0.8  # of the clerks' time
FEWEST = 4  # tickets a day; smaller queues are left out


def offices(days: int) -> Iterator[tuple[str, list[Scenario]]]:
    """The largest offices and their last `days` days; the first of all has no past and is never judged."""
    counts = sets.warsaw_lines()
    totals: Counter[str] = Counter()
    for line, _, _, count in counts:
        totals[line.split("/")[0]] += round(count)
    for office, _ in totals.most_common(OFFICES):
        mine = [row for row in counts if row[0].startswith(f"{office}/")]
        yield office, list(_office_days(office, mine, days))


def _office_days(office: str, counts: list[forecast.Count], last: int) -> Iterator[Scenario]:
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
    for day in days[1:][-last:]:
        rows = [row for row in counts if row[1] == day and row[0] in lines and row[2] < close_s]
        told = forecast.fit([row for row in counts if row[1] < day and row[0] in lines])
        expected = told.day(day, range(open_s, close_s, SLOT_S))
        yield Scenario(
            hall=office, day=day.isoformat(), open_s=open_s, close_s=close_s, slot_s=SLOT_S,
            services=services, windows=windows, clerks=clerks, rules=Rules(), zone="Europe/Warsaw",
            demand=told_demand({s.id: expected.mean(s.id) for s in services}, Patience()),
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
