"""The hall as its journal tells it: tickets and windows from events alone, equal to the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hall.core.events import (
    DayRolled,
    Event,
    TicketCalled,
    TicketIssued,
    TicketMoved,
    WindowChanged,
    WindowFlipped,
)
from hall.core.names import ServiceId
from hall.core.ticket import AT_WINDOW, TicketState
from hall.core.window import WindowState, is_flip


@dataclass(frozen=True, slots=True)
class TicketTold:
    """`window` holds the ticket now; None while it is at none."""

    state: str
    service: str
    window: str | None = None


@dataclass(frozen=True, slots=True)
class WindowTold:
    """`clerk` sits there; `mode` in the order in which it was written."""

    state: str = WindowState.CLOSED.value
    clerk: str | None = None
    mode: tuple[str, ...] = ()


@dataclass
class Retold:
    """What the events so far amount to. A window without any event is closed, with nobody and no mode."""

    tickets: dict[str, TicketTold] = field(default_factory=dict)
    windows: dict[str, WindowTold] = field(default_factory=dict)

    def window(self, window: str) -> WindowTold:
        return self.windows.get(window, WindowTold())

    def hear(self, event: Event) -> None:
        """Take one event more, in the journal's order."""
        match event:
            case TicketIssued():
                self.tickets[event.ticket] = TicketTold(TicketState.WAITING.value, event.service)
            case TicketCalled():
                service = self.tickets[event.ticket].service
                self.tickets[event.ticket] = TicketTold(TicketState.CALLED.value, service, event.window)
            case TicketMoved():
                self._move(event)
            case WindowChanged():
                mode = self.window(event.window).mode
                self.windows[event.window] = WindowTold(event.state, event.clerk, mode)
            case WindowFlipped():
                self._flip(event)
            case DayRolled():
                self.windows.clear()

    def _move(self, event: TicketMoved) -> None:
        told = self.tickets[event.ticket]
        window = told.window if event.state in AT_WINDOW else None
        self.tickets[event.ticket] = TicketTold(event.state, event.service or told.service, window)

    def _flip(self, event: WindowFlipped) -> None:
        told = self.window(event.window)
        starts_setup = told.state == WindowState.OPEN and is_flip(
            map(ServiceId, event.before), map(ServiceId, event.mode)
        )
        state = WindowState.SETUP.value if starts_setup else told.state
        self.windows[event.window] = WindowTold(state, told.clerk, tuple(event.mode))


def retell(events: Iterable[Event]) -> Retold:
    """The hall after these events, from the first of its journal on."""
    told = Retold()
    for event in events:
        told.hear(event)
    return told
