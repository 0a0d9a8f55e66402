"""What belongs to an installation as a whole rather than to one of its halls."""

from __future__ import annotations

import secrets

from sqlalchemy.exc import IntegrityError

from hall.store.db import Database
from hall.store.tables import Secret

SESSION_KEY = "session_key"


def secret_key(db: Database) -> str:
    """The key that signs sessions: made at the first start, the same for every process on this database."""
    with db.look() as session:
        found = session.get(Secret, SESSION_KEY)
    if found is not None:
        return found.value
    made = secrets.token_hex(32)
    try:
        with db.change() as session:
            session.add(Secret(name=SESSION_KEY, value=made))
    except IntegrityError:  # another process was quicker; its key is the installation's
        with db.look() as session:
            return session.get_one(Secret, SESSION_KEY).value
    return made
