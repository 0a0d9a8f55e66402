"""Flips agreed on before the simulated day began: they happen at their time under every policy, as at the
desk (hall.desk.flips), where the hall's rules still allow them then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.replay.floor import Floor
    from scheduler.replay.staff import WindowState


def turn(floor: Floor, window: WindowState) -> None:
    """One has come: the policy places whom it names, then whoever has the window turns to it.

    With nobody there it waits for whoever comes; what a rule forbids is dropped.
    """
    if window.due(floor.now) is None:
        return
    floor.policy.due(floor)
    due = window.due(floor.now)
    clerk = next((c for c in floor.clerks if c.at_work and floor.wanted(c)[0] == window.index), None)
    if due is None or clerk is None:
        return
    is_done = floor.wanted(clerk)[1] == window.mode == due.mode
    if is_done or floor.refusal(clerk, window, due.mode):
        window.settle(floor.now)
    else:
        floor.post(clerk, window.index, due.mode)


def drop(floor: Floor, window: WindowState) -> None:
    """A plan has dropped what was agreed; not so where somebody is still busy whom it could not see."""
    if all(clerk.keeps(floor.now) != window.index for clerk in floor.clerks):
        window.agreed = []
