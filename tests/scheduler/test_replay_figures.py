"""Intervals over days: of levels inside what they can be, of differences on both sides of nothing."""

from __future__ import annotations

import json
from math import isinf, isnan

import pytest

from hall.cli import main
from scheduler.replay.figures import Figure, difference, summary
from scheduler.replay.fixed import Fixed
from scheduler.replay.longest import Longest
from scheduler.replay.reading import read
from scheduler.replay.scenario import Scenario
from scheduler.replay.study import study
from tests.bench.plans.halls import hall

SHARES = ("over_15_min", "over_30_min", "idle_share")


def test_few_days_give_no_wait_below_nothing_and_no_share_above_all() -> None:
    town = hall("town", 4)
    names = [s.id for s in town.services]
    found = study(town, {"one": Longest(1), "two": Longest(2)}, 2, 1, jobs=1)
    levels = summary(found["two"], names)
    for figures in (levels.total, *levels.services.values()):
        for measure, each in figures.items():
            assert not each.low < 0, measure
            assert not (measure in SHARES and each.high > 1), measure
            assert not each.value < each.low and not each.value > each.high, measure
    apart = difference(found["two"], found["one"], names)
    assert min(each.low for each in apart.total.values()) < 0, "a difference may be below nothing"


def test_the_interval_of_one_day_stays_unknown() -> None:
    town = hall("town", 4)
    alone = study(town, {"two": Longest(2)}, 1, 1, jobs=1)["two"]
    each = summary(alone, [s.id for s in town.services]).total["mean_s"]
    assert isinf(each.low) and isinf(each.high)


def test_the_command_s_intervals_are_inside_too(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["replay", "--scenario", "docs/formats/scenario.example.json", "--replications", "2"]
    assert main([*words, "--json", "--jobs", "1"]) == 0
    fixed = json.loads(capsys.readouterr().out)["policies"]["fixed"]
    rows = [fixed["total"], *fixed["services"].values()]
    assert min(each["low"] for row in rows for each in row.values()) == 0


def test_an_interval_that_is_cut_is_written_out_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Half its length beside the mean would promise more than is known."""
    words = ["replay", "--scenario", "docs/formats/scenario.example.json", "--jobs", "1", "--replications"]
    assert main([*words, "2"]) == 0
    assert "(0.0–" in capsys.readouterr().out
    assert main([*words, "20"]) == 0
    mean = next(line for line in capsys.readouterr().out.splitlines() if "mean wait, min" in line)
    assert "±" in mean


COUNTS = ("walk_aways", "unserved", "bare_min")


def _rare(visitors_a_day: float) -> Scenario:
    """One clerk, for a; whoever comes for b is served by nobody."""
    return read(
        {
            "format": "tidehall.scenario/1", "hall": "rare", "day": "2026-03-02",
            "open_s": 32_400, "close_s": 61_200, "slot_s": 28_800,
            "services": [{"id": s, "family": s, "service_s": 600} for s in "ab"],
            "windows": [{"id": "1", "can": ["a", "b"]}],
            "clerks": [{"id": "ann", "pace": {"a": 1}, "start_s": 32_400, "end_s": 61_200}],
            "demand": {
                "rate": {"a": [30], "b": [visitors_a_day]}, "patience": {"median_s": 600, "sigma": 0.5},
            },
        }
    )  # fmt: skip


def test_services_add_up_to_the_hall_on_days_without_visitors_too() -> None:
    """A service that five days of thirty had visitors for lost one in each of those, and so “one a day”."""
    days = study(_rare(0.2), {"one": Fixed(1), "two": Longest(2)}, 30, 1, jobs=1)
    levels, apart = summary(days["one"], "ab"), difference(days["two"], days["one"], "ab")
    assert 0 < levels.services["b"]["walk_aways"].low < levels.services["b"]["walk_aways"].value < 0.5
    for found in (levels, apart):
        for count in COUNTS:
            parts = sum(found.services[s][count].value for s in "ab")
            assert parts == pytest.approx(found.total[count].value), count


def test_a_service_that_nobody_came_for_has_counts_and_no_waits() -> None:
    days = study(_rare(0), {"one": Fixed(1)}, 3, 1, jobs=1)["one"]
    for found in (summary(days, "ab"), difference(days, days, "ab")):
        b = found.services["b"]
        assert [b[count] for count in COUNTS] == [Figure(0, 0, 0)] * 3
        assert isnan(b["mean_s"].value) and isnan(b["over_30_min"].value)
