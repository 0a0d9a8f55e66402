"""A fault 差错: one rule that a plan breaks, and where in the plan."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule` is a stable code, `path` a JSON Pointer into the plan's document."""

    rule: str
    path: str
    text: str
