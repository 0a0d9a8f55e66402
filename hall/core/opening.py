"""Whether tickets are given at a time of day: the hall's own hours, then the service's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hall.core.days import Interval, hours_text, is_within
from hall.core.errors import HallClosed, HallError, ServiceClosed
from hall.core.hall import Settings


def refusal(
    settings: Settings, day: date, wall_s: int, own_hours: Iterable[Iterable[int]] | None
) -> HallError | None:
    """Why no ticket of a service is given at this second of the day; None when it is given.

    `own_hours` None: the service has no hours of its own. Tickets stop LineRules.ticket_stop_s early.
    """
    stop_s = settings.line.ticket_stop_s
    hours = settings.hours_on(day)
    if not is_within(_shortened(hours, stop_s), wall_s):
        return HallClosed(hours=hours_text(hours) or "—")
    if own_hours is None:
        return None
    own = [(start, end) for start, end in own_hours]
    if not is_within(_shortened(own, stop_s), wall_s):
        return ServiceClosed(hours=hours_text(own) or "—")
    return None


def _shortened(hours: Iterable[Interval], stop_s: int) -> list[Interval]:
    return [(start, end - stop_s) for start, end in hours]
