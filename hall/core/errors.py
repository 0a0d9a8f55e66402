"""Refusals by a rule of the hall. Each has a stable code and a text that says what to do now.

Texts are English message ids; the surfaces translate them. `N_` only marks them for the catalogue.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar


def N_(text: str) -> str:
    """Mark a text for the message catalogue."""
    return text


class Kind(Enum):
    """What a refusal means to a caller; the web layer turns it into a status."""

    REFUSED = "refused"  # the state or a rule of the hall forbids it now
    UNKNOWN = "unknown"  # no such thing in this hall
    FORBIDDEN = "forbidden"  # this actor may not
    NOBODY = "nobody"  # no credential, or one that does not hold
    INVALID = "invalid"  # the input itself is wrong; `path` names the field


class HallError(Exception):
    """A refusal. `details` fill the text's placeholders and hold ids and numbers only."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.REFUSED
    text: ClassVar[str] = N_("This is not possible now.")

    def __init__(self, path: str | None = None, **details: object) -> None:
        self.path = path
        self.details = details
        super().__init__(self.text.format(**details))


class Unknown(HallError):
    code = "unknown"
    kind = Kind.UNKNOWN
    text = N_("There is no {what} “{id}” in this hall. Check the id.")


class UnknownHall(Unknown):
    code = "unknown_hall"
    text = N_("There is no hall “{id}”. Check the address.")


class Forbidden(HallError):
    code = "forbidden"
    kind = Kind.FORBIDDEN
    text = N_("Your role may not do this. Ask the hall manager.")


class Unauthorized(HallError):
    code = "unauthorized"
    kind = Kind.NOBODY
    text = N_("Please sign in first.")


class WrongLogin(HallError):
    code = "wrong_login"
    kind = Kind.NOBODY
    text = N_("Name or password is wrong. Check both; the hall's administrator can set a new password.")


class StalePage(HallError):
    code = "stale_page"
    kind = Kind.FORBIDDEN
    text = N_("This page is too old to be trusted. Reload it and try again.")


class Invalid(HallError):
    code = "invalid"
    kind = Kind.INVALID
    text = N_("{field}: {allowed}")


class NotLater(Invalid):
    """An end at or before its beginning; times of day as people read them."""

    text = N_("{field}: a time of day later than {than}, 24:00 at the latest")


class RequestIdReused(HallError):
    code = "request_id_reused"
    text = N_("This request id was already used for something else. Send a new request id.")


class HallClosed(HallError):
    code = "hall_closed"
    text = N_("The hall gives no tickets now. Opening hours today: {hours}.")


class ServiceClosed(HallError):
    code = "service_closed"
    text = N_("This service gives no tickets now. Hours today: {hours}.")


class CapReached(HallError):
    code = "cap_reached"
    text = N_("Today's tickets for this service are all given out. Please book another day.")


class WrongState(HallError):
    code = "wrong_state"
    text = N_("Ticket {number} is {state}; “{move}” is not possible now.")


class AlreadyReturned(HallError):
    code = "already_returned"
    text = N_("Ticket {number} came back once already. Please take a new ticket.")


class StillServing(HallError):
    code = "still_serving"
    text = N_("Window {window} still has ticket {number}. Finish, hold, transfer or pass it over first.")


class WindowClosed(HallError):
    code = "window_closed"
    text = N_("Window {window} is {state}. Sign in or resume first.")


class WindowTaken(HallError):
    code = "window_taken"
    text = N_("Another clerk is signed in at window {window}.")


class SignedInElsewhere(HallError):
    code = "signed_in_elsewhere"
    text = N_("You are signed in at window {window}. Sign out there first.")


class NotAble(HallError):
    code = "not_able"
    text = N_("{who} cannot serve {service}: {why}.")


class NotYourWindow(HallError):
    code = "not_your_window"
    kind = Kind.FORBIDDEN
    text = N_("You are not signed in at window {window}.")


class SlotFull(HallError):
    code = "slot_full"
    text = N_("This slot is full. Please choose another one.")


class SlotClosed(HallError):
    code = "slot_closed"
    text = N_("This time cannot be booked. Choose one of the slots offered.")


class SlotShut(SlotClosed):
    code = "slot_shut"
    text = N_("The hall's calendar says it is closed at that time. Choose one of the slots offered.")


class BookingState(HallError):
    code = "booking_state"
    text = N_("Booking {code} is {state}; this is not possible any more.")


class BookingOtherDay(HallError):
    code = "booking_other_day"
    text = N_("Booking {code} is for {day}. Please come back on that day, or move the booking.")


class PlanState(HallError):
    code = "plan_state"
    text = N_("This plan is {state}; it can no longer be changed in this way.")


class FlipNotAllowed(HallError):
    code = "flip_not_allowed"
    text = N_("Window {window} may not change to this mode: {why}.")


class FlipsSpent(FlipNotAllowed):
    """A pin to another mode, of a window that may not flip any more today."""

    text = N_(
        "Window {window} has changed {flips} times today, and this hall allows no more. "
        "Pin it to its present mode or closed, or have the number raised in the settings (max_flips)."
    )


class AdviceOnly(HallError):
    code = "advice_only"
    text = N_("Plans are advice only in this hall. Change the plan mode to “approve” first.")


class PlanStale(HallError):
    code = "plan_stale"
    text = N_("The plan no longer fits window {window}: {why}. Wait for the next plan.")
