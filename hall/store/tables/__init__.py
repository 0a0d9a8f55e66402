"""All tables, so that one import knows the whole schema."""

from hall.store.tables.base import Base
from hall.store.tables.halls import Account, Family, Hall, Lease, Secret, Service, Token
from hall.store.tables.journal import Answer, JournalRow
from hall.store.tables.plans import Arrivals, CalendarEntry, Flip, Pin, Plan
from hall.store.tables.tickets import Booking, Call, Counter, SlotAhead, Ticket
from hall.store.tables.windows import Attendance, Clerk, Shift, Skill, Window

__all__ = [
    "Account", "Answer", "Arrivals", "Attendance", "Base", "Booking", "CalendarEntry", "Call",
    "Clerk", "Counter", "Family", "Flip", "Hall", "JournalRow", "Lease", "Pin", "Plan", "Secret", "Service",
    "Shift", "Skill", "SlotAhead", "Ticket", "Token", "Window",
]  # fmt: skip
