"""Halls that nobody tuned for: drawn from a few shapes, as PLANNING.md's trial halls were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduler.replay.scenario import Break, Clerk, Demand, Patience, Rules, Scenario, Service, Window

OPEN_S, CLOSE_S, SLOT_S = 9 * 3600, 17 * 3600, 900
# Shares of a day's walk-ins per hour: a morning peak, a quiet noon, a lower afternoon (DOMAIN.md §H).
TIDE = (0.14, 0.15, 0.13, 0.11, 0.10, 0.13, 0.13, 0.11)
FAMILY_ZIPF = 0.6  # the k-th busiest family brings k^-0.6 times the work of the busiest one
# Each family has a tide of its own besides: this share of its walk-ins gathers around one hour.
OWN_TIDE, OWN_TIDE_SD_H = 0.4, 1.0
BOOKED_SHARE, SHOW_UP = 0.15, 0.85


@dataclass(frozen=True)
class Shape:
    """`broad`: share of clerks able in five to seven families; `narrow_windows`: share for one family."""

    windows: int
    services: int
    families: int
    clerks: int
    load: float = 0.80  # offered work over the clerks' time
    broad: float = 0.3
    narrow_windows: float = 0.3
    wide_windows: float = 0.3  # able to do everything


SHAPES = {
    "district": Shape(60, 30, 10, 40),
    "specialists": Shape(48, 24, 8, 36, broad=0.1, narrow_windows=0.5, wide_windows=0.1),
    "county": Shape(24, 16, 6, 18, load=0.78),
    "town": Shape(12, 8, 4, 9, load=0.76, broad=0.4),
    "city": Shape(300, 60, 20, 200),
}


def hall(shape: str, seed: int) -> Scenario:
    """A hall of this shape with its ordinary day; the same seed gives the same hall."""
    wanted = SHAPES[shape]
    rng = np.random.default_rng([seed, *shape.encode()])
    services = _services(wanted, rng)
    clerks = _clerks(wanted, services, rng)
    minutes = sum(c.end_s - c.start_s - c.breaks[0].length_s for c in clerks) / 60
    return Scenario(
        hall=f"{shape}-{seed}",
        day="2026-11-24",
        open_s=OPEN_S,
        close_s=CLOSE_S,
        slot_s=SLOT_S,
        services=services,
        windows=_windows(wanted, services, rng),
        clerks=clerks,
        demand=_demand(wanted, services, minutes, rng),
        rules=Rules(),
    )


def _services(shape: Shape, rng: np.random.Generator) -> tuple[Service, ...]:
    family = [*range(shape.families), *rng.integers(0, shape.families, shape.services - shape.families)]
    return tuple(
        Service(
            f"s{i:02}",
            f"f{f:02}",
            service_s=round(float(rng.uniform(270, 900))),
            scv=round(float(rng.uniform(0.5, 0.9) ** 2), 3),
        )
        for i, f in enumerate(sorted(int(f) for f in family))
    )


def _clerks(shape: Shape, services: tuple[Service, ...], rng: np.random.Generator) -> tuple[Clerk, ...]:
    clerks = []
    for number in range(shape.clerks):
        is_broad = number < round(shape.broad * shape.clerks)
        few, most = (5, 7) if is_broad else (2, 4)
        count = min(int(rng.integers(few, most + 1)), shape.families)
        # The first family goes round, so that each has somebody.
        others = [f for f in range(shape.families) if f != number % shape.families]
        mine = {number % shape.families, *rng.choice(others, count - 1, replace=False).tolist()}
        pace = float(rng.normal(1, 0.08))
        able = {s.id: round(max(0.7, pace), 2) for s in services if int(s.family[1:]) in mine}
        clerks.append(Clerk(f"c{number:03}", able, OPEN_S, CLOSE_S, (_lunch(number, shape.clerks),)))
    return tuple(clerks)


def _lunch(number: int, clerks: int) -> Break:
    """One hour that starts between 165 and 285 minutes after opening, planned in three waves."""
    wave = number * 3 // clerks
    return Break(OPEN_S + 165 * 60, OPEN_S + 285 * 60, 3600, OPEN_S + (165 + 60 * wave) * 60)


def _windows(shape: Shape, services: tuple[Service, ...], rng: np.random.Generator) -> tuple[Window, ...]:
    windows = []
    for number in range(shape.windows):
        kind = rng.random()
        if kind < shape.narrow_windows:
            count = 1
        elif kind < 1 - shape.wide_windows:
            count = int(rng.integers(2, 4))
        else:
            count = shape.families
        others = [f for f in range(shape.families) if f != number % shape.families]
        mine = {number % shape.families, *rng.choice(others, count - 1, replace=False).tolist()}
        windows.append(Window(f"w{number:03}", tuple(s.id for s in services if int(s.family[1:]) in mine)))
    return tuple(windows)


def _demand(
    shape: Shape, services: tuple[Service, ...], clerk_minutes: float, rng: np.random.Generator
) -> Demand:
    rank = rng.permutation(shape.families) + 1.0
    heavy = dict(zip(sorted({s.family for s in services}), rank**-FAMILY_ZIPF, strict=True))
    weight = rng.gamma(4.0, 0.25, len(services)) * [heavy[s.family] for s in services]
    work = np.array([s.service_s / 60 for s in services])
    people = weight * shape.load * clerk_minutes / float(weight @ work)
    peaks = {family: float(rng.uniform(0.5, 7)) for family in heavy}
    rate, booked = {}, {}
    for service, count in zip(services, people, strict=True):
        tide = _tide(peaks[service.family])
        walk_ins = tide * count * (1 - BOOKED_SHARE)
        rate[service.id] = tuple(round(float(x), 4) for x in walk_ins)
        booked[service.id] = _bookings(count * BOOKED_SHARE / SHOW_UP, len(tide))
    return Demand(
        rate,
        booked=booked,
        day_cv=0.06,
        slot_cv=0.25,
        show_up=SHOW_UP,
        priority_share=0.06,
        patience=Patience(80 * 60, 0.6),
    )


def _tide(peak_h: float) -> np.ndarray:
    """Shares of a day per slot: the hall's tide, and the family's own around `peak_h` after opening."""
    hours = (np.arange((CLOSE_S - OPEN_S) // SLOT_S) + 0.5) * SLOT_S / 3600
    common = np.interp(hours, np.arange(len(TIDE)) + 0.5, TIDE)
    own = np.exp(-(((hours - peak_h) / OWN_TIDE_SD_H) ** 2) / 2)
    return np.asarray((1 - OWN_TIDE) * common / common.sum() + OWN_TIDE * own / own.sum())


def _bookings(count: float, slots: int) -> tuple[float, ...]:
    """Whole bookings spread evenly from the second slot on, none in the last three."""
    due = np.floor(np.linspace(0, round(count), slots - 3) + 0.5)
    return (0.0, *np.diff(due).tolist(), 0.0, 0.0, 0.0)
