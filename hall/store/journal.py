"""The journal: opens a hall's change, writes its events, remembers its answers, proves the chain.

Whoever changes a hall opens a sitting, which takes the hall's row as its lock, and makes changes in it, each
with the next version. The versions are gapless: a refusal rolls everything back, a change without an event
does not use its number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, true, union_all, update
from sqlalchemy.orm import Session

from hall.clock import Clock
from hall.core.days import wall_s
from hall.core.errors import Invalid, RequestIdReused, UnknownHall
from hall.core.events import Event, from_payload
from hall.core.hall import Settings
from hall.core.names import HallId
from hall.core.people import Actor
from hall.core.wait import Lines, after
from hall.store.prepared import Prepared, insert_all, keep, save
from hall.store.tables import Answer, Hall, JournalRow

GENESIS = "0" * 64
_NOTHING = (0, GENESIS)  # the end of a journal that has not begun
REQUEST_ID_LENGTH = 64
_REQUEST_ID_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")


@dataclass(frozen=True, slots=True)
class Request:
    """A caller's request id and the fingerprint of what was asked.

    `id` None: the caller does not ask for remembering (worker, tests of rules).
    """

    id: str | None
    body: str = ""

    @classmethod
    def of(cls, request_id: object, *asked: object) -> Request:
        """A request asking for `asked` (anything JSON can hold). Raises Invalid for a bad id."""
        if (
            not isinstance(request_id, str)
            or not 1 <= len(request_id) <= REQUEST_ID_LENGTH
            or not set(request_id) <= _REQUEST_ID_LETTERS
        ):
            raise Invalid("/request_id", field="request_id", allowed="1-64 of A-Z a-z 0-9 . _ -")
        return cls(request_id, _sha256(_canonical(asked)))


UNASKED = Request(None)

_VERSION = list(Hall.__table__.c.keys()).index("version")
_OPEN = Prepared(
    update(Hall)
    .where(Hall.id == bindparam("hall"))
    .values(version=Hall.version + 1)
    .returning(*Hall.__table__.c)
)
_ROWS, _ANSWERS = JournalRow.__table__.c, Answer.__table__.c
_SINCE = Prepared(
    select(_ROWS.version, _ROWS.kind, _ROWS.payload)
    .where(_ROWS.hall_id == bindparam("hall"), _ROWS.version > bindparam("version"))
    .order_by(_ROWS.version, _ROWS.seq)
    .limit(bindparam("most"))
)
_LAST = (
    select(_ROWS.version, _ROWS.hash)
    .where(_ROWS.hall_id == bindparam("hall"))
    .order_by(_ROWS.version.desc(), _ROWS.seq.desc())
    .limit(1)
)
_END = Prepared(_LAST)


@cache
def _met(requests: int) -> Prepared:
    """The journal's end beside what these requests were answered with: every press needs both.

    Each request is a question of its own: PostgreSQL without statistics reads all answers for a list.
    """
    last = _LAST.subquery()
    given = [
        select(_ANSWERS.request_id, _ANSWERS.day, _ANSWERS.body, _ANSWERS.answer).where(
            _ANSWERS.hall_id == bindparam("hall"), _ANSWERS.request_id == bindparam(f"request_{n}")
        )
        for n in range(requests)
    ]
    answered = union_all(*given).subquery()
    return Prepared(select(*last.c, *answered.c).outerjoin(answered, true()))


@dataclass(slots=True)
class Sitting:
    """One transaction's hold on a hall: its lock, its journal's end, the answers its requests had before.

    Changes are made one after the other with `change`; `close` writes what they told.
    """

    session: Session
    hall: Hall
    version: int  # the last one that has an event
    last: str  # hash of the journal's last event
    given: dict[str, Sequence[Any]]  # request id -> day, body and answer
    lines: Lines | None = None  # as read under this lock and kept true by the events since
    _events: list[dict[str, Any]] = field(default_factory=list)
    _answers: list[dict[str, Any]] = field(default_factory=list)

    def change(self, clock: Clock, by: Actor) -> Change:
        """The next change. It meets the database as the one before leaves it, not that one's objects."""
        if self._events:
            save(self.session)
            self.session.expunge_all()
            self.session.add(self.hall)
        return Change(self, self.hall.pace.at(clock.real()), by, self.version + 1)

    def close(self) -> None:
        """Write the events and answers, and leave the hall at the last version that has an event."""
        insert_all(self.session, JournalRow, self._events)
        insert_all(self.session, Answer, self._answers)
        self._events, self._answers = [], []
        if self.hall.version != self.version:
            self.hall.version = self.version


@dataclass(slots=True)
class Change:
    """One version of a hall in the making: its time, its settings, and the events to be written."""

    sitting: Sitting
    now: datetime
    by: Actor
    version: int
    _seq: int = 0

    @property
    def session(self) -> Session:
        return self.sitting.session

    @property
    def hall(self) -> Hall:
        return self.sitting.hall

    @property
    def hall_id(self) -> HallId:
        return HallId(self.hall.id)

    @property
    def settings(self) -> Settings:
        return self.hall.settings

    @property
    def day(self) -> date:
        """The business day the hall is in; it moves on at roll-over, not at midnight by itself."""
        return self.hall.day

    @property
    def wall_s(self) -> int:
        """Seconds of wall clock since midnight of the business day."""
        return wall_s(self.now, self.hall.zone, self.hall.day)

    def write(self, event: Event) -> None:
        """Append one event to this version."""
        sitting, payload = self.sitting, event.payload()
        sitting.last = _link(sitting.last, self.version, self._seq, self.now, self.by.id, event.kind, payload)
        sitting.version = self.version
        sitting.lines = sitting.lines and after(sitting.lines, event)
        sitting._events.append(
            {
                "hall_id": self.hall_id, "version": self.version, "seq": self._seq, "at": self.now,
                "actor": self.by.id, "kind": event.kind, "payload": payload, "hash": sitting.last,
            }
        )  # fmt: skip
        self._seq += 1

    def answered(self, request: Request) -> dict[str, Any] | None:
        """The answer given to this request id before, if any.

        Raises RequestIdReused when the id was used for something else.
        """
        earlier = self.sitting.given.get(request.id or "")
        if earlier is None:
            return None
        day, body, answer = earlier
        if day < self.day:  # answers are kept to the end of their day
            return None
        if body != request.body:
            raise RequestIdReused("/request_id")
        found: dict[str, Any] = answer
        return found

    def answer(self, request: Request, answer: dict[str, Any]) -> None:
        """Remember the answer until the end of the business day."""
        if request.id is not None:
            self.sitting.given[request.id] = self.day, request.body, answer
            self.sitting._answers.append(
                {
                    "hall_id": self.hall_id, "request_id": request.id, "day": self.day,
                    "body": request.body, "answer": answer,
                }
            )  # fmt: skip


def open(session: Session, hall_id: HallId, requests: Sequence[str] = ()) -> Sitting:
    """Take the hall's lock, for changes with these request ids. Raises UnknownHall."""
    row = _OPEN.first(session, hall=hall_id)
    if row is None:
        raise UnknownHall(id=hall_id, what="hall")
    hall = keep(session, Hall, row)
    if hall.version != row[_VERSION]:  # read before the lock was taken: what it says is old
        session.refresh(hall)
    asked = _padded(requests)
    found = _met(len(asked)).all(session, hall=hall_id, **{f"request_{n}": r for n, r in enumerate(asked)})
    given = {row[2]: row[3:] for row in found if row[2] is not None}
    return Sitting(session, hall, hall.version - 1, _end(found[0] if found else _NOTHING, hall), given)


def _padded(requests: Sequence[str]) -> list[str | None]:
    """As many as a power of two, so that few statements serve parties of all sizes."""
    size = 1 << max(0, len(requests) - 1).bit_length()
    return [*requests, *[None] * (size - len(requests))]


def append(
    session: Session, hall: Hall, told: Sequence[tuple[datetime, str, Event]]
) -> list[tuple[int, Event]]:
    """Write what happened before anybody watched, a version each; gives each event its version.

    `told`: when, by whose id, what; in the order of time and after everything the journal holds.
    """
    if not told:
        return []
    last = _end(_END.first(session, hall=hall.id) or _NOTHING, hall, ahead=0)
    rows, versions = [], []
    for at, actor, event in told:
        hall.version += 1
        payload = event.payload()
        last = _link(last, hall.version, 0, at, actor, event.kind, payload)
        rows.append(
            {
                "hall_id": hall.id, "version": hall.version, "seq": 0, "at": at, "actor": actor,
                "kind": event.kind, "payload": payload, "hash": last,
            }
        )  # fmt: skip
        versions.append((hall.version, event))
    insert_all(session, JournalRow, rows)
    return versions


def since(session: Session, hall_id: HallId, version: int, limit: int = 1000) -> list[tuple[int, Event]]:
    """The events after `version`, oldest first, at most about `limit`, never half a version."""
    rows = _SINCE.all(session, hall=hall_id, version=version, most=limit)
    if len(rows) == limit and rows[0][0] != rows[-1][0]:
        rows = [row for row in rows if row[0] != rows[-1][0]]
    return [(row[0], from_payload(row[1], row[2])) for row in rows]


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold."""

    version: int
    what: str


def verify(session: Session, hall_id: HallId) -> Break | None:
    """The first place where versions have a gap or a hash does not fit; None when all holds."""
    last, expected = GENESIS, 1
    for row in _all_rows(session, hall_id):
        if row.version not in (expected, expected - 1) or (row.version == expected) != (row.seq == 0):
            return Break(row.version, "gap")
        link = _link(last, row.version, row.seq, row.at, row.actor, row.kind, row.payload)
        if link != row.hash:
            return Break(row.version, "hash")
        last, expected = row.hash, row.version + 1
    version = session.scalar(select(Hall.version).where(Hall.id == hall_id))
    return None if version == expected - 1 else Break(version or 0, "version")


def _all_rows(session: Session, hall_id: HallId) -> Iterator[JournalRow]:
    statement = (
        select(JournalRow)
        .where(JournalRow.hall_id == hall_id)
        .order_by(JournalRow.version, JournalRow.seq)
        .execution_options(yield_per=1000)
    )
    yield from session.scalars(statement)


def _end(last: Sequence[Any], hall: Hall, ahead: int = 1) -> str:
    """The hash that the next event builds on. `ahead`: versions the hall has taken and not written yet."""
    version, hash_ = last[:2]
    if version != hall.version - ahead:
        raise RuntimeError(f"journal of {hall.id} ends at {version}, the hall is at {hall.version}")
    return str(hash_)


def _link(
    before: str, version: int, seq: int, at: datetime, actor: str, kind: str, payload: dict[str, Any]
) -> str:
    return _sha256(before + _canonical([version, seq, at.isoformat(), actor, kind, payload]))


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
