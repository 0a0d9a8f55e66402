"""Intervals over days: of levels inside what they can be, of differences on both sides of nothing."""

from __future__ import annotations

import json
from math import isinf

import pytest

from hall.cli import main
from scheduler.replay.figures import difference, summary
from scheduler.replay.longest import Longest
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
