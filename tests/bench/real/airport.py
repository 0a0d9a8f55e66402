"""A passport hall at an airport (O'Hare, terminal 5), 10:00 to 20:00: who came and how many booths were open.

Real: passengers, flights and open booths of every hour, measured mean waits, and who is a citizen as far as
the waits of both groups and of all tell it. From the data: booth-minutes per passenger, the value with which
one line would have had the measured wait in the weeks before (self-service takes part of the load, so it is
no handling time of an officer). Invented: when inside the hour a plane's people come, the spread of handling
times, one sign per booth, and that that the booths of the day are known at opening.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from scheduler import forecast
from scheduler.replay.scenario import Clerk, Rules, Scenario, Service, Visit, Window
from tests.bench.forecast import sets
from tests.bench.real.demand import told_demand

OPEN_H, CLOSE_H = 10, 20  # the hours that hold the great tide and have rows on nearly every day
HOUR_S, SLOT_S = 3600, 900
YEAR = 2019
HISTORY, WEEKS_S = 200, 28  # days the forecast is made from; days the booth-minutes are fitted on
PLANE_S = 900  # a plane's people reach the hall within this
GROUPS = ("citizens", "others")
TELLING_MIN = 5  # waits of both groups nearer than this do not tell the groups' shares
USUAL_SHARE = 0.54  # of others, where the hour does not tell: the median of 2019's hours that do
SIGNS = Rules(setup_s=60, move_s=60, changeover_s=0, max_families=1, max_flips_per_window=None)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Hour:
    """One row of the log."""

    passengers: int
    flights: int
    booths: int
    wait_min: float
    others: float  # share of passengers who are no citizens


Days = dict[date, tuple[Hour, ...]]


def airport(days: int, fewer: int = 0) -> list[Scenario]:
    """`days` days spread over the year's second half, `fewer` booths less than were open in each hour."""
    log = hall_log()
    return [_scenario(day, log, fewer) for day in _judged(log, days)]


def _judged(log: Days, days: int) -> list[date]:
    half = [day for day in sorted(log) if day.year == YEAR and day.month > 6]
    return [half[i * len(half) // days] for i in range(days)]


@cache
def hall_log() -> Days:
    """The days that have a row, booths and passengers in every hour from opening to closing."""
    found: dict[date, dict[int, Hour]] = {}
    for row in sets.airport_hours():
        if OPEN_H <= int(row["hour"]) < CLOSE_H and int(row["booths"]) > 1:
            found.setdefault(date.fromisoformat(row["date"]), {})[int(row["hour"])] = _hour(row)
    span = range(OPEN_H, CLOSE_H)
    return {day: tuple(hours[h] for h in span) for day, hours in found.items() if len(hours) == len(span)}


def _hour(row: dict[str, str]) -> Hour:
    """Mean waits a, b of two groups and m of all: others' share is (m - a) / (b - a)."""
    ours, theirs, everyone = (float(row[f"{who}avg_wait_min"]) for who in ("us_", "non_us_", ""))
    telling = abs(theirs - ours) >= TELLING_MIN
    share = float(np.clip((everyone - ours) / (theirs - ours), 0.1, 0.9)) if telling else USUAL_SHARE
    return Hour(int(row["passengers"]), max(1, int(row["flights"])), int(row["booths"]), everyone, share)


def one_line_min(day: date, hours: Sequence[Hour], booth_s: float) -> Floats:
    """Every passenger's wait in minutes if all stood in one line and each took `booth_s` of a booth."""
    came = np.sort(np.concatenate([at for at, _ in _arrivals(day, hours)]))
    edges = HOUR_S * np.arange(OPEN_H, CLOSE_H + 1.0)
    done = np.concatenate(([0.0], np.cumsum([h.booths * HOUR_S for h in hours])))
    edges, done = (
        np.append(edges, edges[-1] + 6 * HOUR_S),
        np.append(done, done[-1] + 6 * hours[-1].booths * HOUR_S),
    )
    # In booth-seconds since opening: nobody starts before arriving nor before the one in front is through.
    before = booth_s * np.arange(len(came))
    starts = before + np.maximum.accumulate(np.interp(came, edges, done) - before)
    return np.asarray((np.interp(starts, done, edges) - came) / 60)


def booth_seconds(day: date, log: Days) -> float:
    """Seconds of a booth per passenger that explain the measured waits of the weeks before `day`."""
    past = [d for d in sorted(log) if d < day][-WEEKS_S:]
    people = sum(h.passengers for d in past for h in log[d])
    measured = sum(h.passengers * h.wait_min for d in past for h in log[d]) / people
    low, high = 5.0, 180.0
    while high - low > 0.1:
        middle = (low + high) / 2
        waited = sum(float(one_line_min(d, log[d], middle).sum()) for d in past) / people
        low, high = (middle, high) if waited < measured else (low, middle)
    return round(low, 1)


def _arrivals(day: date, hours: Sequence[Hour]) -> list[tuple[Floats, Floats]]:
    """Per hour: when each passenger comes (a plane at a time), and a lot that decides the group."""
    rng = np.random.default_rng([20, day.toordinal()])
    found = []
    for number, hour in enumerate(hours):
        lands = rng.uniform(0, HOUR_S - PLANE_S, hour.flights)
        at = lands[rng.integers(0, hour.flights, hour.passengers)] + rng.uniform(0, PLANE_S, hour.passengers)
        found.append((HOUR_S * (OPEN_H + number) + at, rng.random(hour.passengers)))
    return found


def _scenario(day: date, log: Days, fewer: int) -> Scenario:
    hours = log[day]
    seconds = booth_seconds(day, log)
    clerks = shifts([h.booths - fewer for h in hours])
    most = max(h.booths for h in hours) - fewer
    visits = [
        Visit(GROUPS[int(lot < hour.others)], float(at))
        for hour, (came, lots) in zip(hours, _arrivals(day, hours), strict=True)
        for at, lot in zip(came, lots, strict=True)
    ]
    return Scenario(
        hall="airport", day=day.isoformat(), open_s=OPEN_H * HOUR_S, close_s=CLOSE_H * HOUR_S, slot_s=SLOT_S,
        services=tuple(Service(group, group, service_s=seconds, scv=0.5) for group in GROUPS),
        windows=tuple(Window(f"w{n:02}", GROUPS) for n in range(most)), clerks=clerks,
        demand=told_demand(told_of(day, log), None), rules=SIGNS, zone="America/Chicago",
        visits=tuple(sorted(visits, key=lambda visit: visit.at_s)),
    )  # fmt: skip


def shifts(booths: Sequence[int]) -> tuple[Clerk, ...]:
    """Officers whose hours add up to the open booths: the n-th sits wherever at least n are open."""
    found = []
    for level in range(1, max(booths) + 1):
        open_now = [n >= level for n in booths]
        turns = np.flatnonzero(np.diff([False, *open_now, False])).tolist()
        for begin, end in zip(turns[::2], turns[1::2], strict=True):
            name = f"c{level:02}-{OPEN_H + begin}"
            span = (float(HOUR_S * (OPEN_H + begin)), float(HOUR_S * (OPEN_H + end)))
            found.append(Clerk(name, dict.fromkeys(GROUPS, 1.0), *span))
    return tuple(found)


def told_of(day: date, log: Days) -> dict[str, list[float]]:
    """Forecast from the days before, by the hour; an hour's quarters alike."""
    past = [d for d in sorted(log) if d < day][-HISTORY:]
    counts: list[forecast.Count] = [
        (
            group,
            d,
            HOUR_S * (OPEN_H + number),
            hour.passengers * (hour.others if of_others else 1 - hour.others),
        )
        for d in past
        for number, hour in enumerate(log[d])
        for of_others, group in enumerate(GROUPS)
    ]
    told = forecast.fit(counts).day(day, range(OPEN_H * HOUR_S, CLOSE_H * HOUR_S, HOUR_S))
    quarters = HOUR_S // SLOT_S
    return {group: (np.repeat(told.mean(group), quarters) / quarters).tolist() for group in GROUPS}


def check(days: int = 30) -> str:
    """How near one line's simulated waits come to the measured ones, hour by hour and day by day."""
    log = hall_log()
    simulated, measured = [], []
    for day in _judged(log, days):
        waits = np.split(one_line_min(day, log[day], booth_seconds(day, log)), _ends(log[day]))
        simulated.append([float(hour.mean()) for hour in waits])
        measured.append([hour.wait_min for hour in log[day]])
    ours, theirs = np.asarray(simulated), np.asarray(measured)
    return (
        f"One line, {days} days: simulated {ours.mean():.1f} min, measured {theirs.mean():.1f} min; an hour"
        f" is off by {np.abs(ours - theirs).mean():.1f} min; correlation of hours"
        f" {_likeness(ours.ravel(), theirs.ravel()):.2f}, of days"
        f" {_likeness(ours.mean(axis=1), theirs.mean(axis=1)):.2f}; a tenth of the measured hours are under"
        f" {np.quantile(theirs, 0.1):.0f} min"
    )


def _likeness(ours: Floats, theirs: Floats) -> float:
    return float(np.corrcoef(ours, theirs)[0, 1])


def _ends(hours: Sequence[Hour]) -> list[int]:
    """Where the hours' passengers end in the day's line; not of the last hour."""
    return np.cumsum([h.passengers for h in hours])[:-1].tolist()
