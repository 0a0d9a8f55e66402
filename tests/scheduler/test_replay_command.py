from __future__ import annotations

import json
import re
from pathlib import Path
from time import sleep

import jsonschema
import pytest
from joblib import parallel_config

from hall.cli import main
from scheduler.replay.fixed import Fixed
from scheduler.replay.floor import Floor
from scheduler.replay.reading import read
from scheduler.replay.study import study

FORMATS = Path("docs/formats")
EXAMPLE = FORMATS / "scenario.example.json"


def _example() -> dict:
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


def _replay(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["replay", "--scenario", str(EXAMPLE), "--replications", "6", "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_example_keeps_the_documented_format() -> None:
    schema = json.loads((FORMATS / "scenario.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(_example(), schema)
    assert len(read(_example()).clerks) == 5


def test_every_policy_and_service_is_reported_with_intervals(capsys: pytest.CaptureFixture[str]) -> None:
    found = _replay(capsys, "--policy", "fixed", "threshold", "longest", "--jobs", "1")
    assert list(found["policies"]) == ["fixed", "threshold", "longest"]
    assert set(found["policies"]["fixed"]["services"]) == {"social", "pension", "property", "tax", "business"}
    for policy in found["policies"].values():
        mean = policy["total"]["mean_s"]
        assert 0 < mean["low"] <= mean["value"] <= mean["high"]
        assert {"p90_s", "p95_s", "over_15_min", "over_30_min", "walk_aways", "flips", "idle_share"} <= set(
            policy["total"]
        )
    assert set(found["differences"]) == {"threshold", "longest"}


def test_results_do_not_depend_on_the_number_of_processes(capsys: pytest.CaptureFixture[str]) -> None:
    alone = _replay(capsys, "--policy", "longest", "--jobs", "1")
    together = _replay(capsys, "--policy", "longest", "--jobs", "2")
    threads = _replay(capsys, "--policy", "longest", "--jobs", "3", "--backend", "threading")
    assert alone == together == threads


def test_threads_share_no_policy() -> None:
    """Each batch plans with a policy of its own: whoever runs beside it changes nothing."""
    scenario, policy = read(_example()), _Alone()
    alone = study(scenario, {"own": policy}, 8, 1, jobs=1)["own"]
    with parallel_config(backend="threading"):
        beside = study(scenario, {"own": policy}, 8, 1, jobs=4)["own"]
    assert [o.wait_s.tolist() for o in beside] == [o.wait_s.tolist() for o in alone]


class _Alone(Fixed):
    """Fixed, which fails where another day begins on the same object before this one is over."""

    def open(self, floor: Floor) -> None:
        self.every_s = 60.0
        self.floor = floor
        super().open(floor)

    def tick(self, floor: Floor) -> None:
        assert self.floor is floor
        sleep(0)  # let another thread go on


def test_a_what_if_is_answered_as_table_or_json_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    found = _replay(capsys, "--what-if", '{"ask": "more_demand", "percent": 20}')
    assert found["format"] == "tidehall.whatif/1"
    assert found["hall"]["difference"]["mean_s"]["value"] > 0
    assert set(found["services"]) == {"social", "pension", "property", "tax", "business"}
    asked = ["replay", "--scenario", str(EXAMPLE), "--replications", "2", "--what-if"]
    assert main([*asked, '{"ask": "more_demand", "percent": 20}']) == 0
    assert "difference" in capsys.readouterr().out
    assert main([*asked, '{"ask": "more_demand"}']) == 2
    assert "percent: A whole number from -90 to 300" in capsys.readouterr().err
    assert main([*asked, "now"]) == 2
    assert "not JSON" in capsys.readouterr().err


def test_a_what_if_keeps_to_the_policy_and_the_processes_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("--what-if", '{"ask": "more_demand", "percent": 20}')
    usual = _replay(capsys, *asked)
    fixed = _replay(capsys, *asked, "--policy", "fixed", "--jobs", "1")
    assert fixed["hall"]["before"] != usual["hall"]["before"]
    studied = _replay(capsys, "--policy", "fixed")["policies"]["fixed"]["total"]["mean_s"]
    for key, value in studied.items():
        assert fixed["hall"]["before"]["mean_s"][key] == pytest.approx(value, abs=1e-3)
    assert _replay(capsys, *asked, "--policy", "fixed", "--jobs", "2", "--backend", "threading") == fixed
    words = ["replay", "--scenario", str(EXAMPLE), *asked]
    assert main([*words, "--policy", "fixed", "longest"]) == 2
    assert "--policy: one policy" in capsys.readouterr().err
    assert main([*words, "--backend", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_a_shorter_promise_shows_how_many_more_are_late(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["replay", "--scenario", str(EXAMPLE), "--replications", "2", "--what-if"]
    assert main([*words, '{"ask": "promise", "minutes": 1}']) == 0
    late = capsys.readouterr().out.split("over the promise, %")[1]
    hall = next(line for line in late.splitlines() if "hall" in line)
    before, after, difference = (float(cell.split()[0]) for cell in hall.strip("│ ").split("│")[1:])
    assert after > before
    assert difference == pytest.approx(after - before, abs=0.11)  # of rounded figures


def test_trainings_and_equipment_are_ranked_as_table_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    for of in ("training", "equipment"):
        found = _replay(capsys, "--what-if", json.dumps({"ask": "worth", "of": of}))
        assert found["format"] == "tidehall.whatif/1"
        saved = [row["value"] for row in found["worth"]]
        assert saved == sorted(saved, reverse=True)
        assert found["replications"] == 6
    words = ["replay", "--scenario", str(EXAMPLE), "--replications", "2", "--what-if"]
    assert main([*words, '{"ask": "worth", "of": "training"}']) == 0
    told = capsys.readouterr().out
    assert "Chosen from 6 by 2 other days each." in told
    assert ("minutes saved a day" in told) or ("None stands out from chance." in told)
    assert main([*words, '{"ask": "worth", "of": "luck"}']) == 2
    assert "of: One of: training, equipment" in capsys.readouterr().err


def test_what_one_day_cannot_tell_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    """A ranking over one day wrote -Infinity, which is no JSON."""
    words = ["replay", "--scenario", str(EXAMPLE), "--replications", "1", "--jobs", "1"]
    asked = [*words, "--what-if", '{"ask": "worth", "of": "training"}']
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert {(row["low"], row["high"]) for row in told["worth"]} == {(None, None)}
    assert main(asked) == 0
    assert "±" not in capsys.readouterr().out
    assert main([*words, "--what-if", '{"ask": "more_demand", "percent": 20}', "--json"]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert told["hall"]["before"]["mean_s"] is None


def test_an_unknown_back_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--scenario", str(EXAMPLE), "--backend", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("--seed", "-1", "from 0 to 9223372036854775807"),
        ("--seed", "9223372036854775808", "from 0 to 9223372036854775807"),
        ("--seed", "one", "from 0 to 9223372036854775807"),
        ("--jobs", "0", "from 1 to 1000, or -1 for every core"),
        ("--jobs", "-5", "from 1 to 1000, or -1 for every core"),
        ("--jobs", "100000000000", "from 1 to 1000, or -1 for every core"),
        ("--replications", "0", "from 1 to 1000000"),
        ("--replications", "-3", "from 1 to 1000000"),
        ("--replications", "1.5", "from 1 to 1000000"),
        ("--replications", "1000000000000", "from 1 to 1000000"),
    ],
)
def test_a_number_that_means_nothing_is_refused_with_what_is_allowed(
    option: str, value: str, allowed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        main(["replay", "--scenario", str(EXAMPLE), option, value])
    assert refusal.value.code == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert f"argument {option}: “{value}” is no whole number {allowed}" in last


def test_every_core_and_the_least_seed_may_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert _replay(capsys, "--jobs", "-1", "--seed", "0")["seed"] == 0


def test_a_table_is_printed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--scenario", str(EXAMPLE), "--replications", "2", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    assert "mean" in out
    assert "property" in out


def test_each_service_shows_its_figures_policy_below_policy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    words = ["replay", "--scenario", str(EXAMPLE), "--replications", "20", "--jobs", "1", "--policy"]
    assert main([*words, "fixed", "threshold"]) == 0
    table = capsys.readouterr().out.split("by service (95 %)")[1].splitlines()
    heading = next(line for line in table if "policy" in line)
    for measure in ("mean, min", "P90, min", "P95, min", "> 15 min, %", "> 30 min, %", "walk-aways"):
        assert measure in heading
    tax = next(i for i, line in enumerate(table) if line.strip().startswith("tax"))
    assert table[tax].split()[:2] == ["tax", "fixed"]
    assert table[tax + 1].split()[0] == "threshold"
    assert len(re.findall(r"[±(]", table[tax])) == 6
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*words, "fixed", "threshold"]) == 0
    narrow = capsys.readouterr().out.split("by service (95 %)")[1]
    assert "threshold " in narrow and "walk-aways" in narrow and "…" not in narrow


def _at(*posts: tuple[str, str]) -> list[dict]:
    """Clerks for social and property who sit at these windows, with these modes, at opening."""
    return [
        {"id": str(i), "pace": {"social": 1, "property": 1}, "start_s": 32400, "end_s": 61200}
        | {"window": window, "mode": [mode]}
        for i, (window, mode) in enumerate(posts)
    ]


def _set(*where: str | int, to: object) -> dict:
    """The example with one value replaced, named from the top."""
    changed = _example()
    inside = changed
    for key in where[:-1]:
        inside = inside[key]
    inside[where[-1]] = to
    return changed


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"close_s": 10}, "/close_s"),
        ({"services": [{"id": "a", "family": "a"}]}, "/services/0/service_s"),
        ({"windows": [{"id": "1", "can": ["nothing"]}]}, "/windows/0/can/0: there is no service"),
        ({"demand": {"rate": {"social": [1.0]}}}, "/demand/rate/social"),
        (
            {
                "services": [{"id": "a/b~c", "family": "a", "service_s": 600}],
                "windows": [],
                "clerks": [],
                "demand": {"rate": {"a/b~c": [1.0]}},
            },
            "/demand/rate/a~1b~0c",
        ),
        ({"format": "tidehall.scenario/9"}, "/format"),
        ({"clerks": _at(("2", "social"), ("2", "social"))}, "/clerks/1/window"),
        ({"clerks": _at(("2", "social"), ("3", "tax"))}, "/clerks/1/mode/0: “tax” is not possible; the"),
        ({"demand": {"rate": {}, "day_cv": 1e-160}}, "/demand/day_cv: must be 0, or from"),
        ({"clerks": _at(("2", "business"))}, "/clerks/0/mode"),
        ({"clerks": _at(("3", "social"))}, "/clerks/0/mode"),
        ({"rules": {"max_families": 0}}, "/rules/max_families"),
        ({"zone": "Mars/X"}, "/zone: “Mars/X” is no time zone; allowed is a name such as Asia/Shanghai"),
        ({"zone": "../up"}, "/zone: “../up” is no time zone"),
        (_set("windows", 0, "fixed_mode", to=["tax"]), "/windows/0/fixed_mode/0: “tax” is not possible; the"),
        (_set("windows", 0, "fixed_mode", to=[]), "/windows/0/fixed_mode: a window that is not tidal offers"),
        (
            _set("windows", 0, "mode", to=["tax"]),
            "/windows/0/mode/0: “tax” is not possible; its mode is fixed",
        ),
        (_set("windows", 1, "mode", to=["property"]), "the window can: social, pension, tax, business"),
        (_set("windows", 1, "mode", to=["social", "zz"]), "/windows/1/mode/1: there is no service “zz”"),
        (_set("clerks", 0, "window", to="6"), "/clerks/0/window: the clerk can offer nothing at window 6"),
        (_set("clerks", 0, "window", to="99"), "/clerks/0/window: there is no window “99”"),
        (_set("clerks", 0, "mode", to=["zz"]), "/clerks/0/mode/0: there is no service “zz”"),
        (_set("clerks", 0, "pace", "z/z", to=1), "/clerks/0/pace/z~1z: there is no service “z/z”"),
        (_set("clerks", 0, "end_s", to=32_400), "/clerks/0/end_s: must be after start_s"),
        (_set("services", 0, "id", to="pension"), "/services/1/id: “pension” is already in the list"),
        (_set("windows", 0, "id", to="2"), "/windows/1/id: “2” is already in the list"),
        (_set("services", 0, "target_wait_s", to=None), "/services/0/target_wait_s: must be a number"),
        ({"rules": None}, "/rules: must be an object"),
        ({"hours": None}, "/hours: must be a list"),
        ({"here": [{"service": "zz", "at_s": 1}]}, "/here/0/service: there is no service “zz”"),
        ({"visits": [{"service": "zz", "at_s": 1}]}, "/visits/0/service: there is no service “zz”"),
        (_set("demand", "rate", "zz", to=[1.0] * 16), "/demand/rate/zz: there is no service “zz”"),
        (_set("demand", "forecast", to={"zz": [1.0] * 16}), "/demand/forecast/zz: there is no service “zz”"),
        (_set("demand", "work_factor", to={"zz": 1}), "/demand/work_factor/zz: there is no service “zz”"),
    ],
)
def test_a_wrong_scenario_is_refused_at_its_place(
    change: dict, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(_example() | change))
    assert main(["replay", "--scenario", str(path)]) == 2
    assert place in capsys.readouterr().err


def test_a_hall_with_nothing_in_it_has_no_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = {"services": [], "windows": [], "clerks": [], "demand": {"rate": {}}, "visits": []}
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(_example() | nothing))
    words = ["replay", "--scenario", str(path), "--replications", "2", "--jobs", "1", "--json"]
    assert main(words) == 0
    total = json.loads(capsys.readouterr().out)["policies"]["fixed"]["total"]
    assert total["mean_s"]["value"] is total["idle_share"]["value"] is None


def test_null_stands_where_the_format_names_it() -> None:
    changed = _set("clerks", 0, "window", to=None)
    changed["services"][0]["cap_wait_s"] = None
    changed["rules"] = {"max_flips_per_window": None}
    changed["here"] = [{"service": "social", "at_s": 32_000, "booked_s": None}]
    jsonschema.validate(changed, json.loads((FORMATS / "scenario.schema.json").read_text(encoding="utf-8")))
    assert read(changed).rules.max_flips_per_window is None


def test_a_scenario_saved_with_a_byte_order_mark_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert main(["replay", "--scenario", str(path), "--replications", "1", "--jobs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hall"] == "example"


@pytest.mark.parametrize(
    ("text", "why"), [("[" * 100_000, "nested too deeply"), ("9" * 5000, "a number has too many digits")]
)
def test_what_python_cannot_follow_is_refused_without_a_trace(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(text)
    assert main(["replay", "--scenario", str(path)]) == 2
    assert capsys.readouterr().err == f"tidehall replay: {path}, line 1: not JSON ({why})\n"
    assert main(["replay", "--scenario", str(EXAMPLE), "--what-if", text]) == 2
    assert capsys.readouterr().err == f"tidehall replay: --what-if: not JSON ({why})\n"


def test_what_is_no_scenario_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.json"
    path.write_text("{")
    for name in (str(path), str(tmp_path / "absent.json")):
        assert main(["replay", "--scenario", name]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
