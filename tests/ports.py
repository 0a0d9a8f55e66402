"""Free ports on loopback, for servers that cannot bind port 0 and tell."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port that was free a moment ago. Another process may take it first: callers try again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
