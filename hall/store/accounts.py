"""Accounts and tokens: who may sign in, with passwords that we make, never ones that are the same everywhere.

A password is kept as its Argon2 hash, a token as its SHA-256: a token is random and long, so that no
slow hash is needed where every request shows it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from hall.core.errors import Invalid
from hall.core.people import Role
from hall.store import read
from hall.store.prepared import Prepared
from hall.store.tables import Account, Token

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another one
_GROUPS, _GROUP_LENGTH = 4, 4  # 31^16, about 79 bits
SEAL_LENGTH = 16  # hex digits; two passwords in a row share one once in 10^19


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody or something that has shown a credential: an account or a token, by its id."""

    id: str
    hall_id: str
    role: Role
    clerk_id: str | None
    login: str | None = None
    seal: str | None = None  # of an account: changes with its password, so that older sessions end


@dataclass(frozen=True, slots=True)
class Password:
    """A new password, to be shown once, and its hash, to be kept."""

    words: str
    hash: str

    @classmethod
    def new(cls) -> Password:
        """One that can be read out and typed, such as k3fd-m9xa-7bqe-w2ht.

        The hash takes a tenth of a second on purpose: make it before a transaction, in which all presses of
        a SQLite hall would wait for it.
        """
        words = "-".join(
            "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
        )
        return cls(words, PasswordHasher().hash(words))


def add(
    session: Session, hall_id: str, login: str, role: Role, password: Password, clerk_id: str | None = None
) -> None:
    """Make an account. Raises Invalid when the login is taken in this installation."""
    if session.scalar(select(Account.id).where(Account.login == login)):
        raise Invalid("/login", field="login", allowed=f"another one; “{login}” is taken")
    session.add(
        Account(
            id=secrets.token_hex(8), hall_id=hall_id, login=login, role=role.value, clerk_id=clerk_id,
            password_hash=password.hash,
        )
    )  # fmt: skip
    session.flush()


def renew(session: Session, hall_id: str, login: str, password: Password) -> None:
    """Give an account a new password. Raises Invalid for a login that this hall does not have."""
    account = session.scalar(select(Account).where(Account.login == login, Account.hall_id == hall_id))
    if account is None:
        raise Invalid("/login", field="login", allowed="one of this hall's accounts")
    account.password_hash = password.hash


def of_hall(session: Session, hall_id: str) -> list[Known]:
    """The hall's accounts by login."""
    rows = session.scalars(select(Account).where(Account.hall_id == hall_id).order_by(Account.login))
    return [_account(row) for row in rows]


def by_id(session: Session, account_id: str) -> Known | None:
    """The account of a session; None when it was taken away since."""
    row = session.get(Account, account_id)
    return _account(row) if row else None


def by_login(session: Session, login: str) -> tuple[Known | None, str]:
    """The account of a login and the hash that `is_password` wants; nobody's hash where there is none."""
    row = session.scalar(select(Account).where(Account.login == login))
    return (_account(row), row.password_hash) if row else (None, _nobodys_hash())


def is_password(password_hash: str, password: str) -> bool:
    """Whether the hash is this password's. Takes a tenth of a second of a processor and 64 MB, on purpose."""
    try:
        return PasswordHasher().verify(password_hash, password)
    except VerificationError:
        return False


def add_token(session: Session, hall_id: str, role: Role, clerk_id: str | None, now: datetime) -> str:
    """Make a bearer token and give it; only its hash is kept.

    Raises UnknownHall, Unknown for a clerk of another hall, Invalid when role and clerk do not fit.
    """
    read.hall(session, hall_id)
    if role in (Role.VISITOR, Role.SYSTEM):
        raise Invalid("/role", field="role", allowed="kiosk | display | clerk | manager | admin")
    if (role is Role.CLERK) != (clerk_id is not None):
        raise Invalid("/clerk", field="clerk", allowed="a clerk's id for role clerk, nothing for others")
    if clerk_id is not None:
        read.clerk(session, hall_id, clerk_id)
    token = secrets.token_urlsafe(32)
    session.add(
        Token(
            hash=_hash(token), id=f"token-{secrets.token_hex(6)}", hall_id=hall_id, role=role.value,
            clerk_id=clerk_id, made_at=now,
        )
    )  # fmt: skip
    session.flush()
    return token


def by_token(session: Session, token: str) -> Known | None:
    """Whose token this is. It is looked up by its hash, so that timing tells nothing of the token."""
    row = _TOKEN.first(session, hash=_hash(token))
    if row is None:
        return None
    id_, hall_id, role, clerk_id = row
    return Known(id_, hall_id, Role(role), clerk_id)


_TOKENS = Token.__table__.c
_TOKEN = Prepared(
    select(_TOKENS.id, _TOKENS.hall_id, _TOKENS.role, _TOKENS.clerk_id).where(
        _TOKENS.hash == bindparam("hash")
    )
)


def _account(row: Account) -> Known:
    seal = _hash(row.password_hash)[:SEAL_LENGTH]
    return Known(row.id, row.hall_id, Role(row.role), row.clerk_id, row.login, seal)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobodys_hash() -> str:
    return Password.new().hash
