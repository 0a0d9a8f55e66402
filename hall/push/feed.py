"""The feed: follows every hall's journal and tells each room its new board, whole and with its version.

A bell (this process's own commits, another process's commit on SQLite, Redis between machines) makes
it fast; a look every 250 ms makes it certain. It knows no web library: `emit` is given to it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.events import EVERY_BOARD, Event
from hall.core.names import HallId
from hall.push import boards, rooms
from hall.push.boards import Board
from hall.push.shelf import Shelf
from hall.store import journal, read
from hall.store.db import Database
from hall.store.prepared import Prepared
from hall.store.tables import Hall

LOOK_S = 0.25
SQLITE_TICK_S = 0.05  # another process's commit is seen within this time
GAP_S = 0.015  # between two looks: a burst of presses is told together and leaves time for the presses
BEAT_S = 20.0
BEHIND = 500  # versions; further behind than that, all boards are built anew instead of reading the journal

Emit = Callable[[str, str, dict[str, Any]], None]  # room, event, data

_VERSIONS = Prepared(select(Hall.__table__.c.id, Hall.__table__.c.version))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _News:
    """One hall as a look found it: its version, the boards that changed, and why."""

    hall: HallId
    version: int
    boards: list[Board]
    unread: set[str]  # boards that could not be read
    kinds: list[str]  # of the events since the last look


class Feed:
    """One per web process. `start` it after the last hall is set up; halls made later are found too."""

    def __init__(self, db: Database, emit: Emit, shelf: Shelf | None = None) -> None:
        self.shelf = shelf or Shelf(db)
        self._db = db
        self._emit = emit
        self._seen: dict[str, int] = {}  # hall -> version told
        self._owed: dict[str, set[str]] = {}  # boards whose last reading failed
        self._bell = threading.Event()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._data_version: int | None = None
        self._beat_at = time.monotonic() + BEAT_S

    def start(self) -> None:
        """Follow from now on, in a thread of its own (a greenlet, where gevent has replaced threads)."""
        self.look()
        self._db.on_change(self.ring)
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what is committed from now on is told by nobody."""
        self._over.set()
        self.ring()
        if self._thread is not None:
            self._thread.join()

    def ring(self) -> None:
        """Something was committed: look at once."""
        self._bell.set()

    def look(self) -> None:
        """Tell everything that is new in all halls. One hall's failure does not silence another."""
        self._data_version = self._db.data_version()
        with self._db.look() as session:
            news = [
                self._read(session, HallId(hall_id))
                for hall_id, version in _VERSIONS.all(session)
                if version != self._seen.get(hall_id) or self._owed.get(hall_id)
            ]
        for one in news:  # nothing is told inside a transaction
            self._tell(one)

    def beat(self) -> None:
        """Tell all screens the version of each board, so that one that lost a message notices."""
        for hall_id, version in self._seen.items():
            versions = {**self.shelf.versions(hall_id), rooms.STAFF: version}
            self._emit(rooms.of_hall(hall_id), "beat", {"hall": hall_id, "boards": versions})

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._wait()
                self.look()
                self._over.wait(GAP_S)
                if time.monotonic() >= self._beat_at:
                    # Only after a good look: a screen that hears no beat says that it is out of date.
                    self._beat_at = time.monotonic() + BEAT_S
                    self.beat()
            except Exception:
                _log.exception("the feed could not look; it tries again")
                self._over.wait(LOOK_S)

    def _wait(self) -> None:
        """Until the bell, another process's commit, or the time for a look."""
        end = time.monotonic() + LOOK_S
        tick_s = LOOK_S if self._data_version is None else SQLITE_TICK_S
        while time.monotonic() < end:
            if self._bell.wait(tick_s):
                self._bell.clear()
                return
            if self._data_version is not None and self._db.data_version() != self._data_version:
                return

    def _read(self, session: Session, hall_id: HallId) -> _News:
        """Build each touched board once."""
        hall = read.hall(session, hall_id)
        touched, kinds = self._touched(session, hall)
        built, unread = _build(session, hall, touched)
        return _News(hall_id, hall.version, built, unread, kinds)

    def _tell(self, news: _News) -> None:
        hall_id, before = news.hall, self.shelf.versions(news.hall)
        self.shelf.bring_up(hall_id, news.version, news.boards, news.unread)
        self._owed[hall_id] = news.unread
        is_first = hall_id not in self._seen
        self._seen[hall_id] = news.version
        for board in news.boards:
            if board["version"] != before.get(board["name"]):
                self._emit(rooms.of_board(hall_id, board["name"]), "board", {"hall": hall_id, **board})
        if not is_first:
            hint = {"hall": hall_id, "version": news.version, "kinds": news.kinds}
            self._emit(rooms.of_board(hall_id, rooms.STAFF), "hint", hint)

    def _touched(self, session: Session, hall: Hall) -> tuple[set[str], list[str]]:
        """The wanted boards that changed since the version told, and the kinds of events that did it."""
        wanted = self.shelf.wanted(hall.id)
        seen = self._seen.get(hall.id)
        if seen is None or not 0 <= hall.version - seen <= BEHIND:
            return set(wanted), [EVERY_BOARD]
        events = _events(session, HallId(hall.id), seen)
        if events is None:
            return set(wanted), [EVERY_BOARD]
        names = {name for event in events for name in event.boards()} | self._owed.get(hall.id, set())
        touched = set(wanted) if EVERY_BOARD in names else names & wanted
        return touched, sorted({event.kind for event in events})


def _events(session: Session, hall_id: HallId, seen: int) -> list[Event] | None:
    """The events since then; None when there is one that this process does not know."""
    try:
        # A version has few events, but nothing bounds them at day roll-over; half a batch must not pass.
        return [event for _, event in journal.since(session, hall_id, seen, limit=1_000_000)]
    except (KeyError, TypeError):
        _log.warning("hall %s: the journal has an event of a newer Tidehall; building all boards", hall_id)
        return None


def _build(session: Session, hall: Hall, names: Iterable[str]) -> tuple[list[Board], set[str]]:
    """The boards, and the names of those that could not be read: their screens keep the last good one."""
    built: list[Board] = []
    unread: set[str] = set()
    for name in sorted(names):
        try:
            built.append(boards.build(session, hall, name))
        except Exception:
            _log.exception("board %s of hall %s could not be read; it is tried again", name, hall.id)
            unread.add(name)
    return built, unread
