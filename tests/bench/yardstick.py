"""What this disk and this database can do at best: plain durable commits, one after the other."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import psycopg

SECONDS = 2.0


def sqlite_commits(folder: Path) -> float:
    """Durable commits a second of one row each, SQLite in WAL with synchronous=FULL."""
    connection = sqlite3.connect(folder / "yardstick.sqlite", isolation_level=None)
    for line in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {line}")
    connection.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, said TEXT)")
    done, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO plain (said) VALUES ('x')")
        connection.execute("COMMIT")
        done += 1
    connection.close()
    return done / SECONDS


def postgres_commits(url: str) -> float:
    """Durable commits a second of one row each, PostgreSQL with fsync, one connection."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS yardstick (id serial PRIMARY KEY, said text)")
        done, end = 0, time.monotonic() + SECONDS
        while time.monotonic() < end:
            connection.execute("INSERT INTO yardstick (said) VALUES ('x')")
            done += 1
    return done / SECONDS
