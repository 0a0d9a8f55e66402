"""A second look at a plan: the rules of contracts/README.md §1 read once more, from the two documents alone.

It shares no code with scheduler.check and goes another way, moment by moment instead of post by post, so that
what one of them does not see the other does. Not looked at: whether fewer floors could be missed (test_floors
does), and the wording of reasons.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import Any

Document = dict[str, Any]
AT_WORK = ("idle", "serving", "setup")


def wrongs(hall: Document, plan: Document) -> list[str]:
    """What is wrong with the plan of this hall, in words; [] = nothing."""
    try:
        json.dumps(plan, allow_nan=False)
    except ValueError:
        return ["no JSON: a number is none"]
    return [*_told(hall, plan), *_rests(hall, plan), *_people(hall, plan), *_windows(hall, plan)]


def _told(hall: Document, plan: Document) -> Iterator[str]:
    if any(plan[name] != hall[name] for name in ("hall", "day", "now_s")):
        yield "another hall, day or moment"
    if (plan["status"] == "fallback") != (plan["gap"] is None) or (plan["gap"] or 0) < 0:
        yield f"gap {plan['gap']} of a plan that is {plan['status']}"
    now = hall["now_s"]
    offered = [s for p in plan["posts"] if p["from_s"] <= now < p["to_s"] for s in p["mode"]]
    open_now = [s for s in hall["services"] if _is_open(hall, s, now)]
    short = {s["id"]: s["floor"] - offered.count(s["id"]) for s in open_now}
    if {u["service"]: u["short"] for u in plan["unmet"]} != {s: n for s, n in short.items() if n > 0}:
        yield f"unmet {plan['unmet']}, short {short}"
    dropped = {d["window"] for d in plan["dropped"]}
    for one in hall["committed"]:
        at = max(now, one["at_s"])
        kept = any(
            p["window"] == one["window"]
            and p["from_s"] <= at < p["to_s"]
            and sorted(p["mode"]) == sorted(one["mode"])
            and (one["clerk"] or p["clerk"]) == p["clerk"]
            for p in plan["posts"]
        )
        if not kept and one["window"] not in dropped:
            yield f"{one} neither kept nor dropped"


def _is_open(hall: Document, service: Document, at: int) -> bool:
    def within(hours: list[list[int]]) -> bool:
        return any(begin <= at < end for begin, end in hours)

    return within(hall["hours"]) and (service["hours"] is None or within(service["hours"]))


def _rests(hall: Document, plan: Document) -> Iterator[str]:
    """Every break once, where it may be; one after the other, if any order of them would do."""
    now, placed = hall["now_s"], {(b["clerk"], b["index"]): b["start_s"] for b in plan["breaks"]}
    due = {(c["id"], i): b for c in hall["clerks"] for i, b in enumerate(c["breaks"]) if not b["taken"]}
    if placed.keys() != due.keys() or len(placed) != len(plan["breaks"]):
        yield f"breaks {sorted(placed)}, due {sorted(due)}"
    for key in placed.keys() & due.keys():
        least, most = max(now, due[key]["earliest_s"]), max(now, due[key]["latest_s"])
        if not least <= placed[key] <= most:
            yield f"break {key} at {placed[key]}"
    for clerk in hall["clerks"]:
        mine = [key for key in due if key[0] == clerk["id"] and due[key]["length_s"] and key in placed]
        ends = sorted((placed[key], placed[key] + due[key]["length_s"]) for key in mine)
        if any(b[0] < a[1] for a, b in pairwise(ends)) and any(
            _fit([due[key] for key in order], now) for order in permutations(mine)
        ):
            yield f"{clerk['id']} has two breaks at once: {ends}"


def _fit(order: list[Document], now: float) -> bool:
    """Whether breaks in this order can follow each other from now on."""
    at = now
    for each in order:
        at = max(at, each["earliest_s"]) if each["latest_s"] >= now else at
        if at > max(each["latest_s"], now):
            return False
        at += each["length_s"]
    return True


def _people(hall: Document, plan: Document) -> Iterator[str]:
    """At each moment at which something begins or ends, where everybody is."""
    now = hall["now_s"]
    for clerk in hall["clerks"]:
        posts = [p for p in plan["posts"] if p["clerk"] == clerk["id"]]
        rests = [
            (b["start_s"], b["start_s"] + clerk["breaks"][b["index"]]["length_s"])
            for b in plan["breaks"]
            if b["clerk"] == clerk["id"]
        ]
        moments = (
            {t for p in posts for t in (p["from_s"], p["to_s"] - 1)} | {int(r[0]) for r in rests} | {now}
        )
        last = clerk["end_s"] if clerk["end_s"] > now else now + hall["rules"]["replan_s"] + 1
        for t in sorted(moments):
            here = [p for p in posts if p["from_s"] <= t < p["to_s"]]
            is_wanted = t == now and clerk["status"] in AT_WORK
            if len(here) != is_wanted if t == now else len(here) > 1:
                yield f"{clerk['id']} has {len(here)} posts at {t}"
            if not here or t == now:
                continue
            if not (t < last if clerk["status"] in AT_WORK else clerk["start_s"] <= t < clerk["end_s"]):
                yield f"{clerk['id']} does not work at {t}"
            if any(begin <= t < end for begin, end in rests):
                yield f"{clerk['id']} is on a break at {t}"
        for post in posts:
            if not set(post["mode"]) <= clerk["pace"].keys() or not post["to_s"] > max(now, post["from_s"]):
                yield f"{clerk['id']} is not authorised, or no time is left: {post}"


def _windows(hall: Document, plan: Document) -> Iterator[str]:
    """Each window's mode as the hours go by."""
    family, rules = {s["id"]: s["family"] for s in hall["services"]}, hall["rules"]
    most = rules["max_flips_per_window"]
    for window in hall["windows"]:
        posts = sorted((p for p in plan["posts"] if p["window"] == window["id"]), key=lambda p: p["from_s"])
        pins = [p for p in hall["pins"] if p["window"] == window["id"]]
        refused = [r for r in hall["refused"] if r["window"] == window["id"]]
        mode, since, flips, busy_until = set(window["mode"]), window["mode_since_s"], window["flips_today"], 0
        for post in posts:
            new, at, said = set(post["mode"]), max(post["from_s"], hall["now_s"]), f"{window['id']}: {post}"
            pin = next((p for p in pins if at < p["until_s"]), None)
            if post["from_s"] < busy_until:
                yield f"two clerks, {said}"
            if not new or len(new) < len(post["mode"]) or not new <= set(window["can"]) or not window["open"]:
                yield f"the window cannot, {said}"
            if len({family[s] for s in new}) > rules["max_families"]:
                yield f"too many families, {said}"
            decided = [pin["mode"]] if pin else []
            if any(new != set(m) for m in (*decided, *([] if window["tidal"] else [window["fixed_mode"]]))):
                yield f"fixed or pinned, {said}"
            if not pin and new != mode and any(new == set(r["mode"]) and at < r["until_s"] for r in refused):
                yield f"refused, {said}"
            is_flip = bool(mode) and not new <= mode
            flips += is_flip
            is_spent = most is not None and flips > most
            if is_flip and (is_spent or (not pin and at < since + rules["min_dwell_s"])):
                yield f"flips too soon or too often, {said}"
            since = at if is_flip or not mode else since
            mode, busy_until = new, max(busy_until, post["to_s"])
