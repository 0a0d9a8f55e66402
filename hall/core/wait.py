"""The expected wait of a line as a range, from people ahead, windows offering it and handling times.

A window's time is split over the lines of its mode in proportion to the work waiting in them, which is
what first-come-first-served does in the mean. The wait of somebody with n people ahead is then the
time to start n + 1 cases at that rate. The range holds about 80 % of real waits: sampling noise of
n + 1 handling times (their squared coefficient of variation), plus a fifth of the mean for what no
estimate knows (pauses, flips, slow days).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from hall.core.events import Event, TicketIssued
from hall.core.names import ServiceId

Z80 = 1.28  # two-sided 80 % of a normal
MODEL_ERROR = 0.2  # share of the mean


@dataclass(frozen=True, slots=True)
class LineLoad:
    """A line as the estimate sees it: people waiting, mean handling time in seconds, its scv."""

    waiting: int
    service_s: float
    scv: float


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window that serves now. `idle`: nobody sits at it and nobody is called to it."""

    mode: frozenset[ServiceId]
    idle: bool


Lines = tuple[dict[ServiceId, LineLoad], list[OpenWindow]]  # all lines, and the windows that serve now


def after(lines: Lines, event: Event) -> Lines | None:
    """The same lines once this has happened; None where only the database can tell."""
    if not isinstance(event, TicketIssued):
        return None
    loads, windows = lines
    service = ServiceId(event.service)
    longer = replace(loads[service], waiting=loads[service].waiting + 1)
    return loads | {service: longer}, windows


@dataclass(frozen=True, slots=True)
class WaitRange:
    """About 80 % of waits lie between the two, in whole seconds."""

    low_s: int
    high_s: int


def estimate(
    service: ServiceId, ahead: int, lines: Mapping[ServiceId, LineLoad], windows: Sequence[OpenWindow]
) -> WaitRange:
    """The range of waits for the next visitor of `service` with `ahead` people in front.

    A line that no open window offers is estimated as if one window did: the hall owes it one (floor).
    """
    load = lines[service]
    offering = [w for w in windows if service in w.mode]
    if ahead == 0 and any(w.idle for w in offering):
        return WaitRange(0, 60)
    capacity = sum(_share(service, window, lines) for window in offering) or 1.0
    step_s = load.service_s / capacity
    mean_s = (ahead + 1) * step_s if ahead or offering else step_s
    spread_s = Z80 * sqrt((ahead + 1) * load.scv * step_s**2 + (MODEL_ERROR * mean_s) ** 2)
    return WaitRange(int(max(0.0, mean_s - spread_s)), int(mean_s + spread_s) + 1)


def _share(service: ServiceId, window: OpenWindow, lines: Mapping[ServiceId, LineLoad]) -> float:
    # One more person than waits keeps an empty line's share above zero.
    def work_s(name: ServiceId) -> float:
        load = lines.get(name)
        return (load.waiting + 1) * load.service_s if load else 0.0

    return work_s(service) / sum(work_s(name) for name in window.mode)
