"""Who is asking: a bearer token of a device or program, or the session of somebody who signed in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request, session

from hall.core.errors import Forbidden, Unauthorized, WrongLogin
from hall.core.names import ClerkId
from hall.core.people import Actor, Role
from hall.front.house import house
from hall.store import accounts, read
from hall.store.accounts import Known

BEARER = "Bearer "
ACCOUNT = "account"  # the session's only word about a person: an account's id
SEAL = "seal"
UNTIL = "until"  # real time, seconds since the epoch

# A screen or kiosk is signed in once when it is put up; a person's session ends with the working day.
SESSION_S = {Role.KIOSK: 400 * 86_400, Role.DISPLAY: 400 * 86_400}
PERSON_S = 12 * 3600
TRUSTED_S = 5.0  # a token is asked of the database this seldom: a busy device shows it at every press

View = TypeVar("View", bound=Callable[..., Any])


def check_token(token: str) -> Known:
    """Whose token this is. One taken away is still good for TRUSTED_S. Raises Unauthorized."""
    trusted: dict[str, tuple[Known, float]] = current_app.extensions.setdefault("trusted", {})
    now = house().clock.monotonic()
    found, until = trusted.get(token, (None, 0.0))
    if found is None or until < now:
        found = _by_token(token)
        trusted[token] = (found, now + TRUSTED_S)
    return found


def _by_token(token: str) -> Known:
    with house().database.look() as look:
        known = accounts.by_token(look, token)
    if known is None:
        current_app.extensions["trusted"].pop(token, None)
        raise Unauthorized()
    return known


def known() -> Known | None:
    """Who signed in on this browser; None for nobody, or when the session or the account has ended.

    A new password ends the sessions of the old one.
    """
    if "known" not in g:
        g.known = _known()
    found: Known | None = g.known
    return found


def actor(hall_id: str) -> Actor:
    """Who asks something of this hall. Raises Unauthorized, UnknownHall, or Forbidden for another hall's."""
    header = request.headers.get("Authorization", "")
    found = check_token(header.removeprefix(BEARER)) if header.startswith(BEARER) else known()
    if found is None:
        raise Unauthorized()
    if found.hall_id != hall_id:
        with house().database.look() as look:
            read.hall(look, hall_id)
        raise Forbidden()
    return Actor(found.role, found.id, ClerkId(found.clerk_id) if found.clerk_id else None)


def needs(*roles: Role) -> Callable[[View], View]:
    """Open a view with `<hall>` in its address to these roles only."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(hall: str, **more: Any) -> Any:
            if actor(hall).role not in roles:
                raise Forbidden()
            return view(hall=hall, **more)

        guarded.roles = roles  # type: ignore[attr-defined]  # read by the test of the role matrix
        return guarded  # type: ignore[return-value]  # the same view, behind a door

    return guard


def sign_in(login: str, password: str) -> Known:
    """Begin a session. Raises WrongLogin, in the same words and time whatever was wrong."""
    here = house()
    with here.database.look() as look:
        found, password_hash = accounts.by_login(look, login)
    if not here.aside(accounts.is_password, password_hash, password) or found is None:
        raise WrongLogin()
    session.clear()
    session.permanent = True
    session[ACCOUNT], session[SEAL] = found.id, found.seal
    session[UNTIL] = here.clock.real().timestamp() + SESSION_S.get(found.role, PERSON_S)
    return found


def sign_out() -> None:
    """End the session of this browser."""
    session.clear()
    g.pop("known", None)


def _known() -> Known | None:
    if ACCOUNT not in session or session.get(UNTIL, 0) < house().clock.real().timestamp():
        return None
    with house().database.look() as look:
        found = accounts.by_id(look, session[ACCOUNT])
    return found if found and found.seal == session.get(SEAL) else None
