"""The bell between machines."""

from __future__ import annotations

import threading

import pytest

from hall.push.bell import RedisBell


@pytest.mark.redis
def test_a_ring_on_one_machine_is_heard_on_another(redis_url: str) -> None:
    heard = threading.Event()
    ear, mouth = RedisBell(redis_url, heard.set), RedisBell(redis_url)
    ear.start()
    mouth.start()
    assert ear.listening.wait(5)
    mouth.ring()
    assert heard.wait(5)
    ear.stop()
    mouth.stop()


def test_ringing_without_redis_costs_nothing_and_fails_nothing() -> None:
    bell = RedisBell("redis://127.0.0.1:1/0")
    bell.start()
    bell.ring()
    bell.stop()
