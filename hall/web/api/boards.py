"""Boards over HTTP: the same that the socket tells, for screens that ask and for whoever checks."""

from __future__ import annotations

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue

from hall.core.errors import Unknown
from hall.core.names import HallId
from hall.push import rooms
from hall.push.shelf import Shelf
from hall.web.api.operations import EVERYBODY, Operation, add
from hall.web.watchers import check_watch


def board(hall: str, board: str) -> ResponseReturnValue:
    if board == rooms.STAFF:
        raise Unknown(what="board", id=board)
    check_watch(HallId(hall), board)
    shelf: Shelf = current_app.extensions["boards"]
    return jsonify(shelf.get(hall, board))


_PATH = "/halls/{hall}/boards/{board}"
_SAID = "What one screen shows: `hall` or `window:ID`. Open to all where the hall allows public screens."
add(Operation("GET", _PATH, "board", _SAID, EVERYBODY, (), (), {200: "Board"}), board)
