"""One simulated day from opening until the last visitor has left: the loop over what is due next."""

from __future__ import annotations

import numpy as np

from scheduler.replay import agreed
from scheduler.replay.agenda import NEVER, Due
from scheduler.replay.floor import Floor
from scheduler.replay.layout import Layout
from scheduler.replay.outcome import Outcome, outcome
from scheduler.replay.policy import Policy
from scheduler.replay.visitors import Visitors

OVERTIME_S = 6 * 3600  # whoever has not been served so long after closing is sent home


def simulate(layout: Layout, visitors: Visitors, policy: Policy) -> Outcome:
    """Run one day. The same arguments give the same outcome."""
    floor = Floor(layout, visitors, policy)
    _set_agenda(floor)
    policy.open(floor)
    if _run(floor):
        _see_out(floor)
    floor.close_books()
    return outcome(floor)


def _set_agenda(floor: Floor) -> None:
    scenario = floor.layout.scenario
    for clerk in floor.clerks:
        times = [clerk.start_s, clerk.end_s, *(p.start_s for p in clerk.pauses)]
        times += [at for span in clerk.absent for at in span]
        times += [clerk.busy_until_s] if clerk.busy_until_s else []
        for at in sorted(times):
            floor.agenda.add(max(at, floor.now), Due.LOOK, clerk.index)
    for number, window in enumerate(scenario.windows):
        for span in window.shut:
            for at in span:
                floor.agenda.add(at, Due.WINDOW, number)
    for place in floor.windows:
        for one in place.agreed:
            floor.agenda.add(max(one.at_s, floor.now), Due.FLIP, place.index)
    if floor.policy.every_s is not None:
        floor.agenda.add(floor.now + floor.policy.every_s, Due.TICK)


def _run(floor: Floor) -> bool:
    """Arrivals, walk-aways and the agenda are three sorted sources; the earliest goes first.

    Whether the hall emptied in time; false when people were sent home.
    """
    people, called = floor.visitors, floor.record.called_s
    arrivals, leaves = [*people.arrived_s, NEVER], [*people.leaves_s, NEVER]
    leaving = [*np.argsort(np.asarray(people.leaves_s), kind="stable").tolist(), len(people)]
    count, last_s = len(people), floor.layout.scenario.close_s + OVERTIME_S
    here = gone = 0
    agenda = floor.agenda
    while here < count or len(floor.lines) or floor.in_hand:
        while gone < count and called[leaving[gone]] >= 0:
            gone += 1
        arrives, walks, due = arrivals[here], leaves[leaving[gone]], agenda.next_s()
        if due <= arrives and due <= walks:
            floor.now = due
        else:
            floor.now = arrives if arrives <= walks else walks
        if floor.now > last_s:
            floor.now = last_s
            return False
        if floor.now == due:
            _handle(floor)
        elif floor.now == arrives:
            floor.arrive(here)
            here += 1
        else:
            floor.leave(leaving[gone])
            gone += 1
    return True


def _see_out(floor: Floor) -> None:
    """The shifts go on when the last visitor has left: breaks are taken, clerks idle, nothing is planned."""
    end_s = max((clerk.end_s for clerk in floor.clerks), default=floor.now)
    floor.agenda.drop(Due.TICK)
    while floor.agenda.next_s() <= end_s:
        floor.now = floor.agenda.next_s()
        _handle(floor)
    floor.now = max(floor.now, end_s)


def _handle(floor: Floor) -> None:
    at, _, kind, who = floor.agenda.pop()
    if kind is Due.FINISH:
        floor.finish(floor.clerks[who])
    elif kind is Due.READY:
        floor.ready(floor.clerks[who])
    elif kind is Due.LOOK:
        floor.look(floor.clerks[who])
    elif kind is Due.RESUME:
        floor.resume(floor.clerks[who])
    elif kind is Due.WINDOW:
        shut = floor.layout.scenario.windows[who].shut
        floor.shut(floor.windows[who], not any(start <= at < end for start, end in shut))
    elif kind is Due.FLIP:
        agreed.turn(floor, floor.windows[who])
    elif floor.policy.every_s is not None:
        floor.agenda.add(at + floor.policy.every_s, Due.TICK)
        floor.policy.tick(floor)
