"""What a manager may ask about now: the clerks and windows that each question of the page can name.

The simulator knows whom the snapshot shows at work, now or later today; a question about anybody else would
be refused, and one that changes nothing is no question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hall.core.days import clock_text
from hall.store import snapshot
from hall.store.moment import Moment

QUARTER_S, MINUTE_S = 900, 60
OF_CLERKS = ("clerk_absent", "one_clerk_more", "one_clerk_fewer", "authorised", "breaks")
OF_WINDOWS = ("window_shut", "window_opened", "equipped")


def askable(at: Moment) -> dict[str, Any] | None:
    """Ids by question and field, and what depends on the id: services still to add, the break to come.

    None where nothing is left to simulate: on a day on which the hall stays shut, and after it has closed.
    """
    found = snapshot.build(at.session, at.hall, at.now, {}, 0)
    if found is None or at.now_s >= found["close_s"]:
        return None
    services = [service["id"] for service in found["services"]]
    begin_s = max(at.now_s, found["open_s"])
    clerks = [c for c in found["clerks"] if c["status"] != "off" or c["start_s"] > begin_s]
    windows = found["windows"]
    lacks = {c["id"]: _lacking(services, c["pace"]) for c in clerks}
    lacks_at = {w["id"]: _lacking(services, w["can"]) for w in windows if w["tidal"] and w["open"]}
    rests = {c["id"]: rest for c in clerks if (rest := _rest(c["breaks"], begin_s))}
    at_work = [c["id"] for c in clerks]
    return {
        "clerk": {
            **dict.fromkeys(OF_CLERKS, at_work),
            "authorised": [id_ for id_ in at_work if lacks[id_]],
            "breaks": [id_ for id_ in at_work if id_ in rests],
        },
        "window": {
            "window_shut": [w["id"] for w in windows if w["open"]],
            "window_opened": [w["id"] for w in windows if not w["open"]],
            "equipped": [id_ for id_, more in lacks_at.items() if more],
        },
        "service": {"authorised": lacks, "equipped": lacks_at},
        "breaks": rests,
        "from": _first(begin_s, found["close_s"]),
        "to": clock_text(found["close_s"]),
    }


def _lacking(services: Sequence[str], has: Mapping[str, Any] | Sequence[str]) -> list[str]:
    return [service for service in services if service not in has]


def _rest(breaks: Sequence[Mapping[str, Any]], begin_s: int) -> str | None:
    """When the next break that is not taken yet is planned; an overdue one begins now."""
    starts_s = [max(b["start_s"], begin_s) for b in breaks if not b["taken"]]
    return clock_text(-(-min(starts_s) // MINUTE_S) * MINUTE_S) if starts_s else None


def _first(begin_s: int, close_s: int) -> str:
    """The next quarter of an hour, or the next minute where the day ends before it."""
    return clock_text(
        next(at for step in (QUARTER_S, MINUTE_S, 1) if (at := -(-begin_s // step) * step) < close_s)
    )
