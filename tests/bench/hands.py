"""Hands that press: plain sockets, so that the load costs the measured process as little as it can."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

TIMEOUT_S = 30.0


class Hand:
    """One kept connection. A request is sent whole; the answer is read to its Content-Length."""

    def __init__(self, port: int, token: str = "manager") -> None:
        self._token = token
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """Status and body of the answer."""
        raw = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + raw)
        return self._answer()

    def post(self, path: str, **body: Any) -> tuple[int, Any]:
        """A change with a fresh request id, and its answer as JSON."""
        status, raw = self.ask("POST", f"/api/v1{path}", {"request_id": _fresh(), **body})
        return status, json.loads(raw) if raw else None

    def close(self) -> None:
        self._socket.close()

    def _answer(self) -> tuple[int, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, body = got.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        found = self._socket.recv(65536)
        if not found:
            raise ConnectionError("the server closed the connection")
        return found


_numbers = count(1)
_run = f"{time.monotonic_ns():x}"


def _fresh() -> str:
    return f"b-{_run}-{next(_numbers)}"


def together(
    hands: int, seconds: float, act: Callable[[int], Callable[[], None]]
) -> tuple[float, list[float]]:
    """Let hands act side by side for a while: acts per second, and each act's seconds.

    `act(index)` prepares one hand and gives what it repeats.
    """
    taken: list[float] = []
    ready = threading.Barrier(hands + 1)
    end: list[float] = []

    def press(index: int) -> None:
        once = act(index)
        ready.wait()
        while (began := time.monotonic()) < end[0]:
            once()
            taken.append(time.monotonic() - began)

    threads = [threading.Thread(target=press, args=(index,)) for index in range(hands)]
    end.append(time.monotonic() + 1e9)
    for thread in threads:
        thread.start()
    began = time.monotonic()
    end[0] = began + seconds + 0.05
    ready.wait()
    for thread in threads:
        thread.join()
    return len(taken) / (time.monotonic() - began), taken
