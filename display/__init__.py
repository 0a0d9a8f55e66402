"""Public screens, read-only: the hall board and the sign above each window."""

from display.views import blueprint

__all__ = ["blueprint"]
