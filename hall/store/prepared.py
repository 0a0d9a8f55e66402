"""Statements that every press runs: compiled once for each kind of database, then run as plain SQL.

On a small machine an ORM statement costs 0.3 ms of Python and a prepared one 0.02; a press runs a dozen.
Values pass through the column types both ways, so that what comes out is what the ORM would give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    insert,
    inspect,
    update,
)
from sqlalchemy.orm import Session, class_mapper, make_transient, make_transient_to_detached
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.visitors import iterate

from hall.store.tables.base import Base

Row = TypeVar("Row", bound=Base)
_CONNECTION = "prepared"  # in a session's info
AT_ONCE = 64  # rows in one insert
Statement = Select[Any] | Insert | Update | Delete
Convert = Callable[[Any], Any] | None  # None: the driver gives it as it is


@dataclass(slots=True)
class _Compiled:
    """A statement in the words of one database."""

    sql: str
    order: tuple[str, ...] | None  # of the values, where the database takes them by position
    given: tuple[tuple[str, Callable[[Any], Any]], ...]  # values whose type converts them on the way in
    fixed: dict[str, Any]  # values written in the statement itself
    types: tuple[Any, ...]  # of the columns that come back
    taken: tuple[Convert, ...] | None = None  # their conversions; the first answer tells which

    def asked(self, values: dict[str, Any]) -> dict[str, Any] | list[Any]:
        """The values as the driver takes them."""
        values |= self.fixed
        for name, convert in self.given:
            values[name] = convert(values[name])
        return values if self.order is None else [values[name] for name in self.order]


class Prepared:
    """One statement over the tables' columns, with bindparams for what changes.

    What verbs changed on the session's objects is written first, where they are of its tables. `apart`: it
    neither sees nor touches what was changed, so that may wait.
    """

    def __init__(self, statement: Statement, *, apart: bool = False) -> None:
        self._statement = statement
        self._tables = frozenset(
            () if apart else (e.name for e in iterate(statement) if isinstance(e, Table))
        )
        self._compiled: dict[str, _Compiled] = {}

    def all(self, session: Session, /, **values: Any) -> list[Sequence[Any]]:
        """Run it in the session's transaction."""
        _save(session, self._tables)
        connection = _connection(session)
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        raw: Any = connection.connection.dbapi_connection
        cursor = raw.execute(compiled.sql, compiled.asked(values))
        return _rows(cursor, compiled, connection.dialect) if compiled.types else []

    def first(self, session: Session, /, **values: Any) -> Sequence[Any] | None:
        """The first row, if there is one."""
        rows = self.all(session, **values)
        return rows[0] if rows else None

    def _compile(self, dialect: Dialect) -> _Compiled:
        text: Any = self._statement.compile(dialect=dialect)
        binds: dict[str, Any] = text.binds
        found = _Compiled(
            sql=str(text),
            order=tuple(text.positiontup) if text.positiontup else None,
            given=tuple(
                (n, c) for n, b in binds.items() if (c := _of(b.type, dialect).bind_processor(dialect))
            ),
            fixed={name: bind.value for name, bind in binds.items() if not bind.required},
            types=tuple(_of(column.type, dialect) for column in self._statement.exported_columns),
        )
        self._compiled[dialect.name] = found
        return found


def _connection(session: Session) -> Connection:
    """The session's connection, remembered: asking the session for it costs as much as a statement."""
    found: Connection | None = session.info.get(_CONNECTION)
    if found is None or found.closed:
        found = session.info[_CONNECTION] = session.connection()
    return found


def _of(type_: Any, dialect: Dialect) -> Any:
    return type_.dialect_impl(dialect)


def _rows(cursor: Any, compiled: _Compiled, dialect: Dialect) -> list[Sequence[Any]]:
    if compiled.taken is None:
        codes = [column[1] for column in cursor.description]
        both = zip(compiled.types, codes, strict=True)
        compiled.taken = tuple(type_.result_processor(dialect, code) for type_, code in both)
    taken = compiled.taken
    rows: list[Sequence[Any]] = cursor.fetchall()
    if not any(taken):
        return rows
    return [tuple(c(v) if c else v for v, c in zip(row, taken, strict=True)) for row in rows]


def keep(session: Session, kind: type[Row], values: Sequence[Any]) -> Row:
    """A row that came whole, as the session's own object: what a verb changes on it is written at the end.

    One that the session has already stays as it is there, as with `Session.get`.
    """
    given = dict(zip(kind.__table__.c.keys(), values, strict=True))
    keys = tuple(given[column.key] for column in kind.__table__.primary_key)
    known: Row | None = session.identity_map.get(identity_key(kind, keys))
    if known is not None:
        return known
    row = as_row(kind, given)
    make_transient_to_detached(row)
    session.add(row)
    return row


def as_row(kind: type[Row], given: dict[str, Any]) -> Row:
    """A row in nobody's session. Its constructor would note thirty changes that are none."""
    row: Row = class_mapper(kind).class_manager.new_instance()
    row.__dict__.update(given)
    return row


def save(session: Session, *rows: Base) -> None:
    """Write what was changed on these objects, or on all; a unit of work would cost five times as much."""
    if session.new or session.deleted:
        session.flush()
    for row in rows or session.dirty:
        _update(session, row)


def _save(session: Session, tables: frozenset[str]) -> None:
    if session.new or session.deleted:
        session.flush()
    for row in session.dirty if tables else ():
        if row.__tablename__ in tables:
            _update(session, row)


def _update(session: Session, row: Base) -> None:
    kind, as_read = type(row), inspect(row).unmodified
    changed = tuple(name for name in kind.__table__.c.keys() if name not in as_read)  # noqa: SIM118
    if changed:
        statement = _UPDATES.get((kind, changed))
        if statement is None:
            statement = _UPDATES[kind, changed] = _updating(kind, changed)
        keys = {f"key_{column.key}": row.__dict__[column.key] for column in kind.__table__.primary_key}
        statement.all(session, **keys, **{f"new_{name}": row.__dict__[name] for name in changed})
    session.expunge(row)
    make_transient(row)
    make_transient_to_detached(row)  # as if just read: nothing of it is left to write
    session.add(row)


def insert_all(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write many rows of one table, all columns given, with as few statements as can be."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        values = {f"{name}_{n}": value for n, row in enumerate(some) for name, value in row.items()}
        _inserting(kind, len(some)).all(session, **values)


@cache
def _inserting(kind: type[Base], rows: int) -> Prepared:
    columns = kind.__table__.c
    return Prepared(
        insert(kind).values(
            [{c.key: bindparam(f"{c.key}_{n}", type_=c.type) for c in columns} for n in range(rows)]
        ),
        apart=True,
    )


def _updating(kind: type[Base], changed: tuple[str, ...]) -> Prepared:
    table = kind.__table__
    return Prepared(
        update(kind)
        .where(*(column == bindparam(f"key_{column.key}") for column in table.primary_key))
        .values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in changed}),
        apart=True,
    )


_UPDATES: dict[tuple[type[Base], tuple[str, ...]], Prepared] = {}
