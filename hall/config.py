"""Where this installation keeps its database. Asked once at start; an unusable answer stops the start."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

DATA_DIR = "tidehall-data"  # beside where the command is typed, unless told otherwise
DATABASE_FILE = "tidehall.sqlite"
DATABASE_VARIABLE = "TIDEHALL_DATABASE"


class UnusableDatabase(Exception):
    """Why a database cannot be opened, in words for whoever typed the command; never with its password."""


def add_database_options(parser: ArgumentParser) -> None:
    """The two options that say where the halls are; every command that opens them has both."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--data", metavar="DIR", help=f"folder of the SQLite database (default {DATA_DIR})")
    where.add_argument(
        "--database", metavar="URL", help=f"a database URL instead (default: ${DATABASE_VARIABLE})"
    )


def database_url(options: Namespace) -> str:
    """The database named by --database, --data, the environment, or the usual folder, in this order."""
    if options.database:
        return str(options.database)
    if options.data is None and os.environ.get(DATABASE_VARIABLE):
        return os.environ[DATABASE_VARIABLE]
    return f"sqlite:///{Path(options.data or DATA_DIR) / DATABASE_FILE}"
