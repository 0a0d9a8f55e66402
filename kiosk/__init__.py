"""Where visitors ask: take a ticket, book, check in, look after a ticket."""

from kiosk.views import blueprint

__all__ = ["blueprint"]
