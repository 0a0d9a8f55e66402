"""Leases: which process serves or plans a hall. Real time; claimed by an update that checks the old row."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hall.store.tables import Lease

LENGTH = timedelta(seconds=15)
RENEW_S = 5.0


def this_process() -> str:
    """The name under which this process holds leases."""
    return f"{socket.gethostname()}:{os.getpid()}"


def claim(session: Session, hall_id: str, role: str, holder: str, real: datetime) -> bool:
    """Take or renew the lease of a role; whether this holder has it now.

    A holder that was killed on this machine has lost it at once, one on another machine when it ends.
    """
    row = session.get(Lease, (hall_id, role))
    if row is None and _first(session, hall_id, role, holder, real):
        return True
    if row is not None and _is_gone(row.holder):
        release(session, hall_id, role, row.holder, real - LENGTH)
    return (
        session.scalar(
            update(Lease)
            .where(
                Lease.hall_id == hall_id, Lease.role == role,
                or_(Lease.holder == holder, Lease.until < real),
            )
            .values(holder=holder, until=real + LENGTH)
            .returning(Lease.hall_id)
        )
        is not None
    )  # fmt: skip


def _is_gone(holder: str) -> bool:
    """Whether a holder was a process of this machine that no longer runs."""
    host, _, pid = holder.rpartition(":")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it runs, under another account
        return False
    return False


def _first(session: Session, hall_id: str, role: str, holder: str, real: datetime) -> bool:
    """Make the row of a role that nobody ever held; False when another process was quicker."""
    try:
        with session.begin_nested():
            session.add(Lease(hall_id=hall_id, role=role, holder=holder, until=real + LENGTH, state={}))
    except IntegrityError:
        return False
    return True


def release(session: Session, hall_id: str, role: str, holder: str, real: datetime) -> None:
    """Give the lease back, so that the next holder need not wait for its end."""
    session.execute(
        update(Lease)
        .where(Lease.hall_id == hall_id, Lease.role == role, Lease.holder == holder)
        .values(until=real)
    )


def tell(session: Session, hall_id: str, role: str, state: dict[str, Any]) -> None:
    """Leave word for the dashboard: what the holder did last."""
    session.execute(update(Lease).where(Lease.hall_id == hall_id, Lease.role == role).values(state=state))


def held(session: Session, hall_id: str, role: str, real: datetime) -> Lease | None:
    """The lease if somebody holds it now."""
    lease = session.get(Lease, (hall_id, role))
    return lease if lease is not None and lease.until > real else None
