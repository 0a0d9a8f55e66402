"""The clerk's page: choose a window, sign in, call, and everything that follows a call."""

from hall.console.views import blueprint

__all__ = ["blueprint"]
