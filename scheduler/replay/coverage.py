"""Which services somebody is ready to serve, and for how long a waiting line had nobody."""

from __future__ import annotations

from scheduler.replay.layout import Mode
from scheduler.replay.lines import Lines


class Coverage:
    """`offered`: clerks at work and ready, per service. `bare_s`: seconds with people and without a clerk."""

    def __init__(self, services: int, lines: Lines) -> None:
        self.offered = [0] * services
        self.bare_s = [0.0] * services
        self._since: list[float | None] = [None] * services
        self._lines = lines

    def add(self, mode: Mode, now: float) -> None:
        """A clerk is ready in this mode."""
        for service in mode:
            self.offered[service] += 1
            self.watch(service, now)

    def drop(self, mode: Mode, now: float) -> None:
        """A clerk leaves this mode."""
        for service in mode:
            self.offered[service] -= 1
            self.watch(service, now)

    def watch(self, service: int, now: float) -> None:
        """The line or its clerks have changed."""
        since = self._since[service]
        bare = self.offered[service] == 0 and self._lines.length(service) > 0
        if bare and since is None:
            self._since[service] = now
        elif since is not None and not bare:
            self.bare_s[service] += now - since
            self._since[service] = None

    def close(self, now: float) -> None:
        """The day is over."""
        for service, since in enumerate(self._since):
            if since is not None:
                self.bare_s[service] += now - since
                self._since[service] = None
