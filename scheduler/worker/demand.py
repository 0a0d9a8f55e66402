"""The day's forecast of a hall: fitted when its history or its day is new, updated by what has arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hall.core.calendar import NO_CALENDAR, Calendar
from hall.core.days import wall_s
from hall.store import calendar as own_calendar
from hall.store import history, read, snapshot
from hall.store.db import Session
from hall.store.tables import Hall
from scheduler import forecast
from scheduler.published import published

Key = tuple[date, date | None, Calendar, Calendar]
LEARNED_FROM, LOOKED_AT = timedelta(days=history.LEARNED_DAYS), timedelta(days=60)


@dataclass
class Demand:
    """Expected walk-ins per service and slot; the fit is kept until the day or the newest history changes."""

    _key: Key | None = None
    _model: forecast.Model | None = None
    _day: forecast.Forecast | None = None
    _own: Calendar = NO_CALENDAR  # what the hall's managers say, without what is published

    def snapshot(
        self, session: Session, hall: Hall, now: datetime, deadline_ms: int
    ) -> dict[str, Any] | None:
        """The hall at `now` with who is still expected and how surely; None on a day it does not open."""
        if not hall.settings.hours_on(hall.day):
            return None
        now_s = wall_s(now, hall.zone, hall.day)
        services = [service.id for service in read.services(session, hall.id)]
        morning = self._morning(session, hall)
        today = morning.update(_arrived(session, hall, services, morning.starts_s, now_s), now_s)
        expected, foretold = ({s: day.mean(s) for s in services} for day in (today, morning))
        dispersion = {s: round(today.dispersion(s), 2) for s in services}
        return snapshot.build(session, hall, now, expected, deadline_ms, dispersion, foretold)

    def on(self, session: Session, hall: Hall, day: date) -> Mapping[str, Sequence[float]]:
        """Expected walk-ins of a day that has not begun, in the same slots; nobody when it is shut."""
        hours = hall.settings.hours_on(day)
        if not hours:
            return {}
        starts = range(hours[0][0], hours[-1][1], hall.settings.plan.slot_s)
        expected = self._open(self._learned(session, hall).day(day, starts), day)
        return {s.id: expected.mean(s.id) for s in read.services(session, hall.id)}

    def _morning(self, session: Session, hall: Hall) -> forecast.Forecast:
        """The present day as it was foretold before it began."""
        hours = hall.settings.hours_on(hall.day)
        starts = range(hours[0][0], hours[-1][1], hall.settings.plan.slot_s)
        model = self._learned(session, hall)
        if self._day is None:
            self._day = self._open(model.day(hall.day, starts), hall.day)
        return self._day

    def _learned(self, session: Session, hall: Hall) -> forecast.Model:
        """The fit to the newest history; whatever was made from an older one is forgotten."""
        calendar, own = known(session, hall, hall.day)
        key = (hall.day, history.newest_day(session, hall.id), calendar, own)
        if self._model is None or key != self._key:
            self._model = forecast.fit(history.counts(session, hall.id, hall.day), calendar)
            self._day, self._key, self._own = None, key, own
        return self._model

    def _open(self, day: forecast.Forecast, date_: date) -> forecast.Forecast:
        """Nobody where the hall's own calendar shuts the day, or its hours outside a half day.

        A published day off alone shuts nothing: whether the hall works on it is said by its own hours.
        """
        return day.only([self._own.is_open_at(date_, start) for start in day.starts_s])


def _arrived(
    session: Session, hall: Hall, services: Sequence[str], starts: Sequence[int], now_s: int
) -> dict[str, list[int]]:
    """Walk-ins per slot that has begun."""
    slot_s = hall.settings.plan.slot_s
    counts = history.walk_ins(session, hall, hall.day, starts[0], slot_s)
    begun = min(len(starts), max(0, -(-(now_s - starts[0]) // slot_s)))
    return {service: [counts[service, index] for index in range(begun)] for service in services}


def known(
    session: Session, hall: Hall, today: date, before: datetime | None = None
) -> tuple[Calendar, Calendar]:
    """Published days off and make-up workdays, for halls in China, under the hall's own word; and that alone.

    `before`: the hall's word as it stood at that instant.
    """
    ahead = max(LOOKED_AT, timedelta(days=hall.settings.booking.days_ahead + 1))
    span = (today - LEARNED_FROM, today + ahead)
    said = own_calendar.said(session, hall.id, *span, before)
    return published(hall.zone, *span).over(said), Calendar.of(said)
