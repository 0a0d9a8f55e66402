"""The line-up: who sits where with which families, and when breaks are, chosen by rehearsing sampled days.

PLANNING.md §4 measured it as the largest lever: pairing families makes overlapping pools, which no load
share sees.
"""

from scheduler.model.lineup.search import AGAIN, BRIEF, OPENING, SHORT, Effort, Lineup, lineup

__all__ = ["AGAIN", "BRIEF", "OPENING", "SHORT", "Effort", "Lineup", "lineup"]
