"""The worker process itself: APScheduler calls a round of every hall, once a second of real time."""

from __future__ import annotations

import argparse
import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler

from hall import leash
from hall.clock import SystemClock
from hall.config import add_database_options, database_url
from hall.core.names import HallId
from hall.store import leases, read
from hall.store.db import Database
from scheduler.worker.round import ROLE, HallRound
from scheduler.worker.solver import Solver, Stopped

BEAT_S = 1.0
ROLL_UP_S = 60.0

log = logging.getLogger(__name__)


class Worker:
    """All halls of one database that this process holds the lease of."""

    def __init__(self, db: Database, clock: SystemClock) -> None:
        self.db, self.clock = db, clock
        self.holder = leases.this_process()
        self.solver = Solver()
        self.rounds: dict[HallId, HallRound] = {}
        self._renewed = -leases.RENEW_S

    def renew(self) -> None:
        """Claim or renew every hall's lease; halls that others hold are left to them."""
        if self.clock.monotonic() - self._renewed < leases.RENEW_S:
            return
        with self.db.look() as session:
            halls = read.hall_ids(session)
        for hall_id in halls:
            with self.db.change() as session:
                mine = leases.claim(session, hall_id, ROLE, self.holder, self.clock.real())
            if mine and hall_id not in self.rounds:
                self.rounds[hall_id] = HallRound(self.db, self.clock, hall_id, self.solver)
            elif not mine:
                self.rounds.pop(hall_id, None)
        self._renewed = self.clock.monotonic()

    def beat(self) -> None:
        """One round of every hall. A failure in one hall never stops another."""
        _guarded(self.renew)
        for one in list(self.rounds.values()):
            _guarded(one.keep_time)
            _guarded(one.plan_if_due)
            _guarded(one.look_ahead)

    def roll_up(self) -> None:
        """Count finished days."""
        for one in list(self.rounds.values()):
            _guarded(one.roll_up)

    def close(self) -> None:
        """Stop planning and give the leases back."""
        self.solver.close()
        for hall_id in self.rounds:
            with self.db.change() as session:
                leases.release(session, hall_id, ROLE, self.holder, self.clock.real() - timedelta(seconds=1))
        self.db.close()


def _guarded(act: Callable[[], object]) -> None:
    try:
        act()
    except Stopped:
        log.info("left a plan unfinished: the worker ends")
    except Exception:  # the top of the loop: log it, and try again at the next beat
        log.exception("worker round failed")


def main(argv: list[str]) -> int:
    """Run until told to stop (SIGTERM or Ctrl-C)."""
    parser = argparse.ArgumentParser(prog="tidehall worker", description="Plans halls and keeps their time.")
    add_database_options(parser)
    parser.add_argument("--leashed", action="store_true", help="stop when standard input closes")
    options = parser.parse_args(argv)
    if options.leashed:
        leash.hold()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat left out is no news
    worker = Worker(Database(database_url(options)), SystemClock())
    threads = ThreadPoolExecutor()
    scheduler = BlockingScheduler(timezone="UTC", executors={"default": threads})
    scheduler.add_job(worker.beat, "interval", seconds=BEAT_S, max_instances=1, coalesce=True)
    scheduler.add_job(worker.roll_up, "interval", seconds=ROLL_UP_S, max_instances=1, coalesce=True)
    signal.signal(signal.SIGTERM, partial(_stop, scheduler, worker.solver))
    signal.signal(signal.SIGINT, partial(_stop, scheduler, worker.solver))
    try:
        scheduler.start()
    finally:
        threads.shutdown()  # a round that has begun ends before its database is closed
        worker.close()
    return 0


def _stop(scheduler: BlockingScheduler, solver: Solver, _number: int, _frame: object) -> None:
    solver.stop()
    if scheduler.running:  # Ctrl-C tells everybody in the terminal, and then our parent tells us again
        scheduler.shutdown(wait=False)
