"""One round over one hall: roll the day, apply what is due, plan when a plan is due."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hall.clock import Clock
from hall.core.days import business_day, wall_s
from hall.core.names import HallId
from hall.core.people import WORKER
from hall.desk import flips, plans
from hall.desk.opening import perform
from hall.store import history, journal, leases, read
from hall.store.db import Database, Session
from hall.store.journal import UNASKED, Change
from hall.store.tables import Hall
from scheduler.draft import review
from scheduler.draft.evidence import evidence
from scheduler.premises import AT_WORK
from scheduler.snapshot import Snapshot
from scheduler.worker.ahead import LookAhead
from scheduler.worker.demand import Demand
from scheduler.worker.solver import Solved, Solver
from scheduler.worker.watch import Watch

ROLE = "worker"
LINE_UP_DEADLINE_MS = 20_000  # a plan that rehearses the day may take its time (contracts/README.md §1)
LATE_S = 1800  # so long after opening, too, if somebody has come who was not in the last line-up
BEFORE_OPENING_S = 1800  # the first plan of a day is made this long before the doors open

log = logging.getLogger(__name__)


@dataclass
class HallRound:
    """The worker's memory of one hall between two rounds."""

    db: Database
    clock: Clock
    hall_id: HallId
    solver: Solver
    watch: Watch = field(default_factory=Watch)
    demand: Demand = field(default_factory=Demand)
    ahead: LookAhead = field(default_factory=LookAhead)
    _seen: int | None = None
    _lined_up: tuple[date, frozenset[str]] | None = None  # the day, and who was at work at its last line-up

    def keep_time(self) -> None:
        """Roll the day over when it is time and begin flips that are due at empty windows."""
        with self.db.look() as session:
            hall = read.hall(session, self.hall_id)
            now = hall.pace.at(self.clock.real())
            wanted = business_day(now, hall.zone) > hall.day or bool(flips.due(session, self.hall_id, now))
        if wanted:
            perform(self.db, self.clock, WORKER, self.hall_id, UNASKED, flips.apply_all_due)

    def roll_up(self) -> None:
        """Turn finished days into counts, a day per transaction so that nobody waits for it."""
        with self.db.look() as session:
            days = history.days_to_roll_up(session, read.hall(session, self.hall_id))
        for day in days:
            with self.db.change() as session:
                history.roll_up(session, read.hall(session, self.hall_id), day)

    def look_ahead(self) -> bool:
        """Look at one of the days that can be booked, when that is due; whether its slots changed."""
        return self.ahead.one_day(self.db, self.clock, self.hall_id, self.demand, self.solver)

    def plan_if_due(self) -> str | None:
        """Make a plan when one is due; the reason why it was, None when it was not."""
        with self.db.look() as session:
            hall = read.hall(session, self.hall_id)
            self._follow(session, hall)
            now = hall.pace.at(self.clock.real())
            waiting = {s: load.waiting for s, load in read.loads(session, hall.id, hall.day)[0].items()}
            if not _is_planning_time(hall, now, sum(waiting.values())):
                return None
            why = self.watch.due(now, waiting, hall.settings.plan.replan_s)
            if why is None:
                return None
            taken = self._snapshot(session, hall, now)
        self.watch.planned(now, waiting)
        if taken is not None:
            self._propose(self.solver.plan(taken, with_stays=True), why, _other_mix(taken))
        return why

    def _follow(self, session: Session, hall: Hall) -> None:
        if self._seen is not None:
            self.watch.told(event for _, event in journal.since(session, self.hall_id, self._seen))
        self._seen = hall.version

    def _snapshot(self, session: Session, hall: Hall, now: datetime) -> dict[str, Any] | None:
        taken = self.demand.snapshot(session, hall, now, hall.settings.plan.deadline_ms)
        if taken is None or hall.pace_speed > 1:
            return taken
        if self._wants_line_up(hall.day, taken) or review.is_due(Snapshot.from_json(taken)):
            taken["deadline_ms"] = max(taken["deadline_ms"], LINE_UP_DEADLINE_MS)
        return taken

    def _wants_line_up(self, day: date, taken: dict[str, Any]) -> bool:
        """At opening and before; soon after it for those who came late, since all may have come late."""
        here = frozenset(c["id"] for c in taken["clerks"] if c["status"] in AT_WORK)
        late_s = taken["now_s"] - taken["open_s"]
        known = self._lined_up[1] if self._lined_up and self._lined_up[0] == day else frozenset()
        if late_s > LATE_S or (late_s > 0 and here <= known):
            return False
        self._lined_up = day, here
        return True

    def _propose(self, solved: Solved, why: str, mix: dict[str, float]) -> None:
        def take(change: Change) -> None:
            row = plans.propose(change, solved.plan)
            state = {"status": solved.plan["status"], "why": why, "trouble": solved.trouble, "plan": row.id,
                     "at": change.now.isoformat(), "solve_ms": solved.plan["solve_ms"],
                     "stays": solved.stays, "mix": mix}  # fmt: skip
            leases.tell(change.session, self.hall_id, ROLE, state)

        perform(self.db, self.clock, WORKER, self.hall_id, UNASKED, take)
        log.info("plan made", extra={"hall": self.hall_id, "why": why, "status": solved.plan["status"]})


def _other_mix(taken: dict[str, Any]) -> dict[str, float]:
    """Walk-ins so far over what was foretold, by family; empty while chance may explain the difference."""
    snapshot = Snapshot.from_json(taken)
    found = evidence(snapshot)
    if not found.is_strong:
        return {}
    return {s.family: round(found.factor[s.id], 2) for s in snapshot.services if s.id in found.factor}


def _is_planning_time(hall: Hall, now: datetime, waiting: int) -> bool:
    hours = hall.settings.hours_on(hall.day)
    if not hours:
        return False
    second = wall_s(now, hall.zone, hall.day)
    return hours[0][0] - BEFORE_OPENING_S <= second and (second < hours[-1][1] or waiting > 0)
