"""The hall while it runs: clerks at windows, lines, and the verbs by which a policy changes them.

The floor keeps the rules: a post that the hall forbids is refused with RuleBroken, whatever the policy
wants. What a change costs in time follows contracts/README.md §1 (Meanings).
"""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.replay.agenda import NEVER, Agenda, Due
from scheduler.replay.layout import Layout, Mode
from scheduler.replay.lines import Lines
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
        self.offered = [0] * len(layout.services)  # clerks at work and ready, by service
        self.in_hand = 0  # visitors at windows
        self.record = Record(layout, visitors)
        self._asked: set[int] = set()  # clerks about whom the policy is being asked

    # What a policy may ask

    def wanted(self, clerk: ClerkState) -> tuple[int | None, Mode]:
        """The post a clerk has or is about to take up."""
        return clerk.target if clerk.target is not None else (clerk.window, clerk.mode)

    def may_flip(self, window: WindowState, mode: Mode) -> bool:
        """Whether dwell and the flips a day allow this mode now (true for what is no flip)."""
        if not _is_flip(window.mode, mode):
            return True
        most = self.rules.max_flips_per_window
        rested = self.now - window.mode_since > self.rules.min_dwell_s - WHOLE_S
        return rested and (most is None or window.flips < most)

    def free_windows(self) -> list[WindowState]:
        """Open windows where nobody sits and to which nobody is on the way."""
        taken = {self.wanted(c)[0] for c in self.clerks if c.at_work}
        return [w for w in self.windows if w.open and w.clerk is None and w.index not in taken]

    def refusal(self, clerk: ClerkState, window: WindowState, mode: Mode) -> str | None:
        """Why the rules forbid this post now; None when they do not."""
        if why := self._refusal_alone(clerk, window, mode):
            return why
        for other in self.clerks:
            if other is not clerk and other.at_work and self.wanted(other)[0] == window.index:
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
        self._set_off(clerk)

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
            self._set_off(self.clerks[index])

    def roam(self, clerk: ClerkState, mode: Mode) -> None:
        """Let a clerk serve without a window, no set-up, no walk: for bounds that no real hall reaches."""
        self._unseat(clerk)
        clerk.mode = mode
        self._seat(clerk)

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
        elif clerk.target is not None and not self._has_to_wait(clerk):
            self._take_up(clerk)
        else:
            self._call(clerk)

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
            self._seat(clerk)
            self.free(clerk)

    def arrive(self, serial: int) -> None:
        """Somebody joins a line; the longest idle clerk who offers the service calls at once."""
        service = self.visitors.service[serial]
        self.lines.add(serial)
        for index in [i for i in self.idle if service in self.clerks[i].mode]:
            self.free(self.clerks[index])  # who has a break due goes, and the next is asked
            if serial not in self.lines:
                return
        self._watch(service)
        self.policy.waiting(self, service)

    def leave(self, serial: int) -> None:
        """Somebody walks away unserved."""
        self.lines.drop(serial)
        self.record.left_s[serial] = self.now
        self._watch(self.visitors.service[serial])

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
        for service in range(len(self.offered)):
            if (since := self.record.bare_since[service]) is not None:
                self.record.bare_s[service] += self.now - since

    # The steps of the above

    def _refusal_alone(self, clerk: ClerkState, window: WindowState, mode: Mode) -> str | None:
        """Why this clerk may not offer this mode there, whoever else is about."""
        if not window.open:
            return "the window is shut"
        if why := self.layout.refusal(mode, window.index, clerk.index):
            return why
        if not self.may_flip(window, mode):
            return "the window flipped a short while ago, or often enough today"
        return None

    def _set_target(self, clerk: ClerkState, post: tuple[int | None, Mode]) -> None:
        clerk.target = None if post == (clerk.window, clerk.mode) else post

    def _set_off(self, clerk: ClerkState) -> None:
        """Take up a new post at once where nothing is in hand."""
        if clerk.target is None:
            return
        if clerk.status is Status.IDLE:
            self.free(clerk)
        elif clerk.status is Status.SETUP and clerk.until == NEVER:
            self._take_up(clerk)

    def _shift_over(self, clerk: ClerkState) -> bool:
        # At closing nobody is sent home (those in the hall are still served), so the last shift stays
        # until the lines are empty.
        late = self.now >= clerk.end_s
        return late and (clerk.end_s < self.layout.scenario.close_s or not len(self.lines))

    def _come(self, clerk: ClerkState) -> None:
        """Back at work: at the own window if it is free, unless the policy has another post."""
        clerk.status, clerk.since, clerk.came_s, clerk.until = Status.SETUP, self.now, self.now, self.now
        target = clerk.target or (clerk.window, clerk.mode)
        clerk.window, clerk.mode, clerk.target = None, NOTHING, None
        if target[0] is not None and not self.refusal(clerk, self.windows[target[0]], target[1]):
            clerk.target = target
        self.policy.changed(self, clerk)
        self.free(clerk)

    def _go_off(self, clerk: ClerkState) -> None:
        self._count_presence(clerk)
        clerk.status, clerk.since = Status.OFF, self.now
        self._vacate(clerk)
        self.policy.changed(self, clerk)

    def _rest(self, clerk: ClerkState) -> None:
        pause = clerk.next_pause()
        pause.taken = True
        clerk.plan_pause()
        self._count_presence(clerk)
        clerk.status, clerk.since, clerk.until = Status.BREAK, self.now, self.now + pause.length_s
        self.agenda.add(clerk.until, Due.RESUME, clerk.index)
        self._vacate(clerk)
        self.policy.changed(self, clerk)

    def _has_to_wait(self, clerk: ClerkState) -> bool:
        """Whether the next window is still taken, while nobody waits for the present one: serve on here."""
        assert clerk.target is not None
        if clerk.window is None or clerk.target[0] is None:
            return False
        holder = self.windows[clerk.target[0]].clerk
        if holder is None or holder == clerk.index:
            return False
        return all(c.target is None or c.target[0] != clerk.window for c in self.clerks)

    def _take_up(self, clerk: ClerkState) -> None:
        assert clerk.target is not None
        place, mode = clerk.target
        walk_s = self._walk_s(clerk, place)
        if clerk.window != place:
            self._vacate(clerk)
            clerk.window = None
        if place is None:
            clerk.mode, clerk.target = NOTHING, None
            self._call(clerk)
            return
        window = self.windows[place]
        if window.clerk is not None and window.clerk != clerk.index:
            clerk.status, clerk.since, clerk.until = Status.SETUP, self.now, NEVER
            return  # `_vacate` of whoever sits there sends the clerk on
        self._unseat(clerk)
        cost_s = max(walk_s, self._set_up(window, mode))
        window.clerk, window.mode = clerk.index, mode
        clerk.window, clerk.mode, clerk.target = place, mode, None
        if cost_s > 0:
            clerk.status, clerk.since, clerk.until = Status.SETUP, self.now, self.now + cost_s
            self.agenda.add(clerk.until, Due.READY, clerk.index)
        else:
            clerk.until = self.now
            self._seat(clerk)
            self._call(clerk)

    def _walk_s(self, clerk: ClerkState, place: int | None) -> float:
        """Seconds of walk still ahead. Whoever waits for a colleague to leave has walked meanwhile."""
        if clerk.status is Status.SETUP and clerk.until == NEVER:
            return max(0.0, clerk.since + self.rules.move_s - self.now)
        if clerk.window in (None, place) or place is None:
            return 0.0
        self.record.walks += 1
        return self.rules.move_s

    def _set_up(self, window: WindowState, mode: Mode) -> float:
        """Seconds of set-up that a mode costs at a window, and the mark it leaves there."""
        flips = _is_flip(window.mode, mode)
        if flips:
            window.flips += 1
            self.record.flips += 1
        first = not window.mode and bool(mode)
        if flips or first:
            window.mode_since = self.now
        return self.rules.setup_s if flips or (first and self.now > self.layout.scenario.open_s) else 0.0

    def _call(self, clerk: ClerkState) -> None:
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

    def _vacate(self, clerk: ClerkState) -> None:
        """Leave the window to whoever waits for it. The clerk remembers it as the place to come back to."""
        self._unseat(clerk)
        if clerk.window is None or self.windows[clerk.window].clerk != clerk.index:
            return
        self.windows[clerk.window].clerk = None
        for other in self.clerks:
            if other is not clerk and other.target is not None and other.target[0] == clerk.window:
                if other.status is Status.SETUP and other.until == NEVER:
                    self._take_up(other)
                elif other.status is Status.IDLE:
                    self.free(other)

    def _seat(self, clerk: ClerkState) -> None:
        clerk.seated = True
        for service in clerk.mode:
            self.offered[service] += 1
            self._watch(service)

    def _unseat(self, clerk: ClerkState) -> None:
        if clerk.seated:
            clerk.seated = False
            for service in clerk.mode:
                self.offered[service] -= 1
                self._watch(service)

    def _watch(self, service: int) -> None:
        """Keep account of the time in which somebody waits and nobody offers the service."""
        since = self.record.bare_since[service]
        bare = self.offered[service] == 0 and self.lines.length(service) > 0
        if bare and since is None:
            self.record.bare_since[service] = self.now
        elif since is not None and not bare:
            self.record.bare_s[service] += self.now - since
            self.record.bare_since[service] = None


def _is_flip(now: Mode, to: Mode) -> bool:
    return bool(now) and not to <= now  # hall.core.window.is_flip on sets, called too often to convert
