"""The boards last built, so that a thousand screens that come back at once cost one reading.

A kept board is given out only while the hall's version is the one the shelf was brought up to.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.errors import UnknownHall
from hall.push.boards import Board, build
from hall.store import read
from hall.store.db import Database
from hall.store.tables import Hall


@dataclass(slots=True)
class _Kept:
    seen: int = -1  # the hall's version up to which the boards hold; -1: the feed has not looked yet
    boards: dict[str, Board] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)  # boards that somebody asked for


class Shelf:
    """The newest board of each name, per hall. Safe for threads."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._halls: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def get(self, hall_id: str, name: str) -> Board:
        """The board as it is in the database now. Raises UnknownHall or Unknown."""
        # Wanted before the reading begins: whatever this reading does not hold is then told by the feed.
        is_new = self._want(hall_id, name)
        try:
            with self._db.look() as session:
                version = _version(session, hall_id)
                kept = self._of(hall_id)
                if kept.seen == version and (board := kept.boards.get(name)):
                    return board
                board = build(session, read.hall(session, hall_id), name)
        except Exception:
            if is_new:
                self._forget(hall_id, name)
            raise
        with self._lock:
            if kept.seen == version:
                kept.boards[name] = board
        return board

    def version(self, hall_id: str) -> int:
        """The hall's version now. Raises UnknownHall."""
        with self._db.look() as session:
            return _version(session, hall_id)

    def wanted(self, hall_id: str) -> frozenset[str]:
        """The boards somebody asked for since the start."""
        return frozenset(self._of(hall_id).wanted)

    def bring_up(self, hall_id: str, version: int, boards: Iterable[Board], unread: Iterable[str]) -> None:
        """The hall is at `version`: these boards are new, those could not be read, all others still hold."""
        kept = self._of(hall_id)
        with self._lock:
            for board in boards:
                kept.boards[board["name"]] = board
            for name in unread:
                kept.boards.pop(name, None)
            kept.seen = version

    def versions(self, hall_id: str) -> dict[str, int]:
        """The version of each kept board, for the beat."""
        kept = self._of(hall_id)
        with self._lock:
            return {name: int(board["version"]) for name, board in kept.boards.items()}

    def _want(self, hall_id: str, name: str) -> bool:
        """Follow this board from now on; whether nobody asked for it before."""
        wanted = self._of(hall_id).wanted
        with self._lock:
            is_new = name not in wanted
            wanted.add(name)
        return is_new

    def _forget(self, hall_id: str, name: str) -> None:
        """A name that does not exist must not be followed for ever, nor a hall that does not."""
        kept = self._of(hall_id)
        with self._lock:
            kept.wanted.discard(name)
            if kept.seen < 0 and not kept.wanted:
                self._halls.pop(hall_id, None)

    def _of(self, hall_id: str) -> _Kept:
        with self._lock:
            return self._halls.setdefault(hall_id, _Kept())


def _version(session: Session, hall_id: str) -> int:
    found = session.scalar(select(Hall.version).where(Hall.id == hall_id))
    if found is None:
        raise UnknownHall(id=hall_id, what="hall")
    return found
