"""The questions a duty manager asks, each a change to a day's scenario.

Each raises KeyError for a window or clerk that the scenario does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from scheduler.replay.scenario import Break, Clerk, Scenario

Change = Callable[[Scenario], Scenario]

NEW_CLERK = "new clerk"  # id of a clerk whom nobody has hired yet


def window_shut(window: str, from_s: float, to_s: float) -> Change:
    """Close a window for a while."""

    def change(day: Scenario) -> Scenario:
        _known(window, (w.id for w in day.windows))
        return replace(
            day,
            windows=tuple(
                replace(w, shut=(*w.shut, (from_s, to_s))) if w.id == window else w for w in day.windows
            ),
        )

    return change


def window_opened(window: str, from_s: float) -> Change:
    """Open a window that was to stay shut, from a time on."""

    def change(day: Scenario) -> Scenario:
        _known(window, (w.id for w in day.windows))
        shut = ((float(day.open_s), from_s),) if from_s > day.open_s else ()
        return replace(
            day,
            windows=tuple(replace(w, open=True, shut=shut) if w.id == window else w for w in day.windows),
        )

    return change


def clerk_absent(clerk: str, from_s: float, to_s: float) -> Change:
    """A clerk drops out, and nobody planned for it."""
    return _clerk(clerk, lambda c: replace(c, absent=(*c.absent, (from_s, to_s))))


def one_clerk_fewer(clerk: str) -> Change:
    """The day is planned without this clerk."""

    def change(day: Scenario) -> Scenario:
        _known(clerk, (c.id for c in day.clerks))
        return replace(day, clerks=tuple(c for c in day.clerks if c.id != clerk))

    return change


def one_clerk_more(like: str) -> Change:
    """A colleague with the skills, hours and breaks of this clerk."""

    def change(day: Scenario) -> Scenario:
        _known(like, (c.id for c in day.clerks))
        model = next(c for c in day.clerks if c.id == like)
        return replace(day, clerks=(*day.clerks, replace(model, id=NEW_CLERK, window=None, mode=())))

    return change


def authorised(clerk: str, services: Iterable[str], pace: float = 1.0) -> Change:
    """A clerk is authorised for further services."""
    more = dict.fromkeys(services, pace)
    return _clerk(clerk, lambda c: replace(c, pace={**more, **c.pace}))


def equipped(window: str, services: Iterable[str]) -> Change:
    """A window's terminals reach further services."""
    more = tuple(services)

    def change(day: Scenario) -> Scenario:
        _known(window, (w.id for w in day.windows))
        return replace(
            day,
            windows=tuple(
                replace(w, can=tuple(dict.fromkeys((*w.can, *more)))) if w.id == window else w
                for w in day.windows
            ),
        )

    return change


def more_demand(factor: float, services: Iterable[str] | None = None, foreseen: bool = True) -> Change:
    """Walk-ins times `factor` for some services or all; `foreseen`: the forecast knows."""
    chosen = None if services is None else set(services)

    def scaled(series: Mapping[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
        return {
            s: tuple(factor * x for x in counts) if chosen is None or s in chosen else counts
            for s, counts in series.items()
        }

    def change(day: Scenario) -> Scenario:
        told = {s.id: day.demand.told(s.id) for s in day.services}
        demand = replace(
            day.demand, rate=scaled(day.demand.rate), forecast=scaled(told) if foreseen else told
        )
        return replace(day, demand=demand)

    return change


def breaks(planned: Mapping[str, tuple[Break, ...]]) -> Change:
    """Other breaks for some clerks."""

    def change(day: Scenario) -> Scenario:
        for clerk in planned:
            _known(clerk, (c.id for c in day.clerks))
        return replace(day, clerks=tuple(replace(c, breaks=planned.get(c.id, c.breaks)) for c in day.clerks))

    return change


def promise(target_wait_s: float, services: Iterable[str] | None = None) -> Change:
    """Another promised wait. Only a policy that looks at promises answers differently."""
    chosen = None if services is None else set(services)

    def change(day: Scenario) -> Scenario:
        return replace(
            day,
            services=tuple(
                replace(s, target_wait_s=target_wait_s) if chosen is None or s.id in chosen else s
                for s in day.services
            ),
        )

    return change


def _clerk(clerk: str, changed: Callable[[Clerk], Clerk]) -> Change:
    def change(day: Scenario) -> Scenario:
        _known(clerk, (c.id for c in day.clerks))
        return replace(day, clerks=tuple(changed(c) if c.id == clerk else c for c in day.clerks))

    return change


def _known(name: str, names: Iterable[str]) -> None:
    if name not in set(names):
        raise KeyError(name)
