"""Boards written straight to the websockets of a real gevent server arrive whole, in order and to the end."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from hall.web.wire import frame
from tests.bench.hands import Hand
from tests.bench.screens import CONNECT, JOIN, UPGRADE, frame_at
from tests.bench.site import Served, prepare

CHANGES = 400  # boards of 3 kB: far more than a line with small buffers can hold


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    url = f"sqlite:///{tmp_path_factory.mktemp('wire')}/hall.sqlite"
    prepare(url)
    with Served(url) as site:
        yield site


class Line:
    """A websocket that reads only when told to."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.settimeout(10)
        self._socket.connect(("127.0.0.1", port))
        self._held = b""
        self._socket.sendall(UPGRADE.encode())
        while b"\r\n\r\n" not in self._held:
            self._held += self._socket.recv(4096)
        self._held = self._held.partition(b"\r\n\r\n")[2]

    def say(self, text: bytes) -> None:
        self._socket.sendall(bytes((0x81, 0x80 | len(text))) + bytes(4) + text)

    def hear(self) -> bytes:
        while (found := frame_at(self._held)) is None:
            more = self._socket.recv(65536)
            assert more, "the server closed the line"
            self._held += more
        start, size = found
        text, self._held = self._held[start : start + size], self._held[start + size :]
        return text

    def join(self) -> None:
        self.hear()
        self.say(CONNECT)
        self.hear()
        self.say(JOIN)
        assert self.hear().startswith(b"43/board,")

    def close(self) -> None:
        self._socket.close()


def truth(site: Served) -> dict[str, Any]:
    hand = Hand(site.port)
    found: dict[str, Any] = json.loads(hand.ask("GET", "/api/v1/halls/town/boards/hall")[1])
    hand.close()
    return found


def test_a_screen_too_slow_for_its_line_gets_whole_boards_in_order_and_the_newest_last(site: Served) -> None:
    line, kiosk = Line(site.port), Hand(site.port, "kiosk")
    line.join()
    for _ in range(CHANGES):
        assert kiosk.post("/halls/town/tickets", service="s0")[0] == 201
        time.sleep(0.002)
    newest = truth(site)
    versions = []
    while not versions or versions[-1] < newest["version"]:
        text = line.hear()
        if text == b"2":
            line.say(b"3")
            continue
        event, board = json.loads(text.removeprefix(b"42/board,"))
        assert event == "board"
        versions.append(board["version"])
    assert versions == sorted(set(versions))
    assert board["board"] == newest["board"]
    line.close()
    kiosk.close()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 100_000])
def test_a_frame_of_any_length_reads_back(size: int) -> None:
    framed = frame("x" * size)
    found = frame_at(framed)
    assert found is not None
    start, length = found
    assert framed[start : start + length] == b"x" * size
    assert start + length == len(framed)
