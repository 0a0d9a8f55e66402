"""Who may watch a board, asked alike by the socket's join and by the API's GET."""

from __future__ import annotations

from hall.core.errors import Forbidden
from hall.core.names import HallId
from hall.front import door
from hall.front.house import house
from hall.push import rooms
from hall.store import read


def check_watch(hall_id: HallId, board: str) -> None:
    """Let public screens in where the hall allows them, and else whoever shows a credential of this hall.

    Refuses with UnknownHall, Forbidden or as the door does.
    """
    with house().database.look() as session:
        settings = read.hall(session, hall_id).settings
    try:
        rooms.check_join(None, settings, board)
    except Forbidden:
        rooms.check_join(door.actor(hall_id).role, settings, board)
