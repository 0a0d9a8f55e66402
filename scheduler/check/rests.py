"""Breaks: each one not taken is placed once, inside its limits, or now where they have passed."""

from __future__ import annotations

from scheduler.check.fault import Fault
from scheduler.check.rulebook import Rulebook
from scheduler.plan import Plan


def faults(book: Rulebook, plan: Plan) -> list[Fault]:
    due = {(c.id, i): b for c in book.snapshot.clerks for i, b in enumerate(c.breaks) if not b.taken}
    found, seen = [], set()
    for i, planned in enumerate(plan.breaks):
        path, key = f"/breaks/{i}", (planned.clerk, planned.index)
        if key not in due or key in seen:
            found.append(Fault("break_unknown", path, f"{planned.clerk} has no such break to plan"))
            continue
        seen.add(key)
        earliest_s, latest_s = due[key].earliest_s, due[key].latest_s
        if latest_s < book.now_s:
            earliest_s = latest_s = book.now_s
        if not max(earliest_s, book.now_s) <= planned.start_s <= latest_s:
            text = f"{planned.clerk}: {planned.start_s} is not in [{earliest_s}, {latest_s}]"
            found.append(Fault("break_limits", path, text))
    for clerk, index in sorted(due.keys() - seen):
        found.append(Fault("break_missing", "/breaks", f"{clerk}: break {index} has no start"))
    return found
