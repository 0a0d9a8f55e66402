"""Quieter times over HTTP: for kiosks, phones and whoever else shows them."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from hall.core.events import HALL_BOARD
from hall.core.names import HallId
from hall.front.house import house
from hall.store import quieter, read
from hall.store.moment import Moment
from hall.web.api.fields import id_, read_all
from hall.web.api.operations import EVERYBODY, Operation, add
from hall.web.watchers import check_watch

_QUERY = (id_("service").optional(),)


def quieter_times(hall: str) -> ResponseReturnValue:
    check_watch(HallId(hall), HALL_BOARD)
    service = read_all(_QUERY, request.args)["service"]
    with house().database.look() as session:
        row = read.hall(session, hall)
        return jsonify(quieter.told(Moment(session, row, row.pace.at(house().clock.real())), service))


_SAID = (
    "Waits to be expected of every service or one: later today by half hour, on days `ahead` by slot (of one "
    "service all that can be booked, else the first), and the time worth coming for; `hall` is those asked "
    "for together. `as_of` null: today is not known yet; `shut`: the hall's calendar shuts the rest of it. "
    "Open to all where the hall allows public screens."
)
add(
    Operation(
        "GET", "/halls/{hall}/quieter", "quieter_times", _SAID, EVERYBODY, _QUERY, (), {200: "Quieter"}
    ),
    quieter_times,
)
