"""The tidal policy: the hall's own planner, asked as a hall asks it — a snapshot, a plan, the plan applied.

Flips happen by themselves (mode auto); standby rules are followed at the window between two plans.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scheduler.draft import review
from scheduler.plan import Plan, Standby
from scheduler.replay import agreed
from scheduler.replay.floor import Floor
from scheduler.replay.layout import Mode
from scheduler.replay.lending import keeps_floors
from scheduler.replay.policy import Passive
from scheduler.replay.seen import snapshot
from scheduler.replay.staff import ClerkState
from scheduler.snapshot import Snapshot

Planner = Callable[[Snapshot], Plan]

LINE_UP_MS, DAY_MS = 20_000, 1_000  # contracts/README.md §1, `deadline_ms`


class Tidal(Passive):
    """Plans at opening, every `replan_s`, and when somebody comes to work without a post."""

    def __init__(self, planner: Planner, name: str = "tidal") -> None:
        self.name = name
        self.every_s = 300.0
        self._planner = planner
        self._plan: Plan | None = None
        self._rules: dict[int, list[tuple[Standby, int, Mode]]] = {}

    def open(self, floor: Floor) -> None:
        self.every_s = float(floor.rules.replan_s)
        seen = snapshot(floor, LINE_UP_MS, opening=True)
        # Days with the same forecast and bookings open alike: the line-up is worked out once.
        key = (self.name, str(replace(seen, seed=0)))
        if key not in floor.layout.worked_out:
            floor.layout.worked_out[key] = self._planner(seen)
        found = floor.layout.worked_out[key]
        assert isinstance(found, Plan)
        self._keep(floor, found)

    def tick(self, floor: Floor) -> None:
        self._replan(floor)

    def changed(self, floor: Floor, clerk: ClerkState) -> None:
        """Whoever comes takes the post in force, or one of a new plan where that is gone."""
        if not clerk.at_work or clerk.target is not None:
            return
        if not self._post(floor, clerk) and floor.now > floor.layout.scenario.open_s:
            self._replan(floor)

    def idle(self, floor: Floor, clerk: ClerkState) -> None:
        """Follow the first standby rule of the plan that fits."""
        for rule, service, mode in self._rules.get(clerk.index, ()):
            if floor.lines.length(service) < rule.at_least or clerk.window is None:
                continue
            window = floor.windows[clerk.window]
            if floor.refusal(clerk, window, mode) is None and keeps_floors(floor, clerk, mode):
                floor.post(clerk, window.index, mode)
                return

    def waiting(self, floor: Floor, service: int) -> None:
        for index in list(floor.idle):
            if index in floor.idle and any(s == service for _, s, _ in self._rules.get(index, ())):
                self.idle(floor, floor.clerks[index])
                if index not in floor.idle:
                    return

    def due(self, floor: Floor) -> None:
        """The planner places the clerk of a flip agreed on, at its time and not at the next tick."""
        self._replan(floor)

    def _replan(self, floor: Floor) -> None:
        """A plan that rehearses the day again may take its time, as in scheduler.worker.round."""
        seen = snapshot(floor, DAY_MS)
        if review.is_due(seen):
            seen = replace(seen, deadline_ms=LINE_UP_MS)
        self._keep(floor, self._planner(seen))
        self._post_all(floor)

    def _keep(self, floor: Floor, plan: Plan) -> None:
        layout = floor.layout
        self._plan = plan
        self._rules = {}
        number = {name: i for i, name in enumerate(layout.clerks)}
        for rule in plan.standby:
            service = layout.services.index(rule.service)
            self._rules.setdefault(number[rule.clerk], []).append((rule, service, layout.mode(rule.mode)))
        for dropped in plan.dropped:
            agreed.drop(floor, floor.windows[layout.windows.index(dropped.window)])
        for each in plan.breaks:
            clerk = floor.clerks[number[each.clerk]]
            floor.move_break(clerk, clerk.pauses[each.index], each.start_s)

    def _post_all(self, floor: Floor) -> None:
        """Send everybody at work to the post that the plan has for now, all at once."""
        posts = {c.index: self._planned(floor, c) for c in floor.clerks if c.at_work}
        floor.assign({clerk: post for clerk, post in posts.items() if post is not None})

    def _post(self, floor: Floor, clerk: ClerkState) -> bool:
        """Send one clerk to the planned post; false when there is none or it is taken."""
        post = self._planned(floor, clerk)
        if post is None or post[0] is None:
            return False
        if floor.refusal(clerk, floor.windows[post[0]], post[1]) is not None:
            return False
        floor.post(clerk, *post)
        return True

    def _planned(self, floor: Floor, clerk: ClerkState) -> tuple[int | None, Mode] | None:
        layout, plan = floor.layout, self._plan
        assert plan is not None
        name, now = layout.clerks[clerk.index], int(floor.now)
        post = next((p for p in plan.posts if p.clerk == name and p.from_s <= now < p.to_s), None)
        if post is None:
            return None
        window = None if post.window is None else layout.windows.index(post.window)
        return window, layout.mode(post.mode)
