"""Accounts: logins with passwords that we make, never ones that are the same everywhere."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from hall.core.errors import Invalid
from hall.core.people import Role
from hall.store.tables import Account

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another one
_GROUPS, _GROUP_LENGTH = 4, 4  # 31^16, about 79 bits


def new_password() -> str:
    """A password that can be read out and typed, such as k3fd-m9xa-7bqe-w2ht."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))


def add(session: Session, hall_id: str, login: str, role: Role, clerk_id: str | None = None) -> str:
    """Make an account and give its password, which is kept nowhere but as a hash.

    Raises Invalid when the login is taken in this installation.
    """
    if session.scalar(select(Account.id).where(Account.login == login)):
        raise Invalid("/login", field="login", allowed=f"another one; “{login}” is taken")
    password = new_password()
    session.add(
        Account(
            id=secrets.token_hex(8), hall_id=hall_id, login=login, role=role.value, clerk_id=clerk_id,
            password_hash=PasswordHasher().hash(password),
        )
    )  # fmt: skip
    session.flush()
    return password
