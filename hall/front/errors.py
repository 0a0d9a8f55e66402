"""How refusals are told: one shape for programs, a plain page for people, never a stack trace."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    TooManyRequests,
)

from hall.core.errors import N_, HallError, Kind, Unauthorized
from hall.front.speech import API, text_of

STATUS = {Kind.NOBODY: 401, Kind.FORBIDDEN: 403, Kind.UNKNOWN: 404, Kind.REFUSED: 409, Kind.INVALID: 422}
BODY_LIMIT = 64 * 1024  # bytes; the longest honest request is a hundredth of it

_CODES: dict[type[HTTPException], tuple[str, str]] = {
    NotFound: ("not_found", N_("There is no such page. Check the address, or start from the first page.")),
    MethodNotAllowed: ("method_not_allowed", N_("This address cannot be used in this way.")),
    RequestEntityTooLarge: ("too_large", N_("The request is too large. The limit is 64 kB.")),
    TooManyRequests: ("too_many_requests", N_("Too many tries. Wait a minute, then try again.")),
}  # fmt: skip
_BAD_REQUEST = ("bad_request", N_("The request cannot be read."))
_INTERNAL = N_("Something went wrong on our side and has been noted. Try again; if it stays, ask the staff.")

log = logging.getLogger(__name__)


def attach(app: Flask) -> None:
    """Answer every error of the app in one of the two forms."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.register_error_handler(HallError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def told(error: HallError) -> dict[str, Any]:
    """`{error: {code, message, path?}}` of contracts/README.md §4."""
    return shape(error.code, text_of(error), error.path)


def shape(code: str, message: str, path: str | None = None) -> dict[str, Any]:
    found = {"code": code, "message": message}
    return {"error": found if path is None else {**found, "path": path}}


def _refused(error: HallError) -> ResponseReturnValue:
    status = STATUS[error.kind]
    if _wants_page():
        if isinstance(error, Unauthorized):
            return redirect(url_for("login.form", next=request.full_path.removesuffix("?")))
        return render_template("front/error.html", status=status, message=text_of(error)), status
    return jsonify(told(error)), status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    code, text = _CODES.get(type(error), _BAD_REQUEST)
    return _answer(code, gettext(text), error.code or 500)


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("unhandled: %s %s", request.method, request.path, exc_info=error)
    return _answer("internal", gettext(_INTERNAL), 500)


def _answer(code: str, message: str, status: int) -> ResponseReturnValue:
    if _wants_page():
        return render_template("front/error.html", status=status, message=message), status
    return jsonify(shape(code, message)), status


def _wants_page() -> bool:
    return not request.path.startswith(API) and "text/html" in request.accept_mimetypes.values()
