"""The house: what an app serves from, for whoever handles a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app

from hall.clock import Clock
from hall.store.db import Database


class Aside(Protocol):
    """Runs long arithmetic where it stops nobody else's request, and gives its result."""

    def __call__(self, work: Callable[..., Any], *given: Any) -> Any: ...


def at_once(work: Callable[..., Any], *given: Any) -> Any:
    """For servers with a thread per request: nobody else waits for this one."""
    return work(*given)


@dataclass(frozen=True, slots=True)
class House:
    """One installation's database and clock, and where it does long arithmetic."""

    database: Database
    clock: Clock
    aside: Aside = at_once


def house() -> House:
    """The house of the present app."""
    found: House = current_app.extensions["tidehall"]
    return found
