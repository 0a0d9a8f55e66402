"""What a plan's changes are worth, worked out apart from the planner's own sentences: of it only the sums of
waits (`scheduler.draft.waits`) are used, who sits where without a change is written down here once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler import draft
from scheduler.check.commitments import settle
from scheduler.check.rulebook import Rulebook
from scheduler.draft.decision import Decision
from scheduler.draft.outlook import Floats, after, outlook, presence
from scheduler.draft.waits import waits
from scheduler.plan import Flip, Plan, Status
from scheduler.snapshot import Clerk, Snapshot

HOUR_S = 3600
Seat = tuple[str | None, tuple[str, ...]]  # window and mode
Days = dict[str, list[tuple[int, Seat, float]]]  # per clerk: from when, where, seconds lost at the beginning


def plan_of(hall: Snapshot, posts: Mapping[str, tuple[str, str]], status: Status = "optimal") -> Plan:
    """The plan of these posts (clerk: window, mode with blanks), whatever a solver would say of them."""
    book = Rulebook(hall)
    placed = {clerk: (window, tuple(mode.split())) for clerk, (window, mode) in posts.items()}
    gap = None if status == "fallback" else 0.0
    decision = Decision(placed, {}, settle(book))  # type: ignore[arg-type]  # ids are plain strings here
    return draft.write(book, outlook(hall), decision, status, gap, 0.0)


@dataclass
class Ledger:
    """The plan's day, clerk by clerk, and the waits if some of it were different."""

    hall: Snapshot
    plan: Plan

    def __post_init__(self) -> None:
        self.look, self.now_s = outlook(self.hall), self.hall.now_s
        self.clerks = {c.id: c for c in self.hall.clerks if c.status != "off" or c.end_s > self.now_s}
        self.windows = {w.id: w for w in self.hall.windows}
        self.days: Days = {clerk: self._day(clerk) for clerk in self.clerks}

    def less_s(self, flip: Flip, group: set[str], horizon_s: int = HOUR_S) -> Floats:
        """Seconds waited less per service, because the group changed at the moment of the flip."""
        until_s = flip.at_s + horizon_s
        without = self.waited_s(self.undone(group, flip.at_s), until_s)
        return without - self.waited_s(self.days, until_s)

    def group(self, flip: Flip) -> set[str]:
        """The clerk, those at the windows named beside it, and whoever came where one of them sat."""
        named = flip.reason.en.partition("together with window")[2].partition(":")[0].removeprefix("s")
        places = {flip.window, *named.strip().split(", ")}
        found = {c for c in self.clerks if self.seat(c, flip.at_s)[0] in places} | {flip.clerk}
        while more := self._came(found, flip.at_s) - found:
            found |= more
        return found

    def undone(self, group: set[str], at_s: int) -> Days:
        new = {self.seat(c, at_s)[0] for c in group}
        sent = {
            c
            for c in self.clerks
            if self.sat(c, at_s) in new - {None} and self.seat(c, at_s)[0] is None and self.sat(c, at_s)
        }
        return self.days | {c: self._without(c, at_s, group | sent) for c in group | sent}

    def waited_s(self, days: Days, until_s: int) -> Floats:
        """Seconds waited per service from now until then."""
        staff = tuple(self.clerks.values())
        breaks = {(b.clerk, b.index): b.start_s for b in self.plan.breaks}
        there = presence(self.hall, staff, self.look, breaks)
        rates, shares, lost_s = [], [], []
        for clerk, mine in zip(staff, there, strict=True):
            ends = [from_s for from_s, _, _ in days[clerk.id][1:]] + [10**9]
            for (from_s, (_, mode), lost), to_s in zip(days[clerk.id], ends, strict=True):
                rates.append(self._rate(clerk, mode))
                shares.append([share * self._part(b, from_s, to_s) for b, share in enumerate(mine)])
                lost_s.append(lost)
        left = after(np.array(shares), np.array(lost_s), self.look)
        blocks = max(1, -(-(until_s - self.now_s) // self.look.block_s))
        return np.asarray(waits(self.look, np.array(rates), left).person_s[:, :blocks].sum(axis=1))

    def seat(self, clerk: str, at_s: int) -> Seat:
        days = self.days[clerk]
        return next((seat for from_s, seat, _ in reversed(days) if from_s <= at_s), days[0][1])

    def sat(self, clerk: str, at_s: int) -> str | None:
        """The window at which the clerk sat just before."""
        if at_s > self.now_s:
            return self.seat(clerk, at_s - 1)[0]
        seen = self.clerks[clerk]
        return seen.window if seen.is_at_work and seen.window and self.windows[seen.window].open else None

    def _came(self, group: set[str], at_s: int) -> set[str]:
        left = {self.sat(c, at_s) for c in group} - {None}
        return {
            c for c in self.clerks
            if self.seat(c, at_s)[0] in left and self.seat(c, at_s)[0] != self.sat(c, at_s)
        }  # fmt: skip

    def _without(self, clerk: str, at_s: int, back: set[str]) -> list[tuple[int, Seat, float]]:
        rest = [step for step in self.days[clerk] if step[0] != at_s]
        if at_s > self.now_s:
            return rest
        place, new = self.sat(clerk, at_s), self.seat(clerk, at_s)[0]
        if place is None and new not in {self.sat(c, at_s) for c in back}:
            place = new
        return [(at_s, (place, self.windows[place].mode if place else ()), 0.0), *rest]

    def _day(self, clerk: str) -> list[tuple[int, Seat, float]]:
        seen, mine = self.clerks[clerk], [p for p in self.plan.posts if p.clerk == clerk]
        mine.sort(key=lambda p: p.from_s)
        now = self.plan.now(seen.id)
        if now:
            first: Seat = (now.window, now.mode)
        else:
            first = (None, () if seen.is_at_work else seen.mode or tuple(seen.pace))
        found = [(self.now_s, first, self._lost_s(seen.window, first, self.now_s))]
        for post in mine:
            last = found[-1][1]
            if post.from_s > self.now_s and (post.window, post.mode) != last:
                seat = (post.window, post.mode)
                found.append((post.from_s, seat, self._lost_s(last[0], seat, post.from_s)))
        ends = mine[-1].to_s if mine and mine[-1].window else 10**9
        others = [p for p in self.plan.posts if mine and p.window == mine[-1].window and p.clerk != clerk]
        if later := [p.from_s for p in others if p.from_s >= ends]:
            found.append((min(later), (None, ()), 0.0))
        return found

    def _lost_s(self, before: str | None, seat: Seat, at_s: int) -> float:
        """Set-up and walk at once, the longer of them."""
        place, mode = seat
        if place is None:
            return 0.0
        rules, old = self.hall.rules, self._mode_before(place, at_s)
        is_setup = not set(mode) <= set(old) if old else at_s == self.now_s > self.hall.open_s
        return max(rules.setup_s * is_setup, rules.move_s * (before not in (None, place)))

    def _mode_before(self, window: str, at_s: int) -> Sequence[str]:
        before = [p for p in self.plan.posts if p.window == window and p.mode and p.from_s < at_s]
        return max(before, key=lambda p: p.from_s).mode if before else self.windows[window].mode

    def _rate(self, clerk: Clerk, mode: Sequence[str]) -> list[float]:
        return [
            clerk.pace[s] / work_s if s in mode and s in clerk.pace else 0.0
            for s, work_s in zip(self.look.ids, self.look.work_s.tolist(), strict=True)
        ]

    def _part(self, block: int, from_s: int, to_s: int) -> float:
        """The share of a block that lies between the two."""
        begins_s = self.now_s + block * self.look.block_s
        inside_s = min(to_s, begins_s + self.look.block_s) - max(from_s, begins_s)
        return max(inside_s, 0) / self.look.block_s
