"""`tidehall account`: the logins of a hall. A password is made here, shown once and kept only as a hash."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from hall.config import add_database_options, database_url
from hall.core.errors import HallError, Invalid
from hall.core.people import Role
from hall.store import accounts, migrations, read
from hall.store.db import Database
from hall.web.token import ROLES


def main(argv: list[str]) -> int:
    """Exit status 2 when it was not done."""
    options = _parser().parse_args(argv)
    db = Database(database_url(options))
    try:
        migrations.upgrade(db)
        told = options.act(db, options)
    except HallError as error:
        sys.stderr.write(f"tidehall account: {error}\n")
        return 2
    finally:
        db.close()
    sys.stdout.write(told)
    return 0


def _list(db: Database, options: Namespace) -> str:
    with db.look() as session:
        read.hall(session, options.hall)
        found = accounts.of_hall(session, options.hall)
    return "".join(f"{one.login}  {one.role.value}  {one.clerk_id or ''}".rstrip() + "\n" for one in found)


def _add(db: Database, options: Namespace) -> str:
    role = Role(options.role)
    if (role is Role.CLERK) != (options.clerk is not None):
        raise Invalid("/clerk", field="--clerk", allowed="a clerk's id for role clerk, nothing for others")
    password = accounts.Password.new()
    with db.change() as session:
        read.hall(session, options.hall)
        if options.clerk is not None:
            read.clerk(session, options.hall, options.clerk)
        accounts.add(session, options.hall, options.login, role, password, options.clerk)
    return _told(options.login, password)


def _password(db: Database, options: Namespace) -> str:
    password = accounts.Password.new()
    with db.change() as session:
        read.hall(session, options.hall)
        accounts.renew(session, options.hall, options.login, password)
    return _told(options.login, password)


def _told(login: str, password: accounts.Password) -> str:
    return f"login     {login}\npassword  {password.words}\n\nThe password is shown this once.\n"


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="tidehall account", description="List logins, add one, give a new password.")
    parser.add_argument("--hall", required=True, metavar="ID", help="the hall")
    add_database_options(parser)
    acts = parser.add_subparsers(required=True, metavar="list | add | password")
    acts.add_parser("list", help="the hall's logins and their roles").set_defaults(act=_list)
    add = acts.add_parser("add", help="a new login")
    add.add_argument("login")
    add.add_argument("--role", required=True, choices=[role.value for role in ROLES])
    add.add_argument("--clerk", metavar="ID", help="whose it is; required for role clerk")
    add.set_defaults(act=_add)
    password = acts.add_parser("password", help="a new password for a login")
    password.add_argument("login")
    password.set_defaults(act=_password)
    return parser
