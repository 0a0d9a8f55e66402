"""How many come on a day: a level that drifts, times its weekday, its occasions and last year's season.

All factors are ratios of sums of counts, recent days first, each drawn towards what is common the more,
the less history it has. How fast the level drifts, and how far last year is believed, is what would have
forecast the past days best, one day ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scheduler.forecast.decay import YEAR, around, before, year_before
from scheduler.forecast.occasion import Occasions
from scheduler.forecast.table import LEAST, Array, Table, shares

WEEK = 7
ROUNDS = 4
EFFECT_HALF_LIFE = 150.0  # days: weekdays and occasions change slowly
SMOOTH_HALF_LIFE = 14.0  # days: the level around a past day, to see effects apart from it
HALF_LIVES = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0)  # days: candidates for how fast the level drifts
BELIEFS = (0.0, 0.4, 0.8)  # candidates for the power of last year's season
JUDGED_HALF_LIFE = 90.0  # days: how well a candidate did of late
WEEKDAY_TAU = 0.2  # standard deviation of weekday factors around the hall's, before any history
HALL_TAU = 0.2  # and of the hall's own around 1
OCCASION_TAU = 0.15
PRIOR_DAYS = 0.05  # as if the level had been 1 on so many days
OUTLIER = 3.0  # times what was due: more than that says nothing more about the level
VARIANCE = 0.05  # the same before any history ...
VARIANCE_DAYS = 10.0  # ... as if seen on so many days: a factor met once explains its own day too well
LEAST_VARIANCE = 0.003  # of a day's count relative to what was due


@dataclass(frozen=True)
class Level:
    """Days of all services. `base` is the usual day's count by slot (services × slots)."""

    base: Array
    weekday: Array  # services × WEEK
    occasion: Array  # services × occasions
    one_ahead: Array  # services × days: due per day's base, the level as seen the day before, effects by all
    smooth: Array  # services × days: the level without effects, seen from both sides
    weights: Array  # services × candidates
    beliefs: Array  # services × candidates
    kernels: Array  # candidates' half-lives
    totals: Array
    due: Array  # services × days: base × effects, the level left out
    doubt: Array  # services × WEEK: variance that history leaves open, beyond that of the days it is made of
    taken: Array  # services × days: how much of its own luck each day's weekday factor has taken in

    def on(self, table: Table, occasions: Occasions, day: date) -> Array:
        """(services,) what to multiply the base with."""
        effects = self.weekday[:, table.weekday(day, occasions.calendar)] * np.prod(
            np.where(occasions.on(day) > 0, self.occasion, 1.0), axis=1
        )
        found: Array = effects * self.drift(table, day.toordinal())
        return found

    def drift(self, table: Table, ordinal: int) -> Array:
        """The level on a day to come, as the candidates see it together."""
        season = year_before(self.smooth, table.days, np.array([ordinal]))[:, 0]
        past = year_before(self.smooth, table.days, table.days)
        gap = ordinal - int(table.days[-1])
        found = np.zeros(len(self.base))
        for index, (belief, half_life) in enumerate(zip(self.beliefs, self.kernels, strict=True)):
            weights = 0.5 ** ((ordinal - gap - table.days) / half_life)
            seen, due = self.totals @ weights, (self.due * past**belief) @ weights
            prior = PRIOR_DAYS * self.due.mean(axis=1)
            level = (seen + prior) / np.maximum(due + prior, LEAST)
            found += self.weights[:, index] * season**belief * level
        return found


def learn_level(table: Table, occasions: Occasions) -> Level:
    """See the module's head; the order is base, effects around the smooth level, then the drift."""
    counts, is_open = _tamed(table), table.is_open
    recent = 0.5 ** (table.ages() / EFFECT_HALF_LIFE)
    base = np.einsum("d,nds->ns", recent, counts) / np.maximum(np.einsum("d,nds->ns", recent, is_open), LEAST)
    totals, based = counts.sum(axis=2), np.einsum("ns,nds->nd", base, is_open)
    happened = occasions.past(table)
    weekday, occasion = np.ones((len(base), WEEK)), np.ones((len(base), happened.shape[1]))
    smooth = np.ones_like(totals)
    for _ in range(ROUNDS):
        effects = _effects(weekday, occasion, table.weekdays, happened)
        due = based * effects
        both = around(np.array([totals, due]), table.days, SMOOTH_HALF_LIFE)
        smooth = (both[0] + PRIOR_DAYS * based.mean(axis=1)[:, None]) / np.maximum(
            both[1] + PRIOR_DAYS * based.mean(axis=1)[:, None], LEAST
        )
        variance = _variance(totals, due * smooth, recent)
        weekday = _weekdays(
            totals, based * smooth, effects / weekday[:, table.weekdays], table, recent, variance
        )
        occasion = _occasions(totals, based * smooth, weekday, table, happened, recent, variance)
    due = based * _effects(weekday, occasion, table.weekdays, happened)
    weights, beliefs, kernels, one_ahead = _drifts(totals, due, smooth, table)
    seen_ahead = one_ahead * due / np.maximum(based, LEAST)
    belief = _Belief.of(due, table, recent, variance)
    return Level(
        base, weekday, occasion, seen_ahead, smooth, weights, beliefs, kernels, totals, due,
        belief.doubt(), belief.taken(table, recent),
    )  # fmt: skip


def _tamed(table: Table) -> Array:
    """The counts, whole days that were OUTLIER times the median of their weekday cut down to that."""
    totals = table.counts.sum(axis=2)
    shown = table.is_open.sum(axis=2) > 0
    median = np.array([np.median(t[s]) if s.any() else 0.0 for t, s in zip(totals, shown, strict=True)])
    most = np.maximum(OUTLIER * median[:, None], 20.0)
    found: Array = table.counts * np.minimum(1.0, most / np.maximum(totals, LEAST))[:, :, None]
    return found


def _effects(weekday: Array, occasion: Array, weekdays: NDArray[np.int64], happened: Array) -> Array:
    lifts = np.exp(np.log(np.maximum(occasion, LEAST)) @ happened.T)
    found: Array = weekday[:, weekdays] * lifts
    return found


def _variance(totals: Array, due: Array, recent: Array) -> Array:
    """(services,) mean squared relative miss of a day, noise and all."""
    known = due > 1.0
    miss = np.where(known, (totals / np.maximum(due, 1.0) - 1.0) ** 2, 0.0)
    weight = known * recent
    found: Array = ((np.minimum(miss, 4.0) * weight).sum(axis=1) + VARIANCE * VARIANCE_DAYS) / (
        weight.sum(axis=1) + VARIANCE_DAYS
    )
    return np.maximum(found, LEAST_VARIANCE)


def _shrunk(seen: Array, due: Array, days: Array, prior: Array, variance: Array, tau: float) -> Array:
    """A factor seen over so many days, drawn towards the prior."""
    trust = _trust(days, variance, tau)
    ratio = (seen + 0.5 * prior) / np.maximum(due + 0.5, LEAST)
    found: Array = prior * np.maximum(ratio / prior, 0.02) ** trust
    return found


def _trust(days: Array, variance: Array, tau: float) -> Array:
    """How far so many days are believed, 0 to 1, against a prior of this standard deviation."""
    found: Array = days / (days + variance / tau**2)
    return found


def _weekdays(
    totals: Array, due: Array, others: Array, table: Table, recent: Array, variance: Array
) -> Array:
    """Weekday factors: the hall's own around 1, then each service's around the hall's."""
    member = np.eye(WEEK)[table.weekdays] * recent[:, None]
    seen, expected = totals @ member, (due * others) @ member
    days = (due > 0).astype(np.float64) @ member
    hall_seen, hall_due = seen.sum(axis=0), expected.sum(axis=0)
    hall_days = member.sum(axis=0)
    weight = shares(due.sum(axis=1))
    hall = _shrunk(
        hall_seen, hall_due, hall_days, np.ones(WEEK), np.array(float(weight @ variance)), HALL_TAU
    )
    return _shrunk(seen, expected, days, np.broadcast_to(hall, seen.shape), variance[:, None], WEEKDAY_TAU)


@dataclass(frozen=True)
class _Belief:
    """How far the weekday factors are believed, 0 to 1."""

    own: Array  # services × WEEK
    hall: Array  # WEEK
    days: Array  # WEEK: past days, the older the less

    @classmethod
    def of(cls, due: Array, table: Table, recent: Array, variance: Array) -> _Belief:
        member = np.eye(WEEK)[table.weekdays] * recent[:, None]
        mean = np.array(float(shares(due.sum(axis=1)) @ variance))
        days = member.sum(axis=0)
        own = _trust((due > 0).astype(np.float64) @ member, variance[:, None], WEEKDAY_TAU)
        return cls(own, _trust(days, mean, HALL_TAU), days)

    def doubt(self) -> Array:
        """What is left of the priors' variance: a service's own, and the hall's where its own says little.

        Beyond what the past days had of it in the mean: their misses, of which the spread is learned, hold
        that already.
        """
        hall = (1.0 - self.hall) * HALL_TAU**2
        left = 1.0 - self.own
        doubt = left * WEEKDAY_TAU**2 + left**2 * hall
        found: Array = np.maximum(doubt - doubt @ self.days[:, None] / max(self.days.sum(), LEAST), 0.0)
        return found

    def taken(self, table: Table, recent: Array) -> Array:
        """(services, days): a weekday met once or twice is fitted to the luck of those very days."""
        believed = self.own + (1.0 - self.own) * self.hall
        found: Array = believed[:, table.weekdays] * recent / np.maximum(self.days[table.weekdays], LEAST)
        return found


def _occasions(
    totals: Array, due: Array, weekday: Array, table: Table, happened: Array, recent: Array, variance: Array
) -> Array:
    """Factors of the occasions, the hall's first."""
    member = happened * recent[:, None]
    expected = due * weekday[:, table.weekdays]
    seen, wanted, days = totals @ member, expected @ member, (due > 0).astype(np.float64) @ member
    ones = np.ones(happened.shape[1])
    weight = shares(due.sum(axis=1))
    mean = np.array(float(weight @ variance))
    hall = _shrunk(seen.sum(axis=0), wanted.sum(axis=0), member.sum(axis=0), ones, mean, OCCASION_TAU)
    return _shrunk(seen, wanted, days, np.broadcast_to(hall, seen.shape), variance[:, None], OCCASION_TAU / 2)


def _drifts(totals: Array, due: Array, smooth: Array, table: Table) -> tuple[Array, Array, Array, Array]:
    """Candidates weighed by how well they forecast the days behind them, and what they said together."""
    recent = 0.5 ** (table.ages() / JUDGED_HALF_LIFE)
    has_year = bool(len(table.days)) and int(table.days[-1] - table.days[0]) > YEAR + 60
    prior = PRIOR_DAYS * due.mean(axis=1)[:, None]
    said, beliefs, kernels = [], [], []
    for belief in BELIEFS if has_year else BELIEFS[:1]:
        season = year_before(smooth, table.days, table.days) ** belief
        for half_life in HALF_LIVES:
            both = before(np.array([totals, due * season]), table.days, half_life)
            said.append(season * (both[0] + prior) / np.maximum(both[1] + prior, LEAST))
            beliefs.append(belief)
            kernels.append(half_life)
    stack = np.array(said)  # candidates × services × days
    weights = _weighed(stack, totals, due, recent)
    together: Array = np.einsum("nc,cnd->nd", weights, stack)
    return weights, np.array(beliefs), np.array(kernels), together


def _weighed(stack: Array, totals: Array, due: Array, recent: Array) -> Array:
    """(services, candidates): likelihood-like weights of a normal miss, half from the service, half hall."""
    miss = (totals[None] - stack * due[None]) / np.maximum(due[None], 1.0)
    known = (due > 0) * recent[None]
    squares = (np.minimum(miss**2, 1.0) * known[None]).sum(axis=2).T  # services × candidates
    days = known.sum(axis=1, keepdims=True)
    scale = np.maximum(squares.min(axis=1, keepdims=True) / np.maximum(days, LEAST), LEAST_VARIANCE)
    own = squares / scale / 2
    joint = own - own.min(axis=1, keepdims=True)
    shared = joint.mean(axis=0, keepdims=True)
    found = np.exp(-np.minimum((joint + shared) / 2, 50.0))
    weights: Array = found / found.sum(axis=1, keepdims=True)
    return weights
