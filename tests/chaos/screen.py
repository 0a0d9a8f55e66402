"""A screen on the wall: joins a board, draws what is newer, comes back by itself when the server does."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

import socketio


class Screen:
    """One Socket.IO client on `/board`, as `live.js` behaves. `board` is what it shows now."""

    def __init__(self, url: str, hall: str, name: str, token: str) -> None:
        self.url, self.hall, self.name, self.token = url, hall, name, token
        self.board: dict[str, Any] = {}
        self.version = -1
        self.joined = 0
        self.announced: list[str] = []  # ids of calls, in the order in which they were announced
        self.modes: list[list[str]] = []  # of a window's sign: each mode it has shown, in order
        self._client = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=0.5)
        self._client.on("connect", self._join, namespace="/board")
        self._client.on("board", self._draw, namespace="/board")

    def __enter__(self) -> Self:
        self._client.connect(
            self.url, namespaces=["/board"], auth={"token": self.token}, transports=["websocket"]
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()

    def announced_twice(self) -> list[str]:
        return [call for call, times in Counter(self.announced).items() if times > 1]

    def _join(self) -> None:
        asked = {"hall": self.hall, "board": self.name}
        self._client.emit("join", asked, namespace="/board", callback=self._draw)
        self.joined += 1

    def _draw(self, told: dict[str, Any]) -> None:
        if "error" in told or told["version"] <= self.version:
            return
        known = {call["id"] for call in self.board.get("calls", [])}
        if self.version >= 0:  # what is on the board when a screen starts is old news
            self.announced += [
                call["id"] for call in reversed(told["board"].get("calls", [])) if call["id"] not in known
            ]
        mode = told["board"].get("mode")
        if mode is not None and (not self.modes or self.modes[-1] != mode):
            self.modes.append(mode)
        self.board, self.version = told["board"], told["version"]
