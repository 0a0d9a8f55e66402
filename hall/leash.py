"""A process on a leash ends when whoever started it is gone, even if that was killed and said nothing."""

from __future__ import annotations

import os
import signal
from _thread import start_new_thread

# Taken before gevent replaces it: waiting for a pipe must not stop the other greenlets.
_start = start_new_thread


def hold() -> None:
    """Watch standard input, a pipe that the starter holds open; when it closes, end as on SIGTERM."""
    _start(_wait, ())


def _wait() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
