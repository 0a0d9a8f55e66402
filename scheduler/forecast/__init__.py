"""Walk-ins expected per service and slot: learned from finished days, brought up to date through the day."""

from scheduler.forecast.day import Forecast
from scheduler.forecast.learn import Model, fit
from scheduler.forecast.table import Count

__all__ = ["Count", "Forecast", "Model", "fit"]
