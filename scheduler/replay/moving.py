"""How a clerk changes post: leaving, walking, setting up, waiting for a colleague to leave, and their costs.

contracts/README.md §1, Meanings: a flip costs `setup_s`, a walk `move_s`, both together the larger; the first
mode of a window after opening costs `setup_s` and is no flip; narrowing is free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.replay.agenda import NEVER, Due
from scheduler.replay.layout import Mode
from scheduler.replay.staff import NOTHING, ClerkState, Status, WindowState

if TYPE_CHECKING:
    from scheduler.replay.floor import Floor


def is_flip(now: Mode, to: Mode) -> bool:
    """hall.core.window.is_flip on sets; asked too often to convert."""
    return bool(now) and not to <= now


def has_to_stay(floor: Floor, clerk: ClerkState) -> bool:
    """Whether the next window is still taken while nobody waits for the present one: serve on here."""
    assert clerk.target is not None
    if clerk.window is None or clerk.target[0] is None:
        return False
    holder = floor.windows[clerk.target[0]].clerk
    if holder is None or holder == clerk.index:
        return False
    return all(c.target is None or c.target[0] != clerk.window for c in floor.clerks)


def take_up(floor: Floor, clerk: ClerkState) -> None:
    """Begin with the new post: at once, after a walk or set-up, or when its window is free."""
    assert clerk.target is not None
    place, mode = clerk.target
    walk_s = _walk_s(floor, clerk, place)
    if clerk.window != place:
        vacate(floor, clerk)
        clerk.window = None
    if place is None:
        clerk.mode, clerk.target = NOTHING, None
        floor.call(clerk)
        return
    window = floor.windows[place]
    if window.clerk is not None and window.clerk != clerk.index:
        clerk.status, clerk.since, clerk.until = Status.SETUP, floor.now, NEVER
        return  # `vacate` of whoever sits there sends the clerk on
    floor.unseat(clerk)
    cost_s = max(walk_s, _set_up(floor, window, mode))
    window.clerk, window.mode = clerk.index, mode
    if (due := window.due(floor.now)) and due.mode == mode:
        window.settle(floor.now)
    clerk.window, clerk.mode, clerk.target = place, mode, None
    clerk.until = floor.now + cost_s
    if cost_s > 0:
        clerk.status, clerk.since = Status.SETUP, floor.now
        floor.agenda.add(clerk.until, Due.READY, clerk.index)
    else:
        floor.seat(clerk)
        floor.call(clerk)


def vacate(floor: Floor, clerk: ClerkState) -> None:
    """Leave the window to whoever waits for it. The clerk remembers it as the place to come back to."""
    floor.unseat(clerk)
    if clerk.window is None or floor.windows[clerk.window].clerk != clerk.index:
        return
    floor.windows[clerk.window].clerk = None
    for other in floor.clerks:
        if other is not clerk and other.target is not None and other.target[0] == clerk.window:
            set_off(floor, other)


def set_off(floor: Floor, clerk: ClerkState) -> None:
    """Take up a new post at once where nothing is in hand."""
    if clerk.target is None:
        return
    if clerk.status is Status.IDLE:
        floor.free(clerk)
    elif clerk.status is Status.SETUP and clerk.until == NEVER:
        take_up(floor, clerk)


def _walk_s(floor: Floor, clerk: ClerkState, place: int | None) -> float:
    """Seconds of walk still ahead. Whoever waits for a colleague to leave has walked meanwhile."""
    if clerk.status is Status.SETUP and clerk.until == NEVER:
        return max(0.0, clerk.since + floor.rules.move_s - floor.now)
    if clerk.window in (None, place) or place is None:
        return 0.0
    floor.record.walks += 1
    return floor.rules.move_s


def _set_up(floor: Floor, window: WindowState, mode: Mode) -> float:
    """Seconds of set-up that a mode costs at a window, and the mark it leaves there."""
    flips = is_flip(window.mode, mode)
    if flips:
        window.flips += 1
        floor.record.flips += 1
    first = not window.mode and bool(mode)
    if flips or first:
        window.mode_since = floor.now
    is_late = floor.now > floor.layout.scenario.open_s
    return floor.rules.setup_s if flips or (first and is_late) else 0.0
