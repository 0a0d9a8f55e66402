"""The hall's clock put forward: only a demo does that, in its nights."""

from __future__ import annotations

from datetime import datetime

from hall.core.errors import Invalid
from hall.core.events import SettingsChanged
from hall.store.journal import Change


def put_forward(change: Change, to: datetime) -> None:
    """Let the hall's time go on from `to`, at the same speed. Refuses with Invalid for a time gone by."""
    if to <= change.now:
        raise Invalid("/to", field="to", allowed="a time still to come")
    change.hall.pace_hall_at += to - change.now
    change.write(SettingsChanged(change.by.id, "pace"))
