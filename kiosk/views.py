"""The kiosk's page, and the one look-up that only a kiosk needs: a ticket by the number on its slip."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from hall.core.errors import Unknown
from hall.core.people import Role
from hall.front.door import needs
from hall.front.house import house
from hall.store import menu, read
from hall.store.moment import Moment

blueprint = Blueprint(
    "kiosk", __name__, template_folder="templates", static_folder="static", static_url_path="/static/kiosk"
)
HOSTS = (Role.KIOSK, Role.CLERK, Role.MANAGER, Role.ADMIN)  # whoever may hand out tickets


@blueprint.get("/h/<hall>/kiosk")
@needs(*HOSTS)
def page(hall: str) -> str:
    """All steps of the kiosk; its script shows one at a time."""
    with house().database.look() as session:
        row = read.hall(session, hall)
        families = read.families(session, hall)
        moment = Moment(session, row, row.pace.at(house().clock.real()))
        services = menu.services(moment)
    return render_template(
        "kiosk/kiosk.html",
        hall=row,
        families=families,
        services=services,
        days=row.settings.booking.days_ahead,
    )


@blueprint.get("/h/<hall>/kiosk/ticket")
@needs(*HOSTS)
def ticket(hall: str) -> Response:
    """The ticket of today with this number: its state, people ahead and expected range."""
    number = request.args.get("number", "").strip().upper()
    with house().database.look() as session:
        row = read.hall(session, hall)
        moment = Moment(session, row, row.pace.at(house().clock.real()))
        found = read.ticket_with_number(session, hall, moment.day, number)
        if found is None:
            raise Unknown("/number", what="ticket", id=number)
        told: dict[str, Any] = menu.turn(moment, found)
        if found.at_window is not None:
            told["label"] = read.window(session, hall, found.at_window).label
    return jsonify(ticket=told)
