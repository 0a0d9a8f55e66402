"""A ticket's states, its legal moves and its number. Nothing here knows lines, windows or storage."""

from __future__ import annotations

from enum import StrEnum

from hall.core.errors import AlreadyReturned, Invalid, WrongState


class TicketState(StrEnum):
    WAITING = "waiting"  # stands in a line
    CALLED = "called"  # a window called the number; the visitor is on the way
    SERVING = "serving"  # the visitor sits at the window
    PASSED = "passed"  # called, did not come; may return once
    HELD = "held"  # set aside by a clerk, for instance to fetch papers
    DONE = "done"  # served
    NO_SHOW = "no_show"  # passed over again after having returned
    CANCELLED = "cancelled"  # given up by the visitor or withdrawn by staff
    EXPIRED = "expired"  # closed at day roll-over; the reason is kept


FINAL = frozenset({TicketState.DONE, TicketState.NO_SHOW, TicketState.CANCELLED, TicketState.EXPIRED})
AT_WINDOW = frozenset({TicketState.CALLED, TicketState.SERVING})


class Move(StrEnum):
    CALL = "call"
    START = "start"
    FINISH = "finish"
    RECALL = "recall"
    PASS_OVER = "pass_over"
    REACTIVATE = "reactivate"
    HOLD = "hold"
    RETURN = "return"
    TRANSFER = "transfer"
    CANCEL = "cancel"
    EXPIRE = "expire"


_S = TicketState
_LEGAL: dict[Move, dict[TicketState, TicketState]] = {
    Move.CALL: {_S.WAITING: _S.CALLED},
    Move.START: {_S.CALLED: _S.SERVING},
    # A clerk who never presses "start" may finish a called ticket: the visit happened all the same.
    Move.FINISH: {_S.CALLED: _S.DONE, _S.SERVING: _S.DONE},
    Move.RECALL: {_S.CALLED: _S.CALLED},
    Move.PASS_OVER: {_S.CALLED: _S.PASSED},
    Move.REACTIVATE: {_S.PASSED: _S.WAITING},
    Move.HOLD: {_S.CALLED: _S.HELD, _S.SERVING: _S.HELD},
    Move.RETURN: {_S.HELD: _S.WAITING},
    Move.TRANSFER: {_S.CALLED: _S.WAITING, _S.SERVING: _S.WAITING},
    Move.CANCEL: dict.fromkeys((_S.WAITING, _S.CALLED, _S.PASSED, _S.HELD), _S.CANCELLED),
    Move.EXPIRE: dict.fromkeys((_S.WAITING, _S.CALLED, _S.SERVING, _S.PASSED, _S.HELD), _S.EXPIRED),
}


def after(state: TicketState, move: Move, number: str, returned: bool = False) -> TicketState:
    """The state after `move`. `returned`: the ticket has been reactivated before.

    Raises WrongState for an illegal move, AlreadyReturned for a second reactivation. A ticket that
    returned once and is passed over again is a no-show (DOMAIN.md behaviour 18: once).
    """
    if move is Move.REACTIVATE and state is TicketState.NO_SHOW:  # it came back once, or it would be passed
        raise AlreadyReturned(number=number)
    to = _LEGAL[move].get(state)
    if to is None:
        raise WrongState(number=number, state=state.value, move=move.value)
    if move is Move.PASS_OVER and returned:
        return TicketState.NO_SHOW
    return to


def legal_moves(state: TicketState) -> frozenset[Move]:
    """The moves open to a ticket in this state."""
    return frozenset(move for move, table in _LEGAL.items() if state in table)


def number(prefix: str, serial: int) -> str:
    """A001 … A999, then A1000: three digits at least, never reused in a business day.

    Raises Invalid for a serial below 1.
    """
    if serial < 1:
        raise Invalid("serial", field="serial", allowed="a whole number from 1")
    return f"{prefix}{serial:03d}"
