"""Public screens, read-only: the hall board, the sign above each window, and how busy it is, for phones."""

from display import crowd
from display.views import blueprint

__all__ = ["blueprint", "crowd"]
