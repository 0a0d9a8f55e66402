"""Signing in and out, and the first page: the halls and what each offers to whoever asks."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from hall.core.errors import HallError, StalePage
from hall.core.people import Role
from hall.front import door
from hall.front.house import house
from hall.front.speech import text_of
from hall.store import read
from hall.store.accounts import Known

# Wrong ones of one address: a clerk who mistypes needs three, and a whole hall may share an address.
TRIES = parse("10/minute")
HOME = {
    Role.KIOSK: "/h/{}/kiosk", Role.DISPLAY: "/h/{}/board", Role.CLERK: "/h/{}/console",
    Role.MANAGER: "/h/{}/manage", Role.ADMIN: "/h/{}/manage",
}  # fmt: skip
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

blueprint = Blueprint("login", __name__)
_csrf = CSRFProtect()


def attach(app: Flask) -> None:
    """Open the doors: pages to sign in, the limit of tries, and the check that a page is our own."""
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=max(door.SESSION_S.values()),
        WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None,
    )  # fmt: skip
    app.extensions["tries"] = FixedWindowRateLimiter(MemoryStorage())
    _csrf.init_app(app)
    app.register_blueprint(blueprint)
    app.before_request(_check_own_page)
    app.context_processor(lambda: {"known": door.known()})


@blueprint.get("/")
def first() -> str:
    """The halls of this installation and their pages."""
    with house().database.look() as look:
        halls = [read.hall(look, hall_id) for hall_id in read.hall_ids(look)]
        windows = {hall.id: read.windows(look, hall.id) for hall in halls}
    return render_template("front/first.html", halls=halls, windows=windows)


@blueprint.get("/login")
def form() -> str:
    """The page to sign in."""
    return render_template("front/login.html", to=request.args.get("next", ""), wrong=None)


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Sign in and go where the visitor was headed, or to the role's own page."""
    address = request.remote_addr or ""
    if not _tries().test(TRIES, address):
        raise TooManyRequests(retry_after=TRIES.get_expiry())
    to = request.form.get("next", "")
    try:
        known = door.sign_in(request.form.get("login", "").strip(), request.form.get("password", ""))
    except HallError as wrong:
        _tries().hit(TRIES, address)
        return render_template("front/login.html", to=to, wrong=text_of(wrong)), 401
    return redirect(to if _is_ours(to) else home_of(known))


@blueprint.post("/logout")
def leave() -> Response:
    """Sign out."""
    door.sign_out()
    return redirect(url_for("login.form"))  # type: ignore[return-value]  # werkzeug's own Response


def _tries() -> FixedWindowRateLimiter:
    found: FixedWindowRateLimiter = current_app.extensions["tries"]
    return found


def home_of(known: Known) -> str:
    """The page a role works at."""
    return HOME[known.role].format(known.hall_id)


def _is_ours(address: str) -> bool:
    """Whether an address stays on this site; anything else would lend our name to another."""
    parts = urlsplit(address)
    return address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc


def _check_own_page() -> None:
    """A change asked with a cookie must come from a page of ours; a token is proof enough."""
    if request.method in SAFE or request.headers.get("Authorization", "").startswith(door.BEARER):
        return
    if door.ACCOUNT in session or request.endpoint in ("login.enter", "login.leave"):
        try:
            _csrf.protect()
        except CSRFError:
            raise StalePage() from None
