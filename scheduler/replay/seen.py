"""What the planner sees of a simulated hall: the snapshot of this moment, nothing of the future."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, inf

import numpy as np

from hall.core.names import ClerkId, FamilyId, ServiceId, WindowId
from scheduler import premises
from scheduler.demand import Booked, Handled, Waiting
from scheduler.replay.floor import Floor
from scheduler.replay.layout import Mode
from scheduler.replay.staff import ClerkState, Status, WindowState
from scheduler.snapshot import Committed, Snapshot

LATE_S = 900  # a booking is expected so long after its time (DOMAIN.md §B: grace of 15 min)


def snapshot(floor: Floor, deadline_ms: float, opening: bool = False) -> Snapshot:
    """The hall now. At opening, clerks whose shift has begun stand ready without a window."""
    scenario = floor.layout.scenario
    return Snapshot(
        hall=scenario.hall,
        day=floor.layout.day,
        zone=scenario.zone,
        now_s=int(floor.now),
        open_s=scenario.open_s,
        close_s=scenario.close_s,
        slot_s=scenario.slot_s,
        services=_services(floor),
        windows=tuple(_window(floor, w) for w in floor.windows),
        clerks=tuple(_clerk(floor, c, opening) for c in floor.clerks),
        waiting=_waiting(floor),
        booked=_booked(floor),
        arrived=_arrived(floor),
        forecast={ServiceId(s.id): scenario.demand.told(s.id) for s in scenario.services},
        handled={
            ServiceId(s.id): Handled(floor.record.handled[i], floor.record.handled_s[i])
            for i, s in enumerate(scenario.services)
            if floor.record.handled[i]
        },
        rules=_rules(floor),
        seed=1,
        deadline_ms=deadline_ms,
        hours=tuple((int(start), int(end)) for start, end in scenario.open_hours),
        pins=tuple(pin for pin in scenario.pins if pin.until_s > floor.now),
        committed=tuple(each for window in floor.windows for each in _committed(floor, window)),
    )


def _services(floor: Floor) -> tuple[premises.Service, ...]:
    return tuple(
        premises.Service(
            ServiceId(s.id),
            FamilyId(s.family),
            s.service_s,
            s.scv,
            s.target_wait_s,
            s.weight,
            s.floor,
            s.cap_wait_s,
            None if s.hours is None else tuple((int(start), int(end)) for start, end in s.hours),
        )
        for s in floor.layout.scenario.services
    )


def _rules(floor: Floor) -> premises.Rules:
    rules = floor.rules
    return premises.Rules(
        rules.setup_s,
        rules.move_s,
        rules.changeover_s,
        rules.max_families,
        rules.min_dwell_s,
        rules.replan_s,
        rules.max_flips_per_window,
        rules.overtake_bound,
    )


def _mode(floor: Floor, mode: Mode) -> premises.Mode:
    return tuple(ServiceId(name) for name in floor.layout.names(mode))


def _window(floor: Floor, window: WindowState) -> premises.Window:
    given = floor.layout.scenario.windows[window.index]
    return premises.Window(
        id=WindowId(given.id),
        can=frozenset(ServiceId(s) for s in given.can),
        tidal=given.tidal,
        fixed_mode=tuple(ServiceId(s) for s in given.fixed_mode),
        mode=_mode(floor, window.mode),
        mode_since_s=ceil(window.mode_since),
        open=window.open,
        flips_today=window.flips,
    )


def _committed(floor: Floor, window: WindowState) -> list[Committed]:
    """Flips agreed on for the window that have not happened yet."""
    id_, names = WindowId(floor.layout.windows[window.index]), floor.layout.clerks
    return [
        Committed(
            id_, _mode(floor, one.mode), None if one.clerk is None else ClerkId(names[one.clerk]), one.at_s
        )
        for one in window.agreed
    ]


def _clerk(floor: Floor, clerk: ClerkState, opening: bool) -> premises.Clerk:
    given = floor.layout.scenario.clerks[clerk.index]
    status, until = clerk.status, None
    if status is Status.OFF and opening and not clerk.is_away(floor.now):
        status = Status.IDLE
    elif status in (Status.SETUP, Status.BREAK):
        until = None if clerk.until == inf else ceil(clerk.until)
        if until is None:
            status = Status.IDLE  # stands and waits for a colleague to leave
    serving = clerk.serving
    return premises.Clerk(
        id=ClerkId(given.id),
        pace={ServiceId(s): pace for s, pace in given.pace.items()},
        start_s=int(given.start_s),
        end_s=int(given.end_s),
        status=status.value,
        window=None if clerk.window is None else WindowId(floor.layout.windows[clerk.window]),
        mode=_mode(floor, clerk.mode),
        serving=None if serving is None else _service_of(floor, serving),
        serving_for_s=0.0 if serving is None else floor.now - clerk.serving_since,
        until_s=until,
        breaks=tuple(
            premises.Break(int(p.earliest_s), int(p.latest_s), p.length_s, int(p.start_s), p.taken)
            for p in clerk.pauses
        ),
    )


def _service_of(floor: Floor, serial: int) -> ServiceId:
    return ServiceId(floor.layout.services[floor.visitors.service[serial]])


def _waiting(floor: Floor) -> tuple[Waiting, ...]:
    people = floor.visitors
    here = sorted(
        (people.since_s[serial], serial)
        for service in range(len(floor.layout.services))
        for serial in floor.lines.serials(service)
    )
    found = []
    for _, serial in here:
        booked = people.booked_s[serial]
        found.append(
            Waiting(
                _service_of(floor, serial),
                int(people.arrived_s[serial]),
                None if booked is None else int(booked),
                "priority" if people.priority[serial] else "normal",
            )
        )
    return tuple(found)


def _booked(floor: Floor) -> tuple[Booked, ...]:
    """Bookings still to come; those who will never come look the same until their time is long past."""
    people = floor.visitors
    coming = [
        (at, service)
        for at, arrived, service in zip(people.booked_s, people.arrived_s, people.service, strict=True)
        if at is not None and arrived > floor.now
    ]
    due = sorted((at, s) for at, s in (*coming, *people.no_shows) if at > floor.now - LATE_S)
    return tuple(Booked(ServiceId(floor.layout.services[s]), int(at)) for at, s in due)


def _arrived(floor: Floor) -> Mapping[ServiceId, tuple[int, ...]]:
    """Walk-ins per service and slot so far, the present slot partial."""
    scenario, people = floor.layout.scenario, floor.visitors
    begun = min(scenario.slots, int(floor.now - scenario.open_s) // scenario.slot_s + 1)
    counts = np.zeros((len(floor.layout.services), begun), dtype=int)
    arrived = np.asarray(people.arrived_s, dtype=float)
    walked_in = np.asarray([b is None for b in people.booked_s], dtype=bool) & (arrived <= floor.now)
    slot = ((arrived[walked_in] - scenario.open_s) // scenario.slot_s).astype(int)
    np.add.at(counts, (np.asarray(people.service, dtype=int)[walked_in], np.minimum(slot, begun - 1)), 1)
    return {ServiceId(s): tuple(counts[i].tolist()) for i, s in enumerate(floor.layout.services)}
