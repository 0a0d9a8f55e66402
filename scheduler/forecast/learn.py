"""Learning from finished days: what a model of a hall's walk-ins is made of, and the forecast of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from hall.core.calendar import NO_CALENDAR, Calendar
from scheduler.forecast.day import Forecast
from scheduler.forecast.hours import Hours, learn_hours
from scheduler.forecast.level import Level, learn_level
from scheduler.forecast.morning import Morning, learn_morning
from scheduler.forecast.noise import Noise, learn_noise
from scheduler.forecast.occasion import Occasions
from scheduler.forecast.shape import learn_shape
from scheduler.forecast.slots import parts_of
from scheduler.forecast.table import LEAST, Array, Count, Table
from scheduler.forecast.tails import learn_tails


@dataclass(frozen=True)
class Learned:
    """The parts of a model: hours, how many come on a day, when they come, how far counts fall from that."""

    hours: Hours
    level: Level
    shape: Array
    noise: Noise
    tails: Array
    morning: Morning


@dataclass(frozen=True)
class Model:
    """What finished days taught, nothing where there were none. Deterministic, picklable."""

    table: Table
    occasions: Occasions
    learned: Learned | None

    def day(self, day: date, starts_s: Sequence[int]) -> Forecast:
        """The forecast of one day for slots that start at `starts_s` (seconds since midnight)."""
        if self.learned is None:
            nobody = np.zeros((0, len(starts_s)))
            return Forecast(tuple(starts_s), (), nobody, np.zeros(0), nobody, nobody, None)
        weekday = self.table.weekday(day, self.occasions.calendar)
        times = np.array([self.occasions.calendar.factor(day, s) for s in self.table.services])
        factor = times * self.learned.level.on(self.table, self.occasions, day)
        usual = self.learned.shape[:, weekday] * self.learned.hours.open_share[:, weekday]
        parts = parts_of(self.table.slots, np.array(starts_s, dtype=np.int64))
        means = factor[:, None] * (usual @ parts)
        told = self.learned
        noise = told.noise.slots @ (parts / np.maximum(parts.sum(axis=0), LEAST))
        spread = told.noise.spread + told.level.doubt[:, weekday]
        return Forecast(tuple(starts_s), self.table.services, means, spread, noise, told.tails, told.morning)


def fit(history: Iterable[Count], calendar: Calendar = NO_CALENDAR) -> Model:
    """Learn from counts of finished days, zeros included; recent days weigh most."""
    table = Table.of(history, calendar)
    occasions = Occasions.of(table, calendar)
    if not len(table.days):
        return Model(table, occasions, None)
    hours = learn_hours(table)
    table = hours.marked(table)
    level = learn_level(table, occasions)
    shape = learn_shape(table, level)
    due = shape[:, table.weekdays] * table.is_open * level.one_ahead[:, :, None]
    noise = learn_noise(table, due, level.taken)
    tails, morning = learn_tails(table, due, noise), learn_morning(table, due, noise)
    return Model(table, occasions, Learned(hours, level, shape, noise, tails, morning))
