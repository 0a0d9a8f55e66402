"""Changes of one window tried out beside a plan: what each clerk in each mode there would bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from hall.core.names import ClerkId, ServiceId
from scheduler import draft, fallback
from scheduler.check.commitments import settle
from scheduler.check.floors import shortfalls
from scheduler.check.offers import Offers, Posting
from scheduler.check.rulebook import Rulebook
from scheduler.draft.balance import Balance
from scheduler.draft.decision import Decision
from scheduler.draft.outlook import after, outlook
from scheduler.draft.waits import Waits, waits
from scheduler.draft.worth import AHEAD_S, HORIZON_S, near, rate, rates_of
from scheduler.plan import Plan
from scheduler.snapshot import Clerk, Mode, Window

MOST_TRIED = 12  # changes that are weighed for one answer, each half a millisecond in a hall of 60 windows


@dataclass(frozen=True)
class Trial:
    """One clerk at the window in one mode, and what that would bring within the hour."""

    clerk: Clerk
    mode: Mode
    balance: Balance


class Weighing:
    """The plan beside the same plan with one clerk at the window in another mode."""

    def __init__(self, book: Rulebook, plan: Plan, window: Window) -> None:
        self.book, self.plan, self.window = book, plan, window
        now = (p for p in plan.posts if p.from_s <= book.now_s < p.to_s)
        self.posts: dict[ClerkId, Posting] = {p.clerk: (p.window, p.mode) for p in now if p.window}
        self.look, settled = outlook(book.snapshot), settle(book)
        self._offers = Offers(book, settled.kept)
        breaks = {(b.clerk, b.index): b.start_s for b in plan.breaks}
        self._hands = draft.hands(book, self.look, Decision(self.posts, breaks, settled))
        self._rates = rates_of(self.look, self._hands.staff, {c: mode for c, (_, mode) in self.posts.items()})
        self._row = {c.id: row for row, c in enumerate(self._hands.staff)}
        self._short = shortfalls(book, (mode for _, mode in self.posts.values()))

    @cached_property
    def before(self) -> Waits:
        """Within the hour, as planned."""
        return self._waits(HORIZON_S)

    def best(self, clerks: Iterable[Clerk]) -> Trial | None:
        """The one that saves most, those that miss no floor before others; None where no rule allows any."""
        tried = []
        for clerk, mode in islice(self._changes(clerks), MOST_TRIED):
            less_s = self.before.person_s - self.with_it(clerk, mode, HORIZON_S).person_s
            tried.append(Trial(clerk, mode, Balance(self.look, less_s.sum(axis=1))))
        return max(tried, key=lambda t: (self.short(t) is None, t.balance.net_s), default=None)

    def later_s(self, trial: Trial) -> float:
        """Seconds that all lines together wait less by the end of what the plan looks at."""
        before, then = self._waits(AHEAD_S), self.with_it(trial.clerk, trial.mode, AHEAD_S)
        return float((before.person_s - then.person_s).sum())

    def with_it(self, clerk: Clerk, mode: Mode, horizon_s: float) -> Waits:
        """Waits within the horizon with this clerk at the window in this mode."""
        return self._waits(horizon_s, (clerk, mode))

    def short(self, trial: Trial) -> ServiceId | None:
        """A floor that would be missed by more than the plan does, floors taken together."""
        then = shortfalls(self.book, self._modes_with(trial))
        if sum(then.values()) <= sum(self._short.values()):
            return None
        return next(s for s in then if then[s] > self._short.get(s, 0))

    def left(self, trial: Trial, line: ServiceId) -> int:
        """Windows that would still offer the line."""
        return sum(line in mode for mode in self._modes_with(trial))

    def _modes_with(self, trial: Trial) -> list[Mode]:
        return [trial.mode, *(mode for c, (_, mode) in self.posts.items() if c != trial.clerk.id)]

    def _waits(self, horizon_s: float, changed: tuple[Clerk, Mode] | None = None) -> Waits:
        look, rates, lost_s = near(self.look, horizon_s), self._rates.copy(), self._hands.lost_s.copy()
        if changed:
            clerk, mode = changed
            row = self._row[clerk.id]
            rates[row] = rate(look, clerk, mode)
            lost_s[row] = draft.lost_s(self.book, clerk.id, (self.window.id, mode))
        return waits(look, rates, after(self._hands.there[:, : look.blocks], lost_s, look))

    def _changes(self, clerks: Iterable[Clerk]) -> Iterator[tuple[Clerk, Mode]]:
        """Each clerk's likeliest mode first, then everybody's second; whoever sits nowhere is not missed."""
        each = [
            [(clerk, mode) for mode in self._modes(clerk)]
            for clerk in sorted(clerks, key=lambda c: c.id in self.posts)
        ]
        for turn in range(max(map(len, each), default=0)):
            yield from (changes[turn] for changes in each if turn < len(changes))

    def _modes(self, clerk: Clerk) -> list[Mode]:
        """For each service new here the widest mode that the rules allow, else it alone; most work first."""
        need = self.look.need(fallback.AHEAD_S)
        reach = self.window.can & clerk.pace.keys()
        if self.posts.get(clerk.id, (None, ()))[0] == self.window.id:
            reach -= set(self.window.mode)
        found: dict[Mode, None] = {}
        for service in sorted(reach, key=lambda s: (-need[s], s)):
            mode = self._offers.widest(clerk, self.window, {service})
            if mode or self._offers.may(clerk, self.window, (service,)):
                found[mode or (service,)] = None
        return list(found)
