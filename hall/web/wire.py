"""News straight to the websockets of a room: framed once, written to every line that is free.

Engine.IO queues each packet for each screen, wakes a writer for each and frames it there again. With two
thousand screens that takes the better part of a second; this takes a few hundredths. Only under gevent,
whose sockets never block; a line that is not free, and a screen that polls, gets the packet as before.
"""

from __future__ import annotations

import os
from typing import Any

import gevent
from engineio.async_drivers.gevent import WebSocketWSGI
from engineio.packet import MESSAGE, Packet
from flask_socketio import SocketIO
from gevent.lock import Semaphore
from socketio.packet import EVENT

_TEXT = 0x81  # a whole text message
_SHORT, _MIDDLE = 126, 1 << 16  # from here on a length takes two, then eight bytes more


class Wire(WebSocketWSGI):
    """One websocket of Engine.IO that can also be written to past its queue."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        # Compression would cost a quarter of a megabyte and its own work for each screen.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        self._writing = Semaphore()
        self.app.__self__.wire = self  # the handler is a method of Engine.IO's Socket
        return super().__call__(environ, start_response)

    def send(self, message: str | bytes) -> None:
        """Send one message of Engine.IO's queue, whole."""
        if not self.ws.connected:
            raise OSError("the websocket is closed")
        if isinstance(message, bytes):
            super().send(message)
            return
        with self._writing:
            self.ws.sock.sendall(frame(message))

    def write_now(self, framed: bytes) -> bool:
        """Write without waiting; False when the line is busy or full, and nothing was written."""
        if self._writing.locked():
            return False
        try:
            written = os.write(self.ws.sock.fileno(), framed)
        except BlockingIOError:
            return False
        except OSError:
            return True  # a dead line: its reader notices, and the screen joins again
        if written < len(framed):
            self._writing.acquire()
            gevent.spawn(self._write_rest, framed[written:])
        return True

    def _write_rest(self, rest: bytes) -> None:
        try:
            self.ws.sock.sendall(rest)
        except OSError:
            self.ws.connected = False
        finally:
            self._writing.release()


def lay(socketio: SocketIO) -> None:
    """Let all websockets from now on be Wires."""
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": Wire}  # its own driver table, shared by all servers


def tell(socketio: SocketIO, namespace: str, room: str, event: str, data: dict[str, Any]) -> None:
    """Send an event to everybody in a room."""
    server = socketio.server
    text = server.packet_class(EVENT, namespace=namespace, data=[event, data]).encode()
    packet = Packet(MESSAGE, text)
    framed = frame(packet.encode())
    for _, engine_id in list(server.manager.get_participants(namespace, room)):
        line = server.eio.sockets.get(engine_id)
        wire: Wire | None = getattr(line, "wire", None)
        # Past packets that still wait in the queue nothing may go, or an old board would come last.
        if wire is None or not line.upgraded or not line.queue.empty() or not wire.write_now(framed):
            server._send_eio_packet(engine_id, packet)


def frame(text: str) -> bytes:
    """A text message as one websocket frame, unmasked as a server's are (RFC 6455 §5.2)."""
    raw = text.encode()
    size = len(raw)
    if size < _SHORT:
        return bytes((_TEXT, size)) + raw
    if size < _MIDDLE:
        return bytes((_TEXT, 126)) + size.to_bytes(2, "big") + raw
    return bytes((_TEXT, 127)) + size.to_bytes(8, "big") + raw
