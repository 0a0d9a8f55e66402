"""What base templates draw with: icons, the hall's clock, addresses of static files that change with them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask
from markupsafe import Markup

from hall.core.hall import Pace
from hall.front.house import house

STATIC = Path(__file__).parent / "static"
ICONS = STATIC / "vendor" / "icons"
STATIC_S = 3600  # browsers keep scripts and icons this long, in seconds

blueprint = Blueprint(
    "front", __name__, template_folder="templates", static_folder="static", static_url_path="/static/front"
)


def attach(app: Flask) -> None:
    """Give templates `icon` and `clock_of`."""
    app.register_blueprint(blueprint)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_S
    app.jinja_env.globals.update(icon=icon, clock_of=clock_of)


@cache
def icon(name: str) -> Markup:
    """One Lucide icon as inline SVG, hidden from screen readers: the word beside it says the same."""
    drawn = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawn, flags=re.DOTALL)
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{inside}</svg>'
    )


def clock_of(pace: Pace) -> str:
    """A hall's clock for scripts, as JSON: its time at the moment the page was made, and its speed."""
    return json.dumps({"hall_at": _now(pace).isoformat(), "speed": pace.speed})


def _now(pace: Pace) -> datetime:
    return pace.at(house().clock.real())
