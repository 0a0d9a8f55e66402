"""`tidehall demo`: a living district hall, its pages' addresses, and the people in it."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from hall.clock import SystemClock
from hall.core.days import instant
from hall.core.names import HallId
from hall.core.people import WORKER
from hall.demo import seed, tide
from hall.demo.cast import Cast, cast_of
from hall.demo.district import HALL, ZONE
from hall.desk import opening
from hall.desk.pace import put_forward
from hall.store import accounts, read
from hall.store.db import Database
from hall.store.journal import UNASKED

DATA = "tidehall-demo"
SPEED, MOST_SPEED = 6.0, 600.0  # beyond, a second of ours is more than a case at the window
PORT = 8000
FREE_WINDOW = 36  # this window and its clerk are left to whoever looks at the demo
START_S = 60.0
LOOK_S = 2.0  # between two looks at the hall's night
NIGHT_S = 18 * 3600
MORNING_S = tide.MORNING_S - 600


def main(argv: list[str]) -> int:
    """Run until Ctrl-C. Exit status 1 when the server does not start."""
    options = _parser().parse_args(argv)
    children: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return _run(options, children)
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # told twice is told once
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(children)


def _run(options: argparse.Namespace, children: list[subprocess.Popen[bytes]]) -> int:
    """Make the hall where there is none, and run it; every process started is put into `children`."""
    folder = Path(options.data)
    if options.fresh:
        shutil.rmtree(folder, ignore_errors=True)
    url = f"sqlite:///{folder / 'tidehall.sqlite'}"
    db = Database(url)
    if not seed.is_there(db):
        db.close()
        shutil.rmtree(folder, ignore_errors=True)  # a making that was broken off is begun again
        db = Database(url)
        _make(db, options.seed)
    with closing(db):
        seed.start_clock(db, options.speed)
        port = options.port or _free_port(options.port)
        children.append(_start("hall.cli", "serve", "--database", url, "--port", str(port), "--leashed"))
        address = f"http://127.0.0.1:{port}"
        if not _answers(address, children[0]):
            return 1
        print(_told(db, address, options), flush=True)
        if not options.empty:
            cast = _cast(db, address, options)
            children.append(_start("hall.demo.people"))
            _tell(children[1], cast)
        while children[0].poll() is None:
            time.sleep(LOOK_S)
            _skip_the_night(db)
        return 1


def _make(db: Database, number: int) -> None:
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"  {time.monotonic() - began:4.0f} s  {what}", flush=True)

    print("Making the demo hall, once. Everything in it is made up and marked so.", flush=True)
    today = SystemClock().real().date()
    seed.make(db, today, number, say)


def _start(module: str, *words: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches us alone, and we end the others in order.
    command = [sys.executable, "-m", module, *words]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)


def _answers(address: str, server: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        with suppress(URLError, OSError), urlopen(f"{address}/healthz", timeout=2):
            return True
        time.sleep(0.05)
    print("The server did not start; its words are above.", file=sys.stderr)
    return False


def _cast(db: Database, address: str, options: argparse.Namespace) -> Cast:
    """The simulated people, each with a token of their own; all but the clerk who is left to the newcomer."""
    cast = cast_of(db, address, HALL, options.seed, kiosks=seed.KIOSKS, manager=not options.no_manager)
    cast.clerks.pop(f"c{FREE_WINDOW:02d}")
    return cast


def _tell(people: subprocess.Popen[bytes], cast: Cast) -> None:
    assert people.stdin is not None
    people.stdin.write(cast.to_json().encode() + b"\n")
    people.stdin.flush()


def _told(db: Database, address: str, options: argparse.Namespace) -> str:
    new = {login: accounts.Password.new() for login in ("manager", f"clerk{FREE_WINDOW}", "kiosk1")}
    words = {login: password.words for login, password in new.items()}
    with db.change() as session:
        for login, password in new.items():
            accounts.renew(session, HALL, login, password)
        hall = read.hall(session, HALL)
        now = hall.pace.at(SystemClock().real()).astimezone(ZoneInfo(ZONE))
    place = f"{address}/h/{HALL}"
    decided = (
        "you decide on plans"
        if options.no_manager
        else "a simulated manager approves plans that nobody decides"
    )
    return f"""
滨江区政务服务大厅 (演示 demo): {now:%A %H:%M} in the hall, {options.speed:g} times as fast as outside.
Visitors, clerks and figures are made up; {decided}.

  first page            {address}/
  hall board            {place}/board
  how busy, for phones  {place}/now
  a tidal window's sign {place}/sign/W30
  kiosk                 {place}/kiosk        kiosk1    {words["kiosk1"]}
  clerk's console       {place}/console/W{FREE_WINDOW}  clerk{FREE_WINDOW}   {words[f"clerk{FREE_WINDOW}"]}
  manager's dashboard   {place}/manage       manager   {words["manager"]}
  the API, to read      {address}/api/v1/docs

Window {FREE_WINDOW} is left to you. Ctrl-C ends the demo; the next start goes on from there,
“tidehall demo --fresh” begins anew.
"""


def _skip_the_night(db: Database) -> None:
    """Put the hall's clock forward to the next open morning once the evening has come."""
    with db.look() as session:
        hall = read.hall(session, HALL)
        now = hall.pace.at(SystemClock().real()).astimezone(ZoneInfo(ZONE))
    second = now.hour * 3600 + now.minute * 60
    if MORNING_S <= second < NIGHT_S and tide.is_open(now.date()):
        return
    day = now.date() + timedelta(days=1 if second >= NIGHT_S else 0)
    while not tide.is_open(day):
        day += timedelta(days=1)
    morning = instant(day, MORNING_S, ZONE)
    opening.perform(db, SystemClock(), WORKER, HallId(HALL), UNASKED, lambda c: put_forward(c, morning))


def _free_port(asked: int | None) -> int:
    """The usual port, or any free one when somebody has it or 0 was asked for."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT if asked is None else asked))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in reversed(children):
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(10)
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _speed(text: str) -> float:
    """Times real time. A clock that stands or runs backwards would hang everybody who waits for it."""
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0.0 < speed <= MOST_SPEED:
        raise argparse.ArgumentTypeError(f"“{text}” is no number above 0 and up to {MOST_SPEED:g}")
    return speed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tidehall demo", description="A living district hall, all made up.")
    parser.add_argument("--data", metavar="DIR", default=DATA, help=f"where it is kept (default {DATA})")
    parser.add_argument("--speed", type=_speed, default=SPEED, help=f"default {SPEED:g} times real time")
    parser.add_argument("--port", type=int, help=f"default {PORT}; 0: any free one")
    parser.add_argument("--seed", type=int, default=7, help="another number gives other visitors (default 7)")
    parser.add_argument("--fresh", action="store_true", help="begin anew on the surge Monday")
    parser.add_argument("--no-manager", action="store_true", help="nobody but you decides on plans")
    parser.add_argument("--empty", action="store_true", help="no simulated people")
    return parser
