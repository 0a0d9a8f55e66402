"""Today's hall as a scenario: the rest of the day from a snapshot, so that a manager can ask "what if" now.

What a snapshot does not know is assumed and named here: how long people stay, how far a day strays from its
forecast. Cases in hand end after their expected remainder. Pins hold until their time, agreed flips happen
at theirs.
"""

from __future__ import annotations

from scheduler import premises
from scheduler.replay.layout import layout
from scheduler.replay.lineup import Lineup
from scheduler.replay.scenario import (
    Break,
    Clerk,
    Demand,
    Patience,
    Rules,
    Scenario,
    Service,
    Span,
    Visit,
    Window,
)
from scheduler.snapshot import Snapshot

DAY_CV, SLOT_CV = 0.1, 0.2  # PLANNING.md §6: variance/mean of 1.1 to 1.4 a line, mostly one factor a day
PATIENCE = Patience(80 * 60, 0.6)  # PLANNING.md, head; no public source measures it (DOMAIN.md §H)
LEAST_LEFT = 0.25  # of the mean: what is left of a case that already took longer than that


def scenario(snapshot: Snapshot, patience: Patience | None = PATIENCE) -> Scenario:
    """The rest of this day. Raises ValueError when nothing is left of it."""
    now = max(snapshot.now_s, snapshot.open_s)
    if now >= snapshot.close_s:
        raise ValueError("the day is over")
    return Scenario(
        hall=snapshot.hall,
        day=snapshot.day.isoformat(),
        open_s=now,
        close_s=snapshot.close_s,
        slot_s=snapshot.slot_s,
        services=tuple(_service(s) for s in snapshot.services),
        windows=tuple(_window(w, now) for w in snapshot.windows),
        clerks=tuple(
            _clerk(snapshot, c, now) for c in snapshot.clerks if c.status != "off" or c.start_s > now
        ),
        demand=_demand(snapshot, now, patience),
        rules=_rules(snapshot.rules),
        zone=snapshot.zone,
        hours=tuple((float(start), float(end)) for start, end in snapshot.hours),
        here=tuple(
            Visit(w.service, w.since_s, w.booked_s, w.priority == "priority") for w in snapshot.waiting
        ),
        pins=tuple(pin for pin in snapshot.pins if pin.until_s > now),
        committed=snapshot.committed,
    )


def posts(today: Scenario) -> Lineup:
    """Who sits where now, for a policy that changes nothing: Fixed(lineup=posts(today))."""
    numbered = layout(today)
    return {
        i: (numbered.windows.index(clerk.window), numbered.mode(clerk.mode))
        for i, clerk in enumerate(today.clerks)
        if clerk.window is not None and clerk.mode
    }


def _service(s: premises.Service) -> Service:
    hours: tuple[Span, ...] | None = None
    if s.hours is not None:
        hours = tuple((float(start), float(end)) for start, end in s.hours)
    return Service(
        s.id, s.family, s.service_s, s.scv, s.target_wait_s, s.weight, s.floor, s.cap_wait_s, hours
    )


def _window(w: premises.Window, now: int) -> Window:
    return Window(
        w.id,
        tuple(sorted(w.can)),
        w.tidal,
        tuple(w.fixed_mode),
        w.open,
        tuple(w.mode),
        mode_since_s=min(w.mode_since_s, now),
        flips_today=w.flips_today,
    )


def _rules(rules: premises.Rules) -> Rules:
    return Rules(
        rules.setup_s,
        rules.move_s,
        rules.changeover_s,
        rules.max_families,
        rules.min_dwell_s,
        max(1, round(rules.replan_s)),
        rules.max_flips_per_window,
        rules.overtake_bound,
    )


def _clerk(snapshot: Snapshot, clerk: premises.Clerk, now: int) -> Clerk:
    busy_s = _busy_until_s(snapshot, clerk, now)
    breaks = tuple(
        Break(b.earliest_s, max(b.latest_s, now), b.length_s, max(b.start_s, now))  # after the case in hand
        for b in clerk.breaks
        if not b.taken
    )
    return Clerk(
        clerk.id,
        {str(service): pace for service, pace in clerk.pace.items()},
        clerk.start_s,
        clerk.end_s,
        breaks,
        clerk.window,
        tuple(clerk.mode),
        busy_until_s=busy_s if busy_s > now else 0.0,
    )


def _busy_until_s(snapshot: Snapshot, clerk: premises.Clerk, now: int) -> float:
    """When the case in hand, the set-up or the break is expected to end."""
    if clerk.serving is not None:
        service = next(s for s in snapshot.services if s.id == clerk.serving)
        mean_s = service.service_s / clerk.pace.get(clerk.serving, 1.0)
        return now + max(LEAST_LEFT * mean_s, mean_s - clerk.serving_for_s)
    return float(clerk.until_s or 0)


def _demand(snapshot: Snapshot, now: int, patience: Patience | None) -> Demand:
    slots = -(-(snapshot.close_s - now) // snapshot.slot_s)
    booked = {s.id: [0.0] * slots for s in snapshot.services}
    for one in snapshot.booked:
        slot = max(0, one.at_s - now) // snapshot.slot_s
        booked[one.service][min(slot, slots - 1)] += 1
    return Demand(
        rate={s.id: _rest(snapshot, snapshot.forecast.get(s.id, ()), now, slots) for s in snapshot.services},
        booked={service: tuple(counts) for service, counts in booked.items() if any(counts)},
        day_cv=DAY_CV,
        slot_cv=SLOT_CV,
        patience=patience,
    )


def _rest(snapshot: Snapshot, forecast: tuple[float, ...], now: int, slots: int) -> tuple[float, ...]:
    """The forecast on slots that begin now: each is a part of one old slot and a part of the next."""
    passed, into_s = divmod(now - snapshot.open_s, snapshot.slot_s)
    share = into_s / snapshot.slot_s

    def at(slot: int) -> float:
        return forecast[slot] if slot < len(forecast) else 0.0

    return tuple((1 - share) * at(passed + k) + share * at(passed + k + 1) for k in range(slots))
