"""Tickets over HTTP: taken, looked at, moved."""

from __future__ import annotations

from functools import partial

from hall.core.errors import Invalid
from hall.desk import calls, told, visits
from hall.store import menu, read
from hall.store.moment import Moment
from hall.web.api.fields import choice, id_, text
from hall.web.api.operations import EVERYBODY, ISSUERS, STAFF, VISITORS, Verb, change, look

CLASS = choice("class", "normal", "priority").optional("normal")
CHANNEL = text("channel").optional("kiosk")
PLACE = choice("place", "keep", "tail").optional("keep")
TO_SERVICE, TO_WINDOW = id_("to_service").optional(), id_("to_window").optional()


@look("/halls/{hall}/services", roles=EVERYBODY, answer="Services")
def services(moment: Moment) -> dict[str, object]:
    """What visitors can ask for now, with people waiting and the expected range."""
    return {"services": menu.services(moment)}


@change(
    "/halls/{hall}/tickets", roles=ISSUERS, body=(id_("service"), CLASS, CHANNEL), answer="Issued", status=201
)
def issue_ticket(service: str, channel: str, **rest: str) -> Verb:
    """Give a walk-in the next number of a service."""
    priority = rest["class"] == "priority"
    return lambda c: told.issued(visits.issue(c, service, priority=priority, channel=channel))


@look("/tickets/{ticket}", roles=VISITORS, answer="Turn")
def ticket(moment: Moment, ticket: str) -> dict[str, object]:
    """A ticket's state, people ahead and expected range. Its holder shows its id as the bearer token."""
    return {"ticket": menu.turn(moment, read.ticket(moment.session, moment.hall.id, ticket))}


@change("/tickets/{ticket}/start", roles=STAFF, answer="Ticket")
def start_ticket(ticket: str) -> Verb:
    """The visitor sat down."""
    return lambda c: told.ticket(calls.start(c, ticket))


@change("/tickets/{ticket}/finish", roles=STAFF, answer="Ticket")
def finish_ticket(ticket: str) -> Verb:
    """The case is done."""
    return lambda c: told.ticket(calls.finish(c, ticket))


@change("/tickets/{ticket}/recall", roles=STAFF, answer="Ticket")
def recall_ticket(ticket: str) -> Verb:
    """Announce the called ticket once more."""
    return lambda c: told.ticket(calls.recall(c, ticket))


@change("/tickets/{ticket}/pass-over", roles=STAFF, answer="Ticket")
def pass_over_ticket(ticket: str) -> Verb:
    """The called visitor did not come."""
    return lambda c: told.ticket(calls.pass_over(c, ticket))


@change("/tickets/{ticket}/reactivate", roles=VISITORS, answer="Ticket")
def reactivate_ticket(ticket: str) -> Verb:
    """A passed ticket comes back, once, a few people behind the front."""
    return lambda c: told.ticket(visits.reactivate(c, ticket))


@change("/tickets/{ticket}/hold", roles=STAFF, body=(text("reason"),), answer="Ticket")
def hold_ticket(ticket: str, reason: str) -> Verb:
    """Set the ticket aside, for instance while papers are fetched."""
    return lambda c: told.ticket(calls.hold(c, ticket, reason))


@change("/tickets/{ticket}/return", roles=STAFF, answer="Ticket")
def return_ticket(ticket: str) -> Verb:
    """The visitor of a held ticket is back, with the old place."""
    return lambda c: told.ticket(calls.return_(c, ticket))


@change("/tickets/{ticket}/transfer", roles=STAFF, body=(TO_SERVICE, TO_WINDOW, PLACE), answer="Ticket")
def transfer_ticket(ticket: str, to_service: str | None, to_window: str | None, place: str) -> Verb:
    """Send the visitor on to another line or to one window, with the same number."""
    if to_service is None and to_window is None:
        raise Invalid("/to_service", field="to_service", allowed="to_service or to_window")
    move = partial(calls.transfer, to_service=to_service, to_window=to_window, keep=place == "keep")
    return lambda c: told.ticket(move(c, ticket))


@change("/tickets/{ticket}/cancel", roles=VISITORS, answer="Ticket")
def cancel_ticket(ticket: str) -> Verb:
    """The visitor gives the ticket up, or staff withdraws it."""
    return lambda c: told.ticket(visits.cancel(c, ticket))
