"""Many screens in one process: real websockets that join the hall's board and note when each call arrived.

`python -m tests.bench.screens PORT COUNT`: says `ready` when all have joined, then answers each line on
standard input with `{call id: [monotonic seconds of arrival]}`. Written on bare sockets, since a client
library would cost more than the server that is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict

AT_ONCE = 50  # connections being opened at a time
PATIENCE_S = 120.0
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
CONNECT, JOIN = b"40/board,", b'42/board,1["join",{"hall":"town","board":"hall"}]'
NEWEST_CALL = b'"calls":[{"id":"'
ID_LENGTH = 16

arrived: dict[str, list[float]] = defaultdict(list)


class Screen(asyncio.Protocol):
    """One websocket."""

    def __init__(self, joined: asyncio.Future[None]) -> None:
        self._joined = joined
        self._held = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        transport.write(UPGRADE.encode())

    def data_received(self, data: bytes) -> None:
        self._held += data
        if not self._upgraded:
            _, end, rest = self._held.partition(b"\r\n\r\n")
            if not end:
                return
            self._held, self._upgraded = rest, True
        while (length := frame_at(self._held)) is not None:
            start, size = length
            self._told(self._held[start : start + size])
            self._held = self._held[start + size :]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._joined.done():
            self._joined.set_exception(exc or ConnectionError("closed before it had joined"))

    def _told(self, text: bytes) -> None:
        if text.startswith(b'42/board,["board"'):
            at = text.find(NEWEST_CALL) + len(NEWEST_CALL)
            arrived[text[at : at + ID_LENGTH].decode()].append(time.monotonic())
        elif text == b"2":
            self._say(b"3")
        elif text.startswith(b"0"):
            self._say(CONNECT)
        elif text.startswith(b"40"):
            self._say(JOIN)
        elif text.startswith(b"43") and not self._joined.done():
            self._joined.set_result(None)

    def _say(self, text: bytes) -> None:
        # A client must mask; with a mask of zeros the text stays as it is.
        self._line.write(bytes((0x81, 0x80 | len(text))) + bytes(4) + text)


def frame_at(held: bytes) -> tuple[int, int] | None:
    """Where the first whole frame's text starts, and its length."""
    if len(held) < 2:
        return None
    size, start = held[1] & 0x7F, 2
    if size == 126:
        size, start = int.from_bytes(held[2:4], "big"), 4
    elif size == 127:
        size, start = int.from_bytes(held[2:10], "big"), 10
    return (start, size) if len(held) >= start + size else None


async def main(port: int, count: int) -> None:
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(AT_ONCE)

    async def open_one() -> None:
        async with gate:
            joined = loop.create_future()
            await loop.create_connection(lambda: Screen(joined), "127.0.0.1", port)
            await asyncio.wait_for(joined, PATIENCE_S)

    await asyncio.gather(*(open_one() for _ in range(count)))
    print("ready", flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(arrived), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
