"""Small drawings as numbers: what the templates put into SVG and bars. Nothing here knows colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

SPARK_W, SPARK_H = 96, 24
CHART_W, CHART_H = 220, 72
TIMELINE_S = 4 * 3600  # posts further ahead are intent that will change
HEADROOM = 1.15  # of the highest value, so that no line touches the frame


def spark(plan: Mapping[str, Any] | None, line: Mapping[str, Any]) -> dict[str, Any] | None:
    """A line's expected waits as one polyline beside its promise; None without a plan."""
    return _curve(plan, line, SPARK_W, SPARK_H)


def expected(plan: Mapping[str, Any] | None, line: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same, larger, with the times and minutes for its axes."""
    found = _curve(plan, line, CHART_W, CHART_H)
    if found is None or plan is None:
        return None
    series = plan["expected"][line["id"]]
    waits = series["wait_s"]
    end_s = series["from_s"] + series["slot_s"] * (len(waits) - 1)
    peak = max(range(len(waits)), key=waits.__getitem__)
    return {
        **found, "id": line["id"], "name_zh": line["name_zh"], "name_en": line["name_en"],
        "from_s": series["from_s"], "end_s": end_s, "peak_min": round(waits[peak] / 60),
        "peak_s": series["from_s"] + peak * series["slot_s"], "target_min": line["target_wait_s"] // 60,
        "over": waits[peak] > line["target_wait_s"],
    }  # fmt: skip


def _curve(
    plan: Mapping[str, Any] | None, line: Mapping[str, Any], width: int, height: int
) -> dict[str, Any] | None:
    series = plan["expected"].get(line["id"]) if plan else None
    if not series or len(series["wait_s"]) < 2:
        return None
    waits, target = series["wait_s"], line["target_wait_s"]
    top = max(*waits, target) * HEADROOM
    step = width / (len(waits) - 1)
    points = " ".join(f"{i * step:.1f},{height * (1 - w / top):.1f}" for i, w in enumerate(waits))
    return {
        "width": width, "height": height, "points": points, "target_y": round(height * (1 - target / top), 1),
        "first_min": round(waits[0] / 60), "last_min": round(waits[-1] / 60),
    }  # fmt: skip


def timeline(
    plan: Mapping[str, Any] | None, windows: Sequence[Mapping[str, Any]], now_s: int
) -> dict[str, Any] | None:
    """The plan's posts by window for the next hours, as bars in percent of the span shown.

    `steady`: windows that go on as they are; a large hall has dozens, and few eyes need them.
    """
    if plan is None or not plan["posts"]:
        return None
    end_s = min(max(p["to_s"] for p in plan["posts"]), now_s + TIMELINE_S)
    if end_s <= now_s:
        return None
    rows = [
        {"label": w["label"], "mode": w["mode"], "bars": _bars(_posts_at(plan, w["id"]), now_s, end_s)}
        for w in windows
    ]
    hours = range(-(-now_s // 3600) * 3600, end_s, 3600)
    return {
        "changing": [row for row in rows if row["bars"] and not _is_steady(row)],
        "steady": [row for row in rows if row["bars"] and _is_steady(row)],
        "hours": [{"at_s": h, "left": _percent(h, now_s, end_s)} for h in hours],
    }


def _is_steady(row: Mapping[str, Any]) -> bool:
    return len(row["bars"]) == 1 and sorted(row["bars"][0]["mode"]) == sorted(row["mode"])


def _posts_at(plan: Mapping[str, Any], window: str) -> list[dict[str, Any]]:
    """A window's posts in order, those that merely go on drawn as one."""
    posts = sorted((p for p in plan["posts"] if p["window"] == window), key=lambda p: p["from_s"])
    merged = [dict(p) for p in posts[:1]]
    for before, post in pairwise(posts):
        same = before["clerk"] == post["clerk"] and before["mode"] == post["mode"]
        if same and before["to_s"] == post["from_s"]:
            merged[-1]["to_s"] = post["to_s"]
        else:
            merged.append(dict(post))
    return merged


def _bars(posts: Sequence[Mapping[str, Any]], start_s: int, end_s: int) -> list[dict[str, Any]]:
    return [
        {
            **post,
            "left": _percent(max(post["from_s"], start_s), start_s, end_s),
            "width": _percent(min(post["to_s"], end_s), start_s, end_s)
            - _percent(max(post["from_s"], start_s), start_s, end_s),
        }
        for post in posts
        if post["to_s"] > start_s and post["from_s"] < end_s
    ]


def _percent(at_s: int, start_s: int, end_s: int) -> float:
    return round(100 * (at_s - start_s) / (end_s - start_s), 2)
