"""In which language we speak, and the names of things in it. Texts are English; the catalogue is Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, get_translations, gettext

from hall.core.errors import HallError

LANGUAGES = ("zh", "en")
COOKIE = "lang"
COOKIE_S = 400 * 86_400
CATALOGUES = Path(__file__).parent / "translations"
API = "/api/"


def attach(app: Flask) -> None:
    """Give the app its catalogues, and templates `lang`, `name`, `_` and `ngettext`."""
    app.jinja_options = {**app.jinja_options, "extensions": ["jinja2.ext.i18n"]}
    Babel(app, locale_selector=language, default_translation_directories=str(CATALOGUES))
    # A dashboard says three hundred things; looking for the request's catalogue each time took a third of it.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # put there by the extension
        lambda text: _catalogue().gettext(text), lambda *asked: _catalogue().ngettext(*asked), newstyle=True
    )
    app.jinja_env.globals["name"] = name
    app.context_processor(lambda: {"lang": language()})
    app.after_request(_remember)


def language() -> str:
    """`zh` or `en`: what the address asks for, then this browser's choice, then Chinese.

    The API goes by Accept-Language (contracts/README.md §4); a browser's own setting says little about
    who stands at a kiosk, so pages do not.
    """
    if not has_request_context():
        return LANGUAGES[0]
    for asked in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    if request.path.startswith(API):
        return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
    return LANGUAGES[0]


def name(row: Any) -> str:
    """The name of a hall, family or service (a row, or a mapping with name_zh and name_en)."""
    key = f"name_{language()}"
    found: str = row[key] if isinstance(row, Mapping) else getattr(row, key)
    return found


def text_of(error: HallError) -> str:
    """What a refusal says, in the language of whoever asked."""
    details = {key: gettext(value) if isinstance(value, str) and value else value
               for key, value in error.details.items()}  # fmt: skip
    return gettext(error.text).format(**details)


def _catalogue() -> NullTranslations:
    """The catalogue of this request's language."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def _remember(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in LANGUAGES and asked != request.cookies.get(COOKIE):
        response.set_cookie(COOKIE, asked, max_age=COOKIE_S, httponly=True, samesite="Lax")
    return response
