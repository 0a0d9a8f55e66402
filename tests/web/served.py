"""A served hall for tests: the real app on a free port of the loopback, with a token for each role."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import requests
import socketio
from werkzeug.serving import WSGIRequestHandler, make_server

from hall.core.hall import Settings
from hall.core.people import Role
from hall.store.tables import Hall, Token
from hall.web.app import create_app
from tests.builders import MONDAY, NINE, ZONE, World, make_hall

ROLES = {"kiosk": Role.KIOSK, "display": Role.DISPLAY, "manager": Role.MANAGER, "admin": Role.ADMIN}


@dataclass
class Site:
    """The hall as its callers meet it. The token of each role is its own name."""

    world: World
    address: str
    app: Any
    _ids: Any = field(default_factory=lambda: count(1))
    _http: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, by: str | None, **kwargs: Any) -> requests.Response:
        headers = {"Accept-Language": "en", **({"Authorization": f"Bearer {by}"} if by else {})}
        return self._http.request(
            method, f"{self.address}/api/v1{path}", headers=headers, timeout=20, **kwargs
        )

    def get(self, path: str, by: str | None = "manager") -> requests.Response:
        return self.call("GET", path, by)

    def post(self, path: str, by: str | None = "manager", **body: Any) -> requests.Response:
        """POST with a fresh request id unless the body brings its own."""
        return self.call("POST", path, by, json={"request_id": f"test-{next(self._ids)}", **body})

    def issue(self, service: str = "social", **body: Any) -> dict[str, Any]:
        answer = self.post("/halls/town/tickets", "kiosk", service=service, **body)
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()["ticket"]
        return ticket

    def sign_in(self, clerk: str = "c1", window: str = "W01") -> None:
        answer = self.post(f"/halls/town/windows/{window}/sign-in", clerk)
        assert answer.status_code == 200, answer.text

    def next(self, clerk: str = "c1", window: str = "W01", **body: Any) -> requests.Response:
        return self.post(f"/halls/town/windows/{window}/call-next", clerk, **body)

    def close(self) -> None:
        self._http.close()


def error(answer: requests.Response) -> tuple[int, str, str | None]:
    """What a refusal told: status, code, path."""
    told = answer.json()["error"]
    return answer.status_code, told["code"], told.get("path")


class Quiet(WSGIRequestHandler):
    """A line per request would bury the test's own words."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


@contextmanager
def served(url: str, **hall: Any) -> Iterator[Site]:
    """make_hall, served by the real app in threads of this process until the end of the block."""
    world = make_hall(url, **hall)
    add_tokens(world)
    app = create_app(url, clock=world.clock, secret="of this test")
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    site = Site(world, f"http://127.0.0.1:{server.server_port}", app)
    try:
        yield site
    finally:
        site.close()
        app.extensions["feed"].stop()
        server.shutdown()
        server.server_close()
        thread.join()
        app.extensions["tidehall"].database.close()


def add_tokens(world: World, clerks: int = 3) -> None:
    """A token for each role and clerk, readable on purpose; a real one is random and printed once."""
    names = {**ROLES, **{f"c{n}": Role.CLERK for n in range(1, clerks + 1)}}
    with world.db.change() as session:
        for name, role in names.items():
            session.add(
                Token(
                    hash=hashlib.sha256(name.encode()).hexdigest(), id=f"token-{name}", hall_id=world.hall,
                    role=role.value, clerk_id=name if role is Role.CLERK else None, made_at=NINE,
                )
            )  # fmt: skip


def add_hall(world: World, hall_id: str, token: str) -> None:
    """Another hall in the same database, empty but for its manager's token."""
    with world.db.change() as session:
        session.add(
            Hall(
                id=hall_id, name_zh=hall_id, name_en=hall_id, zone=ZONE, version=0, day=MONDAY,
                settings=Settings(), pace_real_at=NINE, pace_hall_at=NINE, pace_speed=1.0,
            )
        )  # fmt: skip
        session.flush()
        hashed = hashlib.sha256(token.encode()).hexdigest()
        session.add(Token(hash=hashed, id=f"token-{token}", hall_id=hall_id, role="manager", made_at=NINE))


class Screen:
    """A screen that keeps, for each board, every version it was told."""

    def __init__(self, site: Site, token: str | None = None) -> None:
        self.told: list[dict[str, Any]] = []
        self.hints: list[dict[str, Any]] = []
        self.beats: list[dict[str, Any]] = []
        self._io = socketio.Client(reconnection=False)
        self._io.on("board", self.told.append, namespace="/board")
        self._io.on("hint", self.hints.append, namespace="/board")
        self._io.on("beat", self.beats.append, namespace="/board")
        auth = {"token": token} if token else None
        self._io.connect(site.address, namespaces=["/board"], auth=auth, transports=["websocket"])

    def ask(self, event: str, *data: Any) -> Any:
        return self._io.call(event, data if len(data) != 1 else data[0], namespace="/board", timeout=5)

    def join(self, board: str = "hall", hall: str = "town") -> Any:
        return self.ask("join", {"hall": hall, "board": board})

    def newest(self, name: str) -> dict[str, Any] | None:
        told = [board for board in self.told if board["name"] == name]
        return max(told, key=lambda board: board["version"]) if told else None

    def close(self) -> None:
        """Go without waiting three seconds for the other side's goodbye."""
        socket = self._io.eio.ws
        socket.close = partial(socket.close, timeout=0)
        self._io.disconnect()
