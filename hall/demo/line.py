"""What connects a simulated person with the hall: requests that are repeated until answered, and a screen."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Condition
from typing import Any

import requests
import socketio

AGAIN_S = 0.5  # real seconds between two tries of a press that got no answer
TIMEOUT_S = 15


class Refused(Exception):
    """The hall said no; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass
class Line:
    """One person's or device's way to the API. A press keeps its id until it is answered."""

    url: str
    hall: str
    token: str
    http: requests.Session = field(default_factory=requests.Session)

    def post(self, path: str, **body: Any) -> Any:
        """The answer's JSON, None for "nothing to do". Raises Refused."""
        return self._ask("POST", path, json={**body, "request_id": uuid.uuid4().hex})

    def get(self, path: str, **query: str) -> Any:
        """What the hall tells. Raises Refused."""
        return self._ask("GET", path, params=query)

    def _ask(self, method: str, path: str, **kwargs: Any) -> Any:
        place = path if path.startswith("/") else f"/halls/{self.hall}/{path}"
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        while True:
            try:
                answer = self.http.request(
                    method, f"{self.url}/api/v1{place}", headers=headers, timeout=TIMEOUT_S, **kwargs
                )
            except requests.RequestException:
                time.sleep(AGAIN_S)
                continue
            if answer.status_code >= 500:
                time.sleep(AGAIN_S)
                continue
            if answer.status_code == 204:
                return None
            found = answer.json()
            if answer.ok:
                return found
            raise Refused(found["error"]["code"], found["error"]["message"])


@dataclass
class HallClock:
    """The hall's time as its boards tell it."""

    real_at: float = 0.0  # seconds since the epoch
    hall_at: datetime | None = None
    speed: float = 1.0

    def hear(self, told: dict[str, Any]) -> None:
        self.real_at = datetime.fromisoformat(told["real_at"]).timestamp()
        self.hall_at, self.speed = datetime.fromisoformat(told["hall_at"]), told["speed"]

    def now(self) -> datetime:
        """The hall's time, in the hall's zone."""
        assert self.hall_at is not None, "nobody told the time yet"
        return self.hall_at + timedelta(seconds=(time.time() - self.real_at) * self.speed)

    def second(self) -> float:
        """Seconds since the hall's midnight."""
        now = self.now()
        return now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6

    def sleep(self, hall_s: float) -> None:
        """Wait for seconds of the hall's time."""
        time.sleep(max(0.0, hall_s / self.speed))

    @staticmethod
    def sleep_real(real_s: float) -> None:
        time.sleep(real_s)


class Screen:
    """The hall board, watched by all simulated people of one process; wakes whoever waits for a change."""

    def __init__(self, url: str, hall: str) -> None:
        self.url, self.hall = url, hall
        self.clock = HallClock()
        self.board: dict[str, Any] | None = None
        self.calls: dict[str, dict[str, Any]] = {}  # every call that was on the board, by its id
        self._version = -1
        self._changed = Condition()
        self._io = socketio.Client(reconnection_delay=0.3, reconnection_delay_max=2)
        self._io.on("connect", self._join, namespace="/board")
        self._io.on("board", self._draw, namespace="/board")
        self._io.on("beat", self._beat, namespace="/board")

    def start(self) -> None:
        """Connect, trying until the server is there, and wait for the first board."""
        while True:
            try:
                self._io.connect(self.url, namespaces=["/board"], transports=["websocket"])
                break
            except socketio.exceptions.ConnectionError:
                time.sleep(AGAIN_S)
        with self._changed:
            self._changed.wait_for(lambda: self.board is not None, TIMEOUT_S)

    def wait(self, real_s: float) -> None:
        """Sleep until the board changes, at most so many real seconds."""
        with self._changed:
            self._changed.wait(real_s)

    def window(self, window: str) -> dict[str, Any]:
        """What the board says of a window."""
        assert self.board is not None
        found: dict[str, Any] = next(row for row in self.board["windows"] if row["id"] == window)
        return found

    def waiting(self) -> dict[str, int]:
        """People waiting by service."""
        assert self.board is not None
        return {row["service"]: row["waiting"] for row in self.board["lines"]}

    def is_open(self) -> bool:
        """Whether the hall's doors are open now."""
        assert self.board is not None
        second = self.clock.second()
        today = self.clock.now().date().isoformat() == self.board["hall"]["day"]
        return today and any(start <= second < end for start, end in self.board["hall"]["hours"])

    def is_over(self) -> bool:
        """Whether the doors have closed for the day."""
        assert self.board is not None
        hours = self.board["hall"]["hours"]
        return not hours or self.clock.second() >= hours[-1][1]

    def _join(self) -> None:
        asked = {"hall": self.hall, "board": "hall"}
        self._io.emit("join", asked, namespace="/board", callback=self._draw)

    def _beat(self, told: dict[str, Any]) -> None:
        if told["boards"].get("hall", -1) > self._version:
            self._join()

    def _draw(self, told: dict[str, Any]) -> None:
        if "error" in told or told.get("hall", self.hall) != self.hall or told["version"] < self._version:
            return
        with self._changed:
            self.board, self._version = told["board"], told["version"]
            self.clock.hear(told["board"]["hall"]["clock"])
            for call in self.board["calls"]:
                self.calls.setdefault(call["id"], call)
            self._changed.notify_all()
