"""`tidehall serve`: the web process, with the worker beside it. `tidehall web` leaves the worker out."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hall import leash
from hall.config import add_database_options, database_url

if TYPE_CHECKING:
    from hall.web.running import Running

HOST, PORT = "127.0.0.1", 8000
SERVES = {
    True: "Serves the pages and the API, and keeps a worker that plans the halls.",
    False: "Serves the pages and the API, as one of several processes; “tidehall worker” plans.",
}
# What the socket library tries to import for being a client, or for a bus that we do not use.
CLIENTS = ("requests", "redis", "websocket", "aiohttp")


def main(argv: list[str], *, with_worker: bool = True) -> int:
    """Serve until told to stop (SIGTERM or Ctrl-C). Exit status 1 when it cannot start."""
    began = time.monotonic()
    options = _parser(with_worker).parse_args(argv)
    # Before anything that waits is imported: sockets, locks and sleep then let other greenlets run.
    from gevent import monkey

    monkey.patch_all()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with no_clients():
        from hall.web.running import CannotServe, Running

    if options.leashed:
        leash.hold()
    worker = with_worker and not options.no_worker
    try:
        running = Running(database_url(options), options.host, options.port, options.redis)
        with running:
            _say(running, worker, time.monotonic() - began)
            for number in (signal.SIGTERM, signal.SIGINT):
                running.stop_at(number)
            running.forever(worker)
    except CannotServe as why:
        sys.stderr.write(f"tidehall: {why}\n")
        return 1
    return 0


@contextmanager
def no_clients() -> Iterator[None]:
    """Import a server without what only clients need: a fifth of its start, 12 MB of its memory.

    None in sys.modules makes an optional import fail. Afterwards the bell may import Redis as ever.
    """
    absent = [name for name in CLIENTS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # the language's own sign for "not there"
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _say(running: Running, worker: bool, seconds: float) -> None:
    halls = running.halls()
    lines = [f"Tidehall serves {running.url}/ (ready after {seconds:.1f} s; Ctrl-C stops it)"]
    lines += [
        f"  {name}: {running.url}/h/{hall_id}/…  kiosk | board | console | manage" for hall_id, name in halls
    ]
    if not halls:
        lines.append("  There is no hall yet: “tidehall init hall.yaml” makes one (docs/hall-file.md).")
    if not worker:
        lines.append("  Without a worker: nobody plans until “tidehall worker” runs on this database.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _parser(with_worker: bool) -> argparse.ArgumentParser:
    word = "serve" if with_worker else "web"
    parser = argparse.ArgumentParser(prog=f"tidehall {word}", description=SERVES[with_worker])
    add_database_options(parser)
    parser.add_argument(
        "--host", default=HOST, help=f"address to listen on (default {HOST}: this machine only)"
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"port to listen on (default {PORT}; 0: any free one)"
    )
    parser.add_argument(
        "--redis", metavar="URL", help="the bell between machines, such as redis://bell:6379/0"
    )
    parser.add_argument("--leashed", action="store_true", help=argparse.SUPPRESS)
    if with_worker:
        parser.add_argument("--no-worker", action="store_true", help="serve without planning")
    return parser
