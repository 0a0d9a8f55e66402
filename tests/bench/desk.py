"""How many tickets and calls a second one hall takes, over HTTP, each durable before it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from tests.bench import yardstick
from tests.bench.hands import Hand, together
from tests.bench.row import Row, spread
from tests.bench.site import SERVICES, WINDOWS, Served, prepare
from tests.postgres import Postgres

CLIENTS = 8
SECONDS = 6.0
WARM_S = 1.0


def on_sqlite(folder: Path) -> Iterator[Row]:
    """Issue and call on SQLite, synchronous=FULL."""
    url = f"sqlite:///{folder}/desk.sqlite"
    prepare(url)
    with Served(url) as site:
        plain = _beside(site, yardstick.sqlite_commits(folder))
        yield _issue(site, "SQLite FULL", plain, "300/s, p99 60 ms", "500/s, p99 35 ms")
        yield _call(site, "SQLite FULL", plain, "250/s, p99 75 ms", "450/s, p99 45 ms")


def on_postgres(folder: Path) -> Iterator[Row]:
    """The same in one hall on PostgreSQL with fsync."""
    with Postgres(fsync=True) as server, server.database() as url:
        prepare(url)
        with Served(url) as site:
            plain = _beside(site, yardstick.postgres_commits(url))
            yield _issue(site, "PostgreSQL", plain, "200/s, p99 100 ms", "300/s")
            yield _call(site, "PostgreSQL", plain, "", "")


def _beside(site: Served, commits: float) -> str:
    """What the disk and the bare web server do at best right now, on this machine as busy as it is."""

    def hand(_: int) -> Callable[[], None]:
        own = Hand(site.port)

        def ping() -> None:
            own.ask("GET", "/healthz")

        return ping

    pings, _ = together(CLIENTS, WARM_S, hand)
    return f"{commits:.0f} plain durable commits/s, {pings:.0f} bare answers/s"


def _issue(site: Served, where: str, plain: str, must: str, aim: str) -> Row:
    services = cycle(SERVICES)

    def kiosk(_: int) -> Callable[[], None]:
        hand = Hand(site.port, "kiosk")

        def press() -> None:
            status, _ = hand.post("/halls/town/tickets", service=next(services))
            assert status == 201, status

        return press

    together(CLIENTS, WARM_S, kiosk)
    rate, taken = together(CLIENTS, SECONDS, kiosk)
    return Row(f"issue, {CLIENTS} clients, {where}", f"{rate:.0f}/s, {spread(taken)}", must, aim, plain)


def _call(site: Served, where: str, plain: str, must: str, aim: str) -> Row:
    def clerk(index: int) -> Callable[[], None]:
        hand, window = Hand(site.port, f"c{index + 1}"), f"W{index + 1:02d}"
        hand.post(f"/halls/town/windows/{window}/sign-in")

        def press() -> None:
            status, _ = hand.post(f"/halls/town/windows/{window}/call-next", finish=True)
            assert status == 200, "the lines ran empty"

        return press

    rate, taken = together(WINDOWS, SECONDS / 3, clerk)
    return Row(f"call next, {WINDOWS} clerks, {where}", f"{rate:.0f}/s, {spread(taken)}", must, aim, plain)
