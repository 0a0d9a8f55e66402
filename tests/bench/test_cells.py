"""What the plan bench keeps on disk: under keys that differ wherever the result may, and never made twice."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from scheduler.replay.fixed import Fixed
from tests.bench.plans import kept, lived, rules, tuning
from tests.bench.plans.__main__ import asked
from tests.bench.plans.cells import JUDGING_SEED, TUNING_SEED, Cell, cells, run
from tests.bench.plans.kept import PATIENT_PLANNER, ROOT, SIMULATOR, Kept, fingerprint
from tests.bench.plans.rules import Rule

CELL = Cell("town", 5, "normal", Rule("fixed", (2,)), 3, 0, 2)
THREADS, PUTS = 2, 300


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FOLDER", tmp_path)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry per day lived under the rule "fixed"."""
    found: list[int] = []

    def counting(families: int) -> Fixed:
        found.append(families)
        return Fixed(families)

    monkeypatch.setitem(rules.MAKERS, "fixed", counting)
    return found


def nobody(_: Cell) -> None:
    """Nobody is told that a cell is done."""


def test_a_second_run_reads_and_simulates_nothing(made: list[int]) -> None:
    wanted = cells("town", 5, "normal", Rule("fixed", (2,)), 3, 2)
    first = run(wanted, 1, nobody)
    assert len(made) == 2
    assert run(wanted, 1, nobody) == first
    assert wanted[0].days() == first[wanted[0]]
    assert len(made) == 2
    run([replace(wanted[0], kind="drift")], 1, nobody)
    assert len(made) == 4


@pytest.mark.parametrize(
    "other",
    [
        replace(CELL, shape="county"),
        replace(CELL, hall_seed=6),
        replace(CELL, kind="surge"),
        replace(CELL, rule=Rule("fixed", (1,))),
        replace(CELL, rule=Rule("longest", (2, 1))),
        replace(CELL, seed=4),
        replace(CELL, first=1),
        replace(CELL, count=3),
    ],
    ids=lambda cell: str(cell.key[1:]),
)
def test_another_cell_has_another_key_and_another_place(other: Cell) -> None:
    assert other.key != CELL.key
    Kept("cells").put(CELL.key, [1])
    assert Kept("cells").get(CELL.key) == [1]
    assert Kept("cells").get(other.key) is None


def test_days_differ_by_seed_number_and_hall(made: list[int]) -> None:
    """Were a part of the cell not used, two of these would be the same day."""
    found = [
        cell.days()[0]
        for cell in (
            CELL, replace(CELL, hall_seed=6), replace(CELL, seed=4), replace(CELL, first=1, count=1),
            replace(CELL, kind="surge"), replace(CELL, rule=Rule("fixed", (1,))),
        )
    ]  # fmt: skip
    assert len({day["mean_s"] for day in found}) == len(found)


def test_a_run_is_cut_into_cells_that_hold_each_day_once() -> None:
    for rule in (Rule("fixed", (2,)), rules.TIDAL):
        found = cells("town", 5, "normal", rule, 3, 12)
        numbers = [n for cell in found for n in range(cell.first, cell.first + cell.count)]
        assert numbers == list(range(12))


def test_tuning_days_and_judging_days_never_meet() -> None:
    assert not tuning.meets_tuning(JUDGING_SEED, 30)
    assert tuning.meets_tuning(TUNING_SEED, 1)
    first, last = TUNING_SEED, TUNING_SEED + tuning.DAYS - 1
    assert tuning.meets_tuning(last, 1) and not tuning.meets_tuning(last + 1, 30)
    assert tuning.meets_tuning(first - 10, 11) and not tuning.meets_tuning(first - 10, 10)


def test_the_judged_seed_is_asked_for_and_never_the_tuning_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked([]).seed == JUDGING_SEED
    assert asked(["--seed", "211", "--kinds", "patience"]).seed == 211
    for seed, days in ((TUNING_SEED, 30), (TUNING_SEED - 5, 30), (-1, 1)):
        with pytest.raises(SystemExit):
            asked(["--seed", str(seed), "--days", str(days)])
        assert f"--seed {seed} with {days} days: allowed is 0 or more" in capsys.readouterr().err


def test_trials_are_tuning_days_alone() -> None:
    assert {cell.seed for cell in tuning.trials("town", 5)} == {TUNING_SEED}


def test_the_setting_with_the_shorter_mean_wait_wins() -> None:
    """Every setting waits 100 s, but one of each kind 99 s; a last one is better on one kind of day alone."""
    best = {name: options[len(options) // 2] for name, options in rules.GRID.items()}
    for cell in tuning.trials("town", 5):
        is_last = any(cell.rule == options[-1] for options in rules.GRID.values())
        mean_s = 99.0 if cell.rule in best.values() else 98.0 if is_last and cell.kind == "normal" else 100.0
        Kept("cells").put(cell.key, [{"mean_s": mean_s}] * tuning.DAYS)
    assert tuning.winners("town", 5) == best


def test_two_workers_may_keep_the_same_thing_at_once() -> None:
    faults: list[Exception] = []
    together = threading.Barrier(THREADS)

    def put() -> None:
        together.wait()
        try:
            for _ in range(PUTS):
                Kept("lineups").put("the same", list(range(500)))
        except OSError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=put) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    assert Kept("lineups").get("the same") == list(range(500))
    assert len(list((kept.FOLDER / "lineups").iterdir())) == 1  # and no half left behind


@pytest.mark.parametrize("package", ["ortools", "numpy", "numba"])
def test_another_release_of_what_computes_has_another_fingerprint(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _changed(monkeypatch, lambda name: "9.9.9" if name == package else "1.0")


def _changed(monkeypatch: pytest.MonkeyPatch, release: Callable[[str], str]) -> bool:
    monkeypatch.setattr(kept, "version", lambda name: "1.0")
    usual = fingerprint.__wrapped__(SIMULATOR)
    monkeypatch.setattr(kept, "version", release)
    return bool(fingerprint.__wrapped__(SIMULATOR) != usual)


@pytest.mark.parametrize(
    ("rule", "place", "counts"),
    [
        (Rule("fixed", (2,)), "tests/bench/plans/rules.py", True),
        (Rule("fixed", (2,)), "scheduler/replay/floor.py", True),
        (Rule("fixed", (2,)), "tests/bench/plans/planner.py", False),
        (Rule("fixed", (2,)), "scheduler/model/search.py", False),
        (rules.TIDAL, "tests/bench/plans/rules.py", True),
        (rules.TIDAL, "tests/bench/plans/planner.py", True),
        (rules.TIDAL, "scheduler/model/search.py", True),
        (rules.TIDAL, "scheduler/forecast/learn.py", False),
    ],
)
def test_a_result_hangs_on_the_files_that_made_it(
    rule: Rule, place: str, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lived, "fingerprint", fingerprint.__wrapped__)
    usual, read = lived.code(rule), Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: read(file) + b"#" * (file == ROOT / place))
    assert (lived.code(rule) != usual) is counts


def test_every_file_that_a_simple_rule_runs_on_is_in_its_key() -> None:
    """Another part of the simulator, imported by the ones we know, must be named in kept.SIMULATOR too."""
    parts = [p.removesuffix(".py").replace("/", ".") for p in SIMULATOR if p.startswith("scheduler/replay/")]
    said = "import sys; print(*(m for m in sys.modules if m.split('.')[0] in ('scheduler', 'hall')))"
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {', '.join(parts)}; {said}"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
    ).stdout.split()  # fmt: skip
    files = {f"{name.replace('.', '/')}.py" for name in loaded}
    assert {f for f in files if (ROOT / f).is_file()} - set(SIMULATOR) <= NOT_RUN
    assert set(PATIENT_PLANNER).isdisjoint(NOT_RUN)


NOT_RUN = {
    "hall/core/names.py",  # types
    "hall/core/errors.py",  # what a refusal says
    "scheduler/field.py",  # reads snapshots
    "scheduler/premises.py",  # likewise
    "scheduler/replay/study.py",  # figures has a type of it
    "scheduler/wishes.py",  # pins and agreed flips of a running hall: a day of the bench has none
}


def test_fingerprints_of_other_places_differ() -> None:
    found = [fingerprint(SIMULATOR), fingerprint(PATIENT_PLANNER), fingerprint(kept.PLANNER)]
    assert all(one != other for one, other in pairwise(found))
