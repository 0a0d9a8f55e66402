"""Windows over HTTP: clerks come, pause, call and leave; standby; absence."""

from __future__ import annotations

from hall.desk import calls, posts, standby, told
from hall.desk.opening import Told
from hall.store.journal import Change
from hall.web.api.fields import choice, flag
from hall.web.api.operations import MANAGERS, STAFF, Verb, change

REASON = choice("reason", *posts.PAUSE_REASONS)


@change("/halls/{hall}/windows/{window}/sign-in", roles=STAFF, answer="Window")
def sign_in(window: str) -> Verb:
    """The clerk of this credential sits down and opens the window."""
    return lambda c: told.window(posts.sign_in(c, window))


@change("/halls/{hall}/windows/{window}/pause", roles=STAFF, body=(REASON,), answer="Window")
def pause(window: str, reason: str) -> Verb:
    """Stop calling for a while."""
    return lambda c: told.window(posts.pause(c, window, reason))


@change("/halls/{hall}/windows/{window}/resume", roles=STAFF, answer="Window")
def resume(window: str) -> Verb:
    """Back from a pause, or ready after a flip's set-up."""
    return lambda c: told.window(posts.resume(c, window))


@change("/halls/{hall}/windows/{window}/sign-out", roles=STAFF, answer="Window")
def sign_out(window: str) -> Verb:
    """Leave the window, which keeps its mode."""
    return lambda c: told.window(posts.sign_out(c, window))


@change(
    "/halls/{hall}/windows/{window}/call-next",
    roles=STAFF,
    body=(flag("finish").optional(False),),
    answer="Called",
    may_be_nothing=True,
)
def call_next(window: str, finish: bool) -> Verb:
    """Call the ticket that is due now; `finish` closes the case in hand first. 204: nobody waits."""
    return lambda c: told.called(calls.call_next(c, window, finish=finish))


@change("/halls/{hall}/windows/{window}/standby", roles=STAFF, answer="Window")
def take_standby(window: str) -> Verb:
    """Take on the line that the plan offers while nobody waits in the window's own ones."""

    def take(c: Change) -> Told:
        row = calls.mine(c, window)
        standby.take(c, row)
        return told.window(row)

    return take


@change(
    "/halls/{hall}/clerks/{clerk}/absent",
    roles=MANAGERS,
    body=(flag("absent").optional(True),),
    answer="Absence",
)
def mark_absent(clerk: str, absent: bool) -> Verb:
    """Say that a clerk is not here today, or is after all."""

    def mark(c: Change) -> Told:
        row = posts.mark_absent(c, clerk, absent)
        return {"clerk": {"id": clerk, "absent": row.absent, "day": row.day.isoformat()}}

    return mark
