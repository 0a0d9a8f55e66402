"""One declaration per operation of the API: who may, what it reads, what it answers.

From the same declaration comes the route (checked in the order credential, thing, role, fields, verb)
and its line in the OpenAPI page, so the two cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from hall.core.errors import Forbidden, Invalid, Unauthorized, Unknown
from hall.core.names import HallId
from hall.core.people import Actor, Role
from hall.desk.opening import Told, perform
from hall.front import door
from hall.front.house import house
from hall.store import owners, read
from hall.store.db import Session
from hall.store.journal import REQUEST_ID_LENGTH, UNASKED, Change, Request
from hall.store.moment import Moment
from hall.web.api.fields import Field, read_all, read_text

Verb = Callable[[Change], Told | None]
Roles = frozenset[Role]

ISSUERS: Roles = frozenset({Role.KIOSK, Role.CLERK, Role.MANAGER, Role.ADMIN})
STAFF: Roles = frozenset({Role.CLERK, Role.MANAGER, Role.ADMIN})
MANAGERS: Roles = frozenset({Role.MANAGER, Role.ADMIN})
VISITORS: Roles = ISSUERS | {Role.VISITOR}  # the holder of a ticket or booking too, by its secret id
EVERYBODY: Roles = frozenset(Role) - {Role.VISITOR}  # whoever has a credential of this hall

_OWNERS: dict[str, Callable[[Session, str], HallId]] = {
    "ticket": owners.ticket, "booking": owners.booking, "plan": owners.plan,
}  # fmt: skip


REQUEST_ID = Field(
    "request_id",
    {"type": "string", "pattern": f"^[A-Za-z0-9._-]{{1,{REQUEST_ID_LENGTH}}}$"},
    f"1-{REQUEST_ID_LENGTH} of A-Z a-z 0-9 . _ -",
    read_text,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """What the OpenAPI page says. `answers`: status -> name of its schema, None without a body."""

    method: str
    path: str
    name: str
    summary: str
    roles: Roles
    query: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: dict[int, str | None]


blueprint = Blueprint("api", __name__, template_folder="templates")
operations: list[Operation] = []


def change(
    path: str,
    *,
    roles: Roles,
    answer: str | None,
    body: tuple[Field, ...] = (),
    method: str = "POST",
    status: int = 200,
    may_be_nothing: bool = False,
) -> Callable[[Callable[..., Verb]], Callable[..., Verb]]:
    """Declare an operation that changes the hall: the view names the verb, the rest happens here.

    `answer` None: 204. `status` is that of the first answer; the same request again gets 200.
    `may_be_nothing`: 204 when there was nothing to do.
    """
    answers: dict[int, str | None] = {200: answer, status: answer} if answer else {204: None}
    if may_be_nothing:
        answers[204] = None
    fields = (*body, REQUEST_ID if method == "POST" else REQUEST_ID.optional())

    def declare(view: Callable[..., Verb]) -> Callable[..., Verb]:
        operation = Operation(method, path, view.__name__, _said(view), roles, (), fields, answers)

        def run(**things: str) -> ResponseReturnValue:
            hall_id, by = _admit(roles, things)
            values = read_all(fields, _body())
            request_id = values.pop("request_id")
            told = {**things, **{name: _plain(value) for name, value in values.items()}}
            asked = Request.of(request_id, operation.name, told) if request_id else UNASKED
            verb = view(**things, **values)
            done = perform(house().database, house().clock, by, hall_id, asked, verb)
            if done.answer is None or answer is None:
                return "", 204
            return jsonify(done.answer), 200 if done.again else status

        add(operation, run)
        return view

    return declare


def look(
    path: str, *, roles: Roles, answer: str, query: tuple[Field, ...] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an operation that only reads: the view gets the Moment and gives what is answered."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        operation = Operation("GET", path, view.__name__, _said(view), roles, query, (), {200: answer})

        def run(**things: str) -> ResponseReturnValue:
            hall_id, _ = _admit(roles, things)
            values = read_all(query, request.args)
            with house().database.look() as session:
                hall = read.hall(session, hall_id)
                moment = Moment(session, hall, hall.pace.at(house().clock.real()))
                return jsonify(view(moment, **things, **values))

        add(operation, run)
        return view

    return declare


def add(operation: Operation, run: Callable[..., ResponseReturnValue]) -> None:
    """Register an operation and describe it."""
    operations.append(operation)
    rule = operation.path.replace("{", "<").replace("}", ">")
    blueprint.add_url_rule(rule, operation.name, run, methods=[operation.method])


def _admit(roles: Roles, things: dict[str, str]) -> tuple[HallId, Actor]:
    """The hall that the address is about, taken out of `things`, and who asks."""
    names_hall = "hall" in things
    try:
        hall_id = _hall_of(things)
    except Unknown:
        _check_somebody()
        raise
    if Role.VISITOR in roles and (visitor := _visitor(things)):
        return hall_id, visitor
    try:
        by = door.actor(hall_id)
    except Forbidden:
        if names_hall:
            raise
        # Another hall's ticket does not exist for this hall's staff, or its existence would be told.
        raise Unknown(what=next(iter(things)), id=next(iter(things.values()))) from None
    if by.role not in roles:
        raise Forbidden()
    return hall_id, by


def _check_somebody() -> None:
    """Refuse with Unauthorized whoever shows no credential: strangers are not told what exists."""
    header = request.headers.get("Authorization", "")
    if header.startswith(door.BEARER):
        door.check_token(header.removeprefix(door.BEARER))
    elif door.known() is None:
        raise Unauthorized()


def _hall_of(things: dict[str, str]) -> HallId:
    for what, id_ in things.items():
        try:
            read_text(id_)
        except ValueError:
            raise Unknown(what=what, id="") from None
    if "hall" in things:
        return HallId(things.pop("hall"))
    with house().database.look() as session:
        return next(owner(session, things[what]) for what, owner in _OWNERS.items() if what in things)


def _visitor(things: dict[str, str]) -> Actor | None:
    """The holder of a ticket or booking shows its secret id as the bearer token."""
    shown = request.authorization
    if shown is None or shown.type != "bearer" or shown.token not in things.values():
        return None
    return Actor(Role.VISITOR, shown.token)


def _body() -> dict[str, Any]:
    """The JSON object of the request; an empty body is an empty object. Raises Invalid."""
    raw = request.get_data()
    try:
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Invalid("", field="body", allowed="a JSON object")
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date too


def _said(view: Callable[..., Any]) -> str:
    if view.__doc__ is None:
        raise TypeError(f"{view.__name__} needs a docstring: it is the API page's text")
    return view.__doc__.strip()
