"""A ticket's states: the whole table of moves, each refusal with its code, and its number."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.core.errors import HallError, Invalid
from hall.core.ticket import FINAL, Move, TicketState, after, legal_moves, number

LEGAL = {
    "call": {"waiting": "called"},
    "start": {"called": "serving"},
    "finish": {"called": "done", "serving": "done"},
    "recall": {"called": "called"},
    "pass_over": {"called": "passed"},
    "reactivate": {"passed": "waiting"},
    "hold": {"called": "held", "serving": "held"},
    "return": {"held": "waiting"},
    "transfer": {"called": "waiting", "serving": "waiting"},
    "cancel": dict.fromkeys(("waiting", "called", "passed", "held"), "cancelled"),
    "expire": dict.fromkeys(("waiting", "called", "serving", "passed", "held"), "expired"),
}


@pytest.mark.parametrize(("state", "move"), list(product(TicketState, Move)))
def test_each_move_from_each_state(state: TicketState, move: Move) -> None:
    to = LEGAL[move.value].get(state.value)
    assert (move in legal_moves(state)) == (to is not None)
    if to:
        assert after(state, move, "A001").value == to
        return
    with pytest.raises(HallError, match="A001") as refused:
        after(state, move, "A001")
    came_back = (state, move) == (TicketState.NO_SHOW, Move.REACTIVATE)
    assert refused.value.code == ("already_returned" if came_back else "wrong_state")


def test_whoever_came_back_once_and_does_not_come_again_is_a_no_show() -> None:
    assert after(TicketState.CALLED, Move.PASS_OVER, "A001", returned=True) is TicketState.NO_SHOW


def test_nothing_leads_out_of_a_final_state() -> None:
    assert not any(legal_moves(state) for state in FINAL)


@pytest.mark.parametrize(
    ("serial", "told"), [(1, "A001"), (42, "A042"), (999, "A999"), (1000, "A1000"), (12345, "A12345")]
)
def test_numbers_have_three_digits_and_more_when_they_need_them(serial: int, told: str) -> None:
    assert number("A", serial) == told


def test_there_is_no_number_before_the_first() -> None:
    with pytest.raises(Invalid):
        number("A", 0)


@given(st.sets(st.integers(1, 100_000)))
def test_no_two_serials_share_a_number(serials: set[int]) -> None:
    assert len({number("A", serial) for serial in serials}) == len(serials)
