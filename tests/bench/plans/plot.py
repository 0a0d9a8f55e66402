"""Mean waits of all policies, hall by hall, as a drawing (SVG) for docs/BENCHMARKS.md."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from scheduler.replay.figures import Daily
from tests.bench.plans.column import column
from tests.bench.plans.rules import REFERENCE

ROW, BAR, LEFT, WIDE, HEAD = 24, 15, 190, 400, 34  # pixels
OURS, THEIRS, BESIDE = "#0b57b0", "#9aa8b5", "#d3dbe2"
NAMES = {REFERENCE: "free switching (reference)", "tidal": "Tidehall's planner"}

Found = Mapping[str, Mapping[str, list[Daily]]]  # [hall][policy] = days of one kind


def drawing(kind: str, found: Found) -> str:
    """Bars from zero, a panel for each hall; the planner's own in blue."""
    longest = max(_minutes(days) for rules in found.values() for days in rules.values())
    parts, top = [], 0
    for hall, rules in found.items():
        parts.append(f'<text x="8" y="{top + 22}" font-weight="700">{escape(hall)}, {escape(kind)}</text>')
        top += HEAD
        for name, days in rules.items():
            parts += _bar(top, name, _minutes(days), longest)
            top += ROW
    size = f'width="{LEFT + WIDE + 90}" height="{top + 8}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="#fff"/>', *parts, "</svg>", ""])


def _bar(top: int, name: str, minutes: float, longest: float) -> list[str]:
    colour = OURS if name == "tidal" else BESIDE if name == REFERENCE else THEIRS
    width, middle = minutes / longest * WIDE, top + ROW // 2
    return [
        f'<text x="{LEFT - 8}" y="{middle + 5}" text-anchor="end">{escape(NAMES.get(name, name))}</text>',
        f'<rect x="{LEFT}" y="{middle - BAR // 2}" width="{width:.0f}" height="{BAR}" fill="{colour}"/>',
        f'<text x="{LEFT + width + 6:.0f}" y="{middle + 5}">{minutes:.1f} min</text>',
    ]


def _minutes(days: list[Daily]) -> float:
    return float(column(days, "mean_s").mean()) / 60
