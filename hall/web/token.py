"""`tidehall token`: a bearer token for a kiosk, a screen or a program, shown this once."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from hall.clock import SystemClock
from hall.config import add_database_options, database_url
from hall.core.errors import HallError
from hall.core.people import Role
from hall.store import accounts, migrations, read
from hall.store.db import Database

ROLES = (Role.KIOSK, Role.DISPLAY, Role.CLERK, Role.MANAGER, Role.ADMIN)


def main(argv: list[str]) -> int:
    """Print the token alone on standard output. Exit status 2 when there is none to give."""
    options = _parser().parse_args(argv)
    db = Database(database_url(options))
    try:
        migrations.upgrade(db)
        with db.change() as session:
            hall = read.meant(session, options.hall)
            token = accounts.add_token(session, hall, Role(options.role), options.clerk, SystemClock().real())
    except HallError as error:
        sys.stderr.write(f"tidehall token: {error}\n")
        return 2
    finally:
        db.close()
    sys.stdout.write(f"{token}\n")
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="tidehall token",
        description="Make a bearer token and print it this once; only its hash is kept.",
    )
    parser.add_argument("--hall", metavar="ID", help="the hall it opens (default: the only one)")
    parser.add_argument("--role", required=True, choices=[role.value for role in ROLES])
    parser.add_argument("--clerk", metavar="ID", help="whose it is; required for role clerk")
    add_database_options(parser)
    return parser
