"""The day's forecast of a hall: fitted when its history or its day is new, updated by what has arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hall.core.calendar import NO_CALENDAR, Calendar, DayKind, Entry
from hall.core.days import wall_s
from hall.store import history, read
from hall.store.db import Session
from hall.store.tables import Hall
from scheduler import forecast
from scheduler.forecast.seed import china

Key = tuple[date, date | None, Calendar]
CHINA = {"Asia/Shanghai", "Asia/Urumqi", "PRC"}  # zones where 国务院办公厅's days off hold
LEARNED_FROM, LOOKED_AT = timedelta(days=800), timedelta(days=60)  # two years of history, bookable days ahead


@dataclass
class Demand:
    """Expected walk-ins per service and slot; the fit is kept until the day or the newest history changes."""

    _key: Key | None = None
    _model: forecast.Model | None = None
    _day: forecast.Forecast | None = None

    def of(self, session: Session, hall: Hall, now: datetime) -> Mapping[str, Sequence[float]]:
        """Expected walk-ins of the hall's present day, per slot from opening to closing."""
        hours = hall.settings.hours_on(hall.day)
        slot_s, open_s, close_s = hall.settings.plan.slot_s, hours[0][0], hours[-1][1]
        starts = range(open_s, close_s, slot_s)
        model = self._learned(session, hall)
        if self._day is None:
            self._day = model.day(hall.day, starts)
        now_s = wall_s(now, hall.zone, hall.day)
        walk_ins = history.walk_ins(session, hall, hall.day, open_s, slot_s)
        begun = min(len(starts), max(0, -(-(now_s - open_s) // slot_s)))
        services = [service.id for service in read.services(session, hall.id)]
        arrived = {s: [walk_ins[s, index] for index in range(begun)] for s in services}
        updated = self._day.update(arrived, now_s)
        return {s: updated.mean(s) for s in services}

    def on(self, session: Session, hall: Hall, day: date) -> Mapping[str, Sequence[float]]:
        """Expected walk-ins of a day that has not begun, in the same slots; nobody when it is shut."""
        hours = hall.settings.hours_on(day)
        if not hours:
            return {}
        starts = range(hours[0][0], hours[-1][1], hall.settings.plan.slot_s)
        expected = self._learned(session, hall).day(day, starts)
        return {s.id: expected.mean(s.id) for s in read.services(session, hall.id)}

    def _learned(self, session: Session, hall: Hall) -> forecast.Model:
        """The fit to the newest history; whatever was made from an older one is forgotten."""
        calendar = self.calendar(session, hall)
        key = (hall.day, history.newest_day(session, hall.id), calendar)
        if self._model is None or key != self._key:
            self._model = forecast.fit(history.counts(session, hall.id, hall.day), calendar)
            self._day, self._key = None, key
        return self._model

    def calendar(self, session: Session, hall: Hall) -> Calendar:
        """Published days off and make-up workdays, for halls in China, and over them the hall's own rows."""
        published = NO_CALENDAR
        if hall.zone in CHINA:
            published = china(hall.day - LEARNED_FROM, hall.day + LOOKED_AT)
        return published.over(
            Entry(row.day, DayKind(row.kind), factor=row.factor or 1.0)
            for row in history.calendar(session, hall.id)
        )
