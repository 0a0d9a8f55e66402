"""The manager's page: how the hall is, what the plan proposes and why, and the manager's word on it."""

from hall.dashboard import calendar, forecast
from hall.dashboard.views import blueprint

__all__ = ["blueprint", "calendar", "forecast"]
