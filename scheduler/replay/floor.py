"""The hall while it runs: clerks at windows, lines, and the verbs by which a policy changes them.

The floor keeps the rules: a post that the hall forbids is refused with RuleBroken, whatever the policy
wants. What a change costs in time follows contracts/README.md §1 (Meanings).
"""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.replay.agenda import Agenda, Due
from scheduler.replay.coverage import Coverage
from scheduler.replay.layout import Layout, Mode
from scheduler.replay.lines import Lines
from scheduler.replay.moving import has_to_stay, is_flip, set_off, take_up, vacate
from scheduler.replay.policy import Policy
from scheduler.replay.record import Record
from scheduler.replay.staff import NOTHING, ClerkState, Pause, Status, WindowState
from scheduler.replay.visitors import Visitors

WHOLE_S = 1.0  # plans count whole seconds, the floor does not


class RuleBroken(Exception):
    """A policy asked for something that the hall's rules forbid: a fault of the policy, not of the data."""


class Floor:
    """`now` is the simulated second. Clerks and windows are read by policies, changed only by verbs here."""

    def __init__(self, layout: Layout, visitors: Visitors, policy: Policy) -> None:
        self.layout = layout
        self.rules = layout.scenario.rules
        self.visitors = visitors
        self.policy = policy
        self.now = float(layout.scenario.open_s)
        self.agenda = Agenda()
        self.lines = Lines(layout, visitors)
        self.clerks = [ClerkState(layout, i) for i in range(len(layout.clerks))]
        self.windows = [WindowState(layout, i) for i in range(len(layout.windows))]
        self.idle: dict[int, None] = {}  # clerks with nothing to do, longest idle first
        self.coverage = Coverage(len(layout.services), self.lines)
        self.in_hand = 0  # visitors at windows
        self.record = Record(layout, visitors)
        self._asked: set[int] = set()  # clerks about whom the policy is being asked

    # What a policy may ask

    def wanted(self, clerk: ClerkState) -> tuple[int | None, Mode]:
        """The post a clerk has or is about to take up."""
        return clerk.target if clerk.target is not None else (clerk.window, clerk.mode)

    def may_flip(self, window: WindowState, mode: Mode) -> bool:
        """Whether dwell (a pin needs none) and the flips a day allow this mode now (true for no flip)."""
        if not is_flip(window.mode, mode):
            return True
        most = self.rules.max_flips_per_window
        rested = self.now - window.mode_since > self.rules.min_dwell_s - WHOLE_S
        rested = rested or window.pinned(self.now) is not None
        return rested and (most is None or window.flips < most)

    def free_windows(self) -> list[WindowState]:
        """Open windows where nobody sits and to which nobody is on the way."""
        taken = {self.wanted(c)[0] if c.at_work else c.keeps(self.now) for c in self.clerks}
        return [w for w in self.windows if w.open and w.clerk is None and w.index not in taken]

    def refusal(self, clerk: ClerkState, window: WindowState, mode: Mode) -> str | None:
        """Why the rules forbid this post now; None when they do not."""
        if why := self._refusal_alone(clerk, window, mode):
            return why
        for other in self.clerks:
            place = self.wanted(other)[0] if other.at_work else other.keeps(self.now)
            if other is not clerk and place == window.index:
                return "another clerk has the window"
        return None

    # What a policy may do

    def post(self, clerk: ClerkState, window: int | None, mode: Mode) -> None:
        """Send a clerk to a window with a mode; after the case in hand, set-up or break, else at once.

        Raises RuleBroken.
        """
        if window is not None and (why := self.refusal(clerk, self.windows[window], mode)):
            raise RuleBroken(f"{self.layout.clerks[clerk.index]} at {self.layout.windows[window]}: {why}")
        self._set_target(clerk, (window, mode))
        set_off(self, clerk)

    def assign(self, posts: Mapping[int, tuple[int | None, Mode]]) -> None:
        """New posts for several clerks at once, so that two may change places. Raises RuleBroken."""
        after = {c.index: posts.get(c.index, self.wanted(c)) for c in self.clerks if c.at_work}
        places = [place for place, _ in after.values() if place is not None]
        if twice := {place for place in places if places.count(place) > 1}:
            raise RuleBroken(f"two clerks at {self.layout.windows[twice.pop()]}")
        changed = [i for i, post in posts.items() if post != self.wanted(self.clerks[i])]
        for index in changed:
            place, mode = posts[index]
            clerk = self.clerks[index]
            if place is not None and (why := self._refusal_alone(clerk, self.windows[place], mode)):
                raise RuleBroken(f"{self.layout.clerks[index]} at {self.layout.windows[place]}: {why}")
        for index in changed:
            self._set_target(self.clerks[index], posts[index])
        for index in changed:
            set_off(self, self.clerks[index])

    def roam(self, clerk: ClerkState, mode: Mode) -> None:
        """Let a clerk serve without a window, no set-up, no walk: for bounds that no real hall reaches."""
        self.unseat(clerk)
        clerk.mode = mode
        self.seat(clerk)

    def move_break(self, clerk: ClerkState, pause: Pause, start_s: float) -> None:
        """Plan a break that has not been taken for another time."""
        if not pause.taken and pause.start_s != start_s:
            pause.start_s = start_s
            clerk.plan_pause()
            self.agenda.add(max(start_s, self.now), Due.LOOK, clerk.index)

    # How the hall works by itself

    def look(self, clerk: ClerkState) -> None:
        """A shift begins or ends, a break is due, an absence begins or is over."""
        if clerk.status is Status.OFF:
            if not clerk.is_away(self.now) and not self._shift_over(clerk):
                clerk.rest_while_away(self.now)
                self._come(clerk)
        elif clerk.status is Status.IDLE:
            self.free(clerk)

    def resume(self, clerk: ClerkState) -> None:
        """A break is over."""
        if clerk.status is Status.BREAK:
            self._come(clerk)

    def free(self, clerk: ClerkState) -> None:
        """What a clerk does who has nothing in hand: leave, rest, change post, call, or wait."""
        if clerk.status is Status.IDLE:
            self._stop_idling(clerk)
        if clerk.is_away(self.now) or self._shift_over(clerk):
            self._go_off(clerk)
        elif clerk.pause_s <= self.now:
            self._rest(clerk)
        elif clerk.target is not None and not has_to_stay(self, clerk):
            take_up(self, clerk)
        else:
            self.call(clerk)

    def finish(self, clerk: ClerkState) -> None:
        """The case in hand is done."""
        serial = clerk.serving
        assert serial is not None
        service = self.visitors.service[serial]
        self.record.handled[service] += 1
        self.record.handled_s[service] += self.visitors.work_s[serial] / clerk.pace[service]
        self.in_hand -= 1
        clerk.serving = None
        self.free(clerk)

    def ready(self, clerk: ClerkState) -> None:
        """A walk or set-up is over."""
        if clerk.status is Status.SETUP and clerk.until == self.now:
            self.seat(clerk)
            self.free(clerk)

    def arrive(self, serial: int) -> None:
        """Somebody joins a line; the longest idle clerk who offers the service calls at once."""
        service = self.visitors.service[serial]
        self.lines.add(serial)
        for index in [i for i in self.idle if service in self.clerks[i].mode]:
            self.free(self.clerks[index])  # who has a break due goes, and the next is asked
            if serial not in self.lines:
                return
        self.coverage.watch(service, self.now)
        self.policy.waiting(self, service)

    def leave(self, serial: int) -> None:
        """Somebody walks away unserved."""
        self.lines.drop(serial)
        self.record.left_s[serial] = self.now
        self.coverage.watch(self.visitors.service[serial], self.now)

    def shut(self, window: WindowState, is_open: bool) -> None:
        """A window opens or shuts; whoever sits there leaves it after the case in hand."""
        window.open = is_open
        for clerk in self.clerks if not is_open else ():
            if self.wanted(clerk)[0] == window.index and clerk.at_work:
                self.post(clerk, None, NOTHING)
        self.policy.shut(self, window)

    def close_books(self) -> None:
        """The day is over: count what is still open."""
        for clerk in self.clerks:
            if clerk.status is Status.IDLE:
                self._stop_idling(clerk)
            if clerk.at_work:
                self._count_presence(clerk)
        self.coverage.close(self.now)

    # The steps of the above

    def _refusal_alone(self, clerk: ClerkState, window: WindowState, mode: Mode) -> str | None:
        """Why this clerk may not offer this mode there, whoever else is about."""
        if not window.open:
            return "the window is shut"
        if why := self.layout.refusal(mode, window.index, clerk.index):
            return why
        pinned = window.pinned(self.now)
        if pinned is not None and mode != pinned:
            return "a manager has pinned the window"
        if not self.may_flip(window, mode):
            return "the window flipped a short while ago, or often enough today"
        return None

    def _set_target(self, clerk: ClerkState, post: tuple[int | None, Mode]) -> None:
        clerk.target = None if post == (clerk.window, clerk.mode) else post

    def _shift_over(self, clerk: ClerkState) -> bool:
        # At closing nobody is sent home (those in the hall are still served), so the last shift stays
        # until the lines are empty.
        late = self.now >= clerk.end_s
        return late and (clerk.end_s < self.layout.scenario.close_s or not len(self.lines))

    def _come(self, clerk: ClerkState) -> None:
        """Back at work: at the own window if it is free, unless the policy has another post."""
        clerk.status, clerk.since, clerk.came_s, clerk.until = Status.SETUP, self.now, self.now, self.now
        target = clerk.target or (clerk.window, clerk.mode)
        if target[0] is not None and (decided := self.windows[target[0]].decided(self.now)) is not None:
            target = (target[0], decided)
        clerk.window, clerk.mode, clerk.target = None, NOTHING, None
        if target[0] is not None and not self.refusal(clerk, self.windows[target[0]], target[1]):
            clerk.target = target
        self.policy.changed(self, clerk)
        self.free(clerk)

    def _go_off(self, clerk: ClerkState) -> None:
        self._count_presence(clerk)
        clerk.status, clerk.since = Status.OFF, self.now
        vacate(self, clerk)
        self.policy.changed(self, clerk)

    def _rest(self, clerk: ClerkState) -> None:
        pause = clerk.next_pause()
        pause.taken = True
        clerk.plan_pause()
        self._count_presence(clerk)
        clerk.status, clerk.since, clerk.until = Status.BREAK, self.now, self.now + pause.length_s
        self.agenda.add(clerk.until, Due.RESUME, clerk.index)
        vacate(self, clerk)
        self.policy.changed(self, clerk)

    def call(self, clerk: ClerkState) -> None:
        """Call the next visitor of the mode; with nobody waiting, ask the policy, else be idle."""
        serial = self.lines.take(clerk.mode, self.now) if clerk.seated else None
        if serial is not None:
            self._serve(clerk, serial)
            return
        clerk.status, clerk.since = Status.IDLE, self.now
        self.idle[clerk.index] = None
        if clerk.index not in self._asked:
            self._asked.add(clerk.index)
            self.policy.idle(self, clerk)
            self._asked.discard(clerk.index)

    def _serve(self, clerk: ClerkState, serial: int) -> None:
        """Start with a visitor. A change of family costs the changeover."""
        service = self.visitors.service[serial]
        family = self.layout.family[service]
        length_s = self.visitors.work_s[serial] / clerk.pace[service]
        if clerk.family is not None and clerk.family != family:
            length_s += self.rules.changeover_s
        clerk.status, clerk.since = Status.SERVING, self.now
        clerk.serving, clerk.serving_since, clerk.family = serial, self.now, family
        self.in_hand += 1
        self.record.called_s[serial] = self.now
        self.agenda.add(self.now + length_s, Due.FINISH, clerk.index)

    def _stop_idling(self, clerk: ClerkState) -> None:
        del self.idle[clerk.index]
        self.record.idle_s += max(0.0, min(self.now, clerk.end_s) - clerk.since)
        clerk.status = Status.SETUP

    def _count_presence(self, clerk: ClerkState) -> None:
        self.record.present_s += max(0.0, min(self.now, clerk.end_s) - clerk.came_s)

    def seat(self, clerk: ClerkState) -> None:
        """From now on the clerk calls in the mode."""
        clerk.seated = True
        self.coverage.add(clerk.mode, self.now)

    def unseat(self, clerk: ClerkState) -> None:
        """The clerk calls no more until seated again."""
        if clerk.seated:
            clerk.seated = False
            self.coverage.drop(clerk.mode, self.now)
