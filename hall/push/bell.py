"""A bell between machines: Redis publish tells the other web processes that something was committed.

It carries nothing, so nothing is lost with it: the feed's own look every 250 ms finds what a bell missed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import redis

CHANNEL = "tidehall"
RETRY_S = 2.0
CONNECT_S = 2.0
LISTEN_S = 0.5  # how long a stop may have to wait for the listener

_log = logging.getLogger(__name__)


class RedisBell:
    """`ring` after a commit, from any thread, at once; `wake` is called when anybody rang."""

    def __init__(self, url: str, wake: Callable[[], None] | None = None) -> None:
        self._url = url
        self._wake = wake
        self._rung = threading.Event()
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.listening = threading.Event()

    def start(self) -> None:
        """Publish in one thread and, if there is somebody to wake, listen in another."""
        for act in (self._publish, self._listen) if self._wake else (self._publish,):
            thread = threading.Thread(target=self._forever, args=(act,), name="bell", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End both threads."""
        self._over.set()
        self._rung.set()
        for thread in self._threads:
            thread.join()

    def ring(self) -> None:
        """Tell the other machines. Never waits and never fails: a commit must not depend on Redis."""
        self._rung.set()

    def _forever(self, act: Callable[[redis.Redis], None]) -> None:
        """Act on a connection of this thread's own until the end; a lost Redis is tried again."""
        while not self._over.is_set():
            try:
                with redis.Redis.from_url(self._url, socket_connect_timeout=CONNECT_S) as client:
                    act(client)
            except (redis.RedisError, OSError) as error:
                _log.warning("no bell between machines for now: %s", type(error).__name__)
                self._over.wait(RETRY_S)

    def _publish(self, client: redis.Redis) -> None:
        while not self._over.is_set():
            self._rung.wait()
            self._rung.clear()
            client.publish(CHANNEL, b"")

    def _listen(self, client: redis.Redis) -> None:
        with client.pubsub(ignore_subscribe_messages=True) as channel:  # type: ignore[no-untyped-call]  # redis leaves it untyped
            channel.subscribe(CHANNEL)
            channel.get_message(timeout=CONNECT_S)  # the answer to subscribe
            self.listening.set()
            while not self._over.is_set():
                if channel.get_message(timeout=LISTEN_S) and self._wake:
                    self._wake()
