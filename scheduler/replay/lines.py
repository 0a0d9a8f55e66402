"""The waiting lines of a simulated hall. Who is next is asked of hall.core.line, the hall's own rule."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import replace
from typing import cast

from hall.core.line import Entry, Place, next_for
from hall.core.names import ServiceId, TicketId
from scheduler.replay.layout import Layout, Mode
from scheduler.replay.visitors import Visitors


class Lines:
    """One line per service, each in order of place (since, serial)."""

    def __init__(self, layout: Layout, visitors: Visitors) -> None:
        self._names = [ServiceId(s) for s in layout.services]
        self._bound = layout.scenario.rules.overtake_bound
        self._visitors = visitors
        self._order: list[list[tuple[float, int]]] = [[] for _ in layout.services]
        self._places: list[Place | None] = [None] * len(visitors)
        self._count = 0  # people waiting, and the priority tickets among them
        self._first = 0
        self._family = layout.family
        self.by_family = [0] * len(layout.families)  # people waiting

    def __len__(self) -> int:
        return self._count

    def __contains__(self, serial: int) -> bool:
        return self._places[serial] is not None

    def length(self, service: int) -> int:
        return len(self._order[service])

    def oldest(self, service: int) -> float | None:
        """Since when the head of a line has its place; None for an empty line."""
        line = self._order[service]
        return line[0][0] if line else None

    def serials(self, service: int) -> list[int]:
        """The visitors of a line, head first."""
        return [serial for _, serial in self._order[service]]

    def add(self, serial: int) -> None:
        people = self._visitors
        service, since = people.service[serial], people.since_s[serial]
        booked = people.booked_s[serial]
        self._places[serial] = Place(
            TicketId(str(serial)),
            self._names[service],
            since,
            people.arrived_s[serial],
            serial,
            # A late booking stands like a walk-in, from its check-in on.
            Entry.BOOKED if booked is not None and booked >= since else Entry.ARRIVAL,
            people.priority[serial],
        )
        self._count += 1
        self._first += people.priority[serial]
        self.by_family[self._family[service]] += 1
        insort(self._order[service], (since, serial))

    def drop(self, serial: int) -> None:
        service = self._visitors.service[serial]
        line = self._order[service]
        del line[bisect_left(line, (self._visitors.since_s[serial], serial))]
        self._count -= 1
        self._first -= self._visitors.priority[serial]
        self.by_family[self._family[service]] -= 1
        self._places[serial] = None

    def take(self, mode: Mode, now: float) -> int | None:
        """The visitor whom a window with this mode calls now, taken out of the line; None if nobody waits."""
        choice = next_for(self._candidates(mode), now, self._bound)
        if choice is None:
            return None
        for ticket in choice.overtakes:
            serial = int(ticket)
            if (place := self._places[serial]) is not None:
                self._places[serial] = replace(place, overtaken=place.overtaken + 1)
        serial = choice.place.serial
        self.drop(serial)
        return serial

    def _candidates(self, mode: Mode) -> list[Place]:
        """The places among which next_for has to choose.

        Without priority tickets it picks the least order, so the heads are enough and the choice is the
        same as over all; this is what makes a replay fast.
        """
        order, places = self._order, self._places
        if self._first:
            found = [places[serial] for s in mode for _, serial in order[s]]
        else:
            found = [places[order[s][0][1]] for s in mode if order[s]]
        return cast("list[Place]", found)  # whoever stands in a line has a place
