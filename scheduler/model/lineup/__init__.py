"""The line-up: who sits where with which families, and when breaks are, chosen by rehearsing sampled days.

PLANNING.md §4 measured it as the largest lever: pairing families makes overlapping pools, which no load
share sees.
"""

from scheduler.model.lineup.search import MORNING, OPENING, SURE, Effort, Lineup, lineup
from scheduler.model.lineup.tempered import is_quiet

__all__ = ["MORNING", "OPENING", "SURE", "Effort", "Lineup", "is_quiet", "lineup"]
