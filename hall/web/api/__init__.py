"""The HTTP API of contracts/README.md §4. Importing it declares all operations on its blueprint."""

from hall.web.api import boards, bookings, calendar, openapi, plans, quieter, tickets, windows
from hall.web.api.operations import blueprint

__all__ = ["blueprint", "boards", "bookings", "calendar", "openapi", "plans", "quieter", "tickets", "windows"]
