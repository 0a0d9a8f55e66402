"""PostgreSQL under gevent: a connection that waits on the loop itself.

Psycopg sees that gevent has replaced `select` and then polls through its emulation, which costs 0.1 ms
and two watchers at each of a press's dozen answers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

import psycopg
from gevent.socket import wait_read, wait_readwrite, wait_write
from psycopg.waiting import Ready, Wait

Result = TypeVar("Result")

# After a wait for both, both are tried; neither blocks.
_WAYS: dict[Wait, tuple[Callable[[int], object], Ready]] = {
    Wait.R: (wait_read, Ready.R), Wait.W: (wait_write, Ready.W), Wait.RW: (wait_readwrite, Ready.RW),
}  # fmt: skip


class Connection(psycopg.Connection[Any]):
    """A connection whose waits let other greenlets run."""

    def wait(
        self, gen: Generator[Wait, Ready, Result], interval: float = 0.1, timeout: float | None = None
    ) -> Result:
        """Run `gen` to its end; with a time limit, which only closing and cancelling have, as psycopg."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            asked = next(gen)
            while True:
                wait, ready = _WAYS[asked]
                wait(self.pgconn.socket)
                asked = gen.send(ready)
        except StopIteration as end:
            result: Result = end.value
            return result
        except psycopg.Error:
            raise
        except BaseException:
            self.pgconn.finish()  # broken off in the middle: nobody may use it again
            raise
