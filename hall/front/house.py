"""The house: what an app serves from, for whoever handles a request."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from hall.clock import Clock
from hall.store.db import Database


@dataclass(frozen=True, slots=True)
class House:
    """One installation's database and clock."""

    database: Database
    clock: Clock


def house() -> House:
    """The house of the present app."""
    found: House = current_app.extensions["tidehall"]
    return found
