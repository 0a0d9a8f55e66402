"""Who plays in a simulated hall: the server's address, and a token for each device and person."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from hall.clock import SystemClock
from hall.core.people import Role
from hall.store import accounts, read
from hall.store.db import Database


@dataclass(frozen=True, slots=True)
class Cast:
    """What simulated people know of a hall before they come. Travels as JSON."""

    url: str
    hall: str
    seed: int
    kiosks: list[str]
    clerks: dict[str, str]  # clerk -> token
    homes: dict[str, str]  # clerk -> window
    handling_s: dict[str, float]  # mean by service
    manager: str | None  # None: a human decides

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def cast_of(db: Database, url: str, hall: str, seed: int, *, kiosks: int, manager: bool) -> Cast:
    """A token for each clerk of a hall that has a window, for so many kiosks and perhaps a manager.

    Raises UnknownHall.
    """
    now = SystemClock().real()
    with db.change() as session:

        def token(role: Role, clerk: str | None = None) -> str:
            return accounts.add_token(session, hall, role, clerk, now)

        homes = {row.id: row.home for row in read.clerks(session, hall) if row.home}
        return Cast(
            url=url, hall=hall, seed=seed, kiosks=[token(Role.KIOSK) for _ in range(kiosks)],
            clerks={clerk: token(Role.CLERK, clerk) for clerk in homes}, homes=homes,
            handling_s={row.id: row.service_s for row in read.services(session, hall)},
            manager=token(Role.MANAGER) if manager else None,
        )  # fmt: skip
