"""The kinds of identifiers, so that a window's id is never passed where a service's is meant."""

from typing import NewType

HallId = NewType("HallId", str)
FamilyId = NewType("FamilyId", str)
ServiceId = NewType("ServiceId", str)
WindowId = NewType("WindowId", str)
ClerkId = NewType("ClerkId", str)
TicketId = NewType("TicketId", str)
BookingId = NewType("BookingId", str)
CallId = NewType("CallId", str)
PlanId = NewType("PlanId", str)
