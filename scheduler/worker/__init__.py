"""The worker process: re-plans every hall, rolls days over, applies what is due, keeps the lease."""

from scheduler.worker.command import main

__all__ = ["main"]
