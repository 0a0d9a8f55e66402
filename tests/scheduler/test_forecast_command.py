"""`tidehall forecast`: what contracts/README.md §2 promises, row by row and fault by fault."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.forecast.command import main

MONDAY = date(2026, 3, 2)
Answer = Callable[..., tuple[int, list[dict[str, str]], list[str]]]


@pytest.fixture
def forecast(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    """Runs the command over a text; its status, rows and lines of complaint."""

    def run(
        history: str, *words: str, calendar: str | None = None
    ) -> tuple[int, list[dict[str, str]], list[str]]:
        file = tmp_path / "history.csv"
        file.write_text(history, encoding="utf-8", errors="surrogateescape")
        if calendar is not None:
            (tmp_path / "calendar.csv").write_text(calendar, encoding="utf-8", errors="surrogateescape")
            words = (*words, "--calendar", str(tmp_path / "calendar.csv"))
        status = main(["--history", str(file), *words])
        said = capsys.readouterr()
        return status, list(csv.DictReader(io.StringIO(said.out))), said.err.splitlines()

    return run


def office(weeks: int = 6, until: date = MONDAY, series: tuple[str, ...] = ("estate", "social")) -> str:
    """Monday to Friday, 09:00 to 12:00 in half hours; some days are busier than others."""
    lines = ["start,series,count"]
    for day in (until - timedelta(days=n) for n in range(7 * weeks, 0, -1)):
        if day.weekday() < 5:
            lines += [
                f"{day}T{hour:02d}:{minute:02d},{name},{8 + day.toordinal() * 3 % 11 + hour % 2}"
                for hour in (9, 10, 11)
                for minute in (0, 30)
                for name in series
            ]
    return "\n".join(lines) + "\n"


def test_slots_are_those_that_are_open_sorted_by_start_and_series(forecast: Answer) -> None:
    status, rows, said = forecast(office(), "--from", "2026-03-06T11:00", "--slots", "4")
    assert (status, said) == (0, [])
    starts = [row["start"] for row in rows]
    assert sorted(set(starts)) == [
        f"2026-03-{time}" for time in ("06T11:00", "06T11:30", "09T09:00", "09T09:30")
    ]
    assert starts == sorted(starts)


def test_quantiles_rise_and_hold_the_mean(forecast: Answer) -> None:
    _, rows, _ = forecast(office(), "--from", "2026-03-02T00:00", "--slots", "30")
    for row in rows:
        figures = [float(row[q]) for q in ("q05", "q10", "q25", "q50", "q75", "q90", "q95")]
        assert figures == sorted(figures)
        assert figures[0] < float(row["mean"]) < figures[-1]
        assert 9 < float(row["mean"]) < 17


def test_a_history_that_ends_inside_the_day_updates_the_rest(forecast: Answer) -> None:
    usual = forecast(office(20), "--from", "2026-03-02T11:00", "--slots", "2")[1]
    busy = office(20) + "".join(
        f"2026-03-02T{time},{name},25\n"
        for time in ("09:00", "09:30", "10:00", "10:30")
        for name in ("estate", "social")
    )
    updated = forecast(busy, "--from", "2026-03-02T11:00", "--slots", "2")[1]
    assert [r["start"] for r in updated] == [r["start"] for r in usual]
    assert float(updated[0]["mean"]) > 1.1 * float(usual[0]["mean"])


def test_rows_at_or_after_the_start_are_refused(forecast: Answer) -> None:
    status, rows, said = forecast(office(), "--from", "2026-02-27T11:30", "--slots", "2")
    assert (status, rows) == (2, [])
    assert len(said) == 2
    assert all("before --from" in line and "line " in line for line in said)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("yesterday,social,3", "start"),
        ("2026-02-27T09:00+08:00,social,3", "no offset"),
        ("2026-02-28T09:00,social,-1", "a number of people"),
        ("2026-02-28T09:00,social,many", "a number of people"),
        ("2026-02-28T09:00,social,nan", "a number of people"),
        ("2026-02-28T09:00,social,1e300", "0 to 1,000,000"),
        ("0001-01-01T09:00,social,3", "1970 to 2199"),
        ("2026-W09-6T09:00,social,3", "like 2026-03-02T08:30"),
        ("20260228T0900,social,3", "like 2026-03-02T08:30"),
        ("2026-02-28T09:00,,3", "a name"),
        ("2026-02-28T09:00,so\0cial,3", "a name without control characters"),
        ("2026-02-28T09:00,social\x1f,3", "a name without control characters"),
        ("2026-02-28T09:00,\udcc9\udce7,3", "text in UTF-8"),
        ("2026-02-28T09:00,social", "three"),
        ("2026-02-27T09:00,social,3", "one row a slot"),
        ("2026-02-27T09:10,social,3", "do not overlap"),
    ],
)
def test_each_fault_is_told_with_its_line(forecast: Answer, row: str, what: str) -> None:
    history = office(series=("social",))
    line = history.count("\n") + 1
    status, rows, said = forecast(history + row + "\n", "--from", "2026-03-02T00:00", "--slots", "2")
    assert (status, rows) == (2, [])
    assert any(what in text for text in said)
    assert any(f"line {line}:" in text for text in said) or "overlap" in what


def test_a_wrong_header_is_refused(forecast: Answer) -> None:
    assert forecast("time,who,count\n", "--from", "2026-03-02T00:00", "--slots", "2")[0] == 2
    assert forecast("", "--from", "2026-03-02T00:00", "--slots", "2")[0] == 2


def test_an_hour_that_the_clock_repeats_is_taken_as_it_stands(forecast: Answer) -> None:
    night = "start,series,count\n" + "".join(
        f"{MONDAY - timedelta(days=n)}T0{hour}:00,border,5\n" for n in range(9, 0, -1) for hour in (1, 2, 3)
    )
    status, rows, _ = forecast(
        night + "2026-03-01T02:00,border,9\n", "--from", "2026-03-02T00:00", "--slots", "3"
    )
    assert (status, len(rows)) == (0, 3)


def test_a_third_row_of_a_slot_is_a_slip_even_at_night(forecast: Answer) -> None:
    night = "start,series,count\n" + "".join(f"2026-03-0{day}T23:00,border,5\n" for day in (1, 2, 3))
    words = "--from", "2026-03-04T00:00", "--slots", "1", "--slot-minutes", "60"
    assert forecast(night + "2026-03-03T23:00,border,9\n", *words)[0] == 0
    status, _, said = forecast(night + "2026-03-03T23:00,border,9\n" * 2, *words)
    assert (status, said) == (
        2, ["tidehall forecast: line 6: border at 2026-03-03T23:00:00 stands in line 4 already; "
            "allowed: one row a slot"],
    )  # fmt: skip


@pytest.mark.parametrize("header", ["\ufeffstart,series,count", '\ufeff"start","series","count"'])
def test_the_mark_that_spreadsheets_put_first_is_passed_over(forecast: Answer, header: str) -> None:
    rows = office().splitlines()[1:]
    status, told, said = forecast("\n".join([header, *rows]), "--from", "2026-03-02T00:00", "--slots", "2")
    assert (status, said, len(told)) == (0, [], 4)


def test_a_forecast_that_ends_before_it_should_says_so(forecast: Answer) -> None:
    _, rows, said = forecast(office(), "--from", "2026-03-02T00:00", "--slots", "5000")
    starts = len({row["start"] for row in rows})
    assert said == [
        f"tidehall forecast: note: {starts} of 5000 starts, the forecast ends 400 days after --from; "
        f"ask for at most {starts} slots, or again with a later --from"
    ]


def test_a_forecast_of_nothing_says_what_to_do(forecast: Answer) -> None:
    shut = "date,kind\n" + "".join(f"{MONDAY + timedelta(days=n)},holiday\n" for n in range(400))
    _, rows, said = forecast(office(), "--from", "2026-03-02T00:00", "--slots", "5", calendar=shut)
    assert rows == [] and "see which days the calendar shuts" in said[0]
    status, rows, said = forecast("start,series,count\n", "--from", "2026-03-02T00:00", "--slots", "5")
    assert (status, rows) == (0, []) and "add rows from before --from" in said[0]


def test_a_year_before_the_first_that_is_known_is_told_of(forecast: Answer) -> None:
    words = "--slots", "6", "--calendar", "CN", "--from"
    for start in (date(2003, 6, 2), date(2004, 1, 12)):
        _, rows, said = forecast(office(until=start), *words, f"{start}T00:00")
        assert len(rows) == 12
        assert len(said) == 1 and "known from 2004-01-01 on only" in said[0]
    assert forecast(office(until=date(2004, 6, 7)), *words, "2004-06-07T00:00")[2] == []


def test_a_header_that_is_not_utf8_is_told_with_its_line(forecast: Answer) -> None:
    status, _, said = forecast("\udcff\udcfes\0t", "--from", "2026-03-02T00:00", "--slots", "2")
    assert (status, said) == (2, ["tidehall forecast: line 1: not UTF-8; allowed: text in UTF-8"])


def test_a_standard_input_that_is_not_utf8_is_told_with_its_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history = office(1).encode() + "2026-02-28T09:00,社保,3\n".encode("gbk")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(history), encoding="utf-8"))
    assert main(["--history", "-", "--from", "2026-03-02T00:00", "--slots", "2"]) == 2
    assert capsys.readouterr().err == "tidehall forecast: line 62: not UTF-8; allowed: text in UTF-8\n"


def test_a_year_that_nobody_has_published_is_told_of(forecast: Answer) -> None:
    """Told of as soon as a row of it is written, however near `--from` is."""
    words = "--from", "2026-06-01T00:00", "--calendar", "CN", "--slots"
    assert forecast(office(until=date(2026, 6, 1)), *words, "100")[2] == []
    _, rows, said = forecast(office(until=date(2026, 6, 1)), *words, "900")
    assert rows[-1]["start"] > "2027" and "confirmed up to 2026-12-31 only" in said[0]


def test_a_make_up_saturday_has_a_working_days_hours(forecast: Answer) -> None:
    saturdays = "".join(
        f"{MONDAY - timedelta(days=2 + 7 * n)}T09:{minute:02d},social,5\n"
        for n in range(6)
        for minute in (0, 30)
    )
    _, rows, _ = forecast(
        office(series=("social",)) + saturdays, "--from", "2026-03-07T00:00", "--slots", "6",
        calendar="date,kind\n2026-03-07,workday\n",
    )  # fmt: skip
    assert [row["start"][:10] for row in rows] == ["2026-03-07"] * 6


def test_a_single_slot_a_day_asks_for_its_length(forecast: Answer) -> None:
    history = "start,series,count\n2026-02-26T09:00,social,3\n2026-02-27T09:00,social,3\n"
    status, _, said = forecast(history, "--from", "2026-03-02T00:00", "--slots", "1")
    assert status == 2 and "--slot-minutes" in said[0]
    assert forecast(history, "--from", "2026-03-02T00:00", "--slots", "1", "--slot-minutes", "60")[0] == 0


def test_the_first_day_of_all_teaches_before_it_is_over(forecast: Answer) -> None:
    morning = "start,series,count\n" + "".join(f"2026-03-02T{hour:02d}:00,social,6\n" for hour in (8, 9, 10))
    status, rows, said = forecast(morning, "--from", "2026-03-02T11:00", "--slots", "3")
    assert (status, said) == (0, [])
    assert [row["start"] for row in rows] == [f"2026-03-03T{hour:02d}:00" for hour in (8, 9, 10)]
    assert all(4 < float(row["mean"]) < 8 for row in rows)


def test_a_series_that_ended_is_forecast_for_three_weeks_at_most(forecast: Answer) -> None:
    """Unless the whole hall was shut: then nothing is known of the series."""
    ended = office(8, MONDAY - timedelta(weeks=3), ("estate",)).splitlines()[1:]
    history = office(8, series=("social",)) + "\n".join(ended) + "\n"
    _, rows, _ = forecast(history, "--from", "2026-03-02T00:00", "--slots", "30")
    assert {row["series"] for row in rows} == {"social"}
    alone = "start,series,count\n" + "\n".join(ended) + "\n"
    _, rows, _ = forecast(alone, "--from", "2026-03-02T00:00", "--slots", "30")
    assert {row["series"] for row in rows} == {"estate"}


@pytest.mark.filterwarnings("error")
def test_a_hall_that_nobody_ever_entered_expects_nobody(forecast: Answer) -> None:
    history = office().splitlines()
    empty = "\n".join([history[0], *(row.rsplit(",", 1)[0] + ",0" for row in history[1:])]) + "\n"
    status, rows, said = forecast(empty, "--from", "2026-03-02T00:00", "--slots", "6")
    assert (status, said, len(rows)) == (0, [], 12)
    assert all(float(row["mean"]) == 0 for row in rows)


def test_a_calendar_of_ones_own_shuts_opens_halves_and_lifts(forecast: Answer) -> None:
    said = ("date,kind,from,to", "2026-03-02,holiday", "2026-03-03,half,09:00,10:00",
            "2026-03-07,workday", "2026-03-09,event:2")  # fmt: skip
    calendar = "\n".join(said) + "\n"
    _, rows, _ = forecast(office(), "--from", "2026-03-02T00:00", "--slots", "36", calendar=calendar)
    by_day: dict[str, list[float]] = {}
    for row in rows:
        if row["series"] == "social":
            by_day.setdefault(row["start"][:10], []).append(float(row["mean"]))
    assert "2026-03-02" not in by_day
    assert len(by_day["2026-03-03"]) == 2
    assert len(by_day["2026-03-07"]) == 6, "a Saturday that works"
    plain = forecast(office(), "--from", "2026-03-09T00:00", "--slots", "6")[1]
    usual = sum(float(row["mean"]) for row in plain if row["series"] == "social")
    assert sum(by_day["2026-03-09"]) == pytest.approx(2 * usual, rel=1e-3)


@pytest.mark.parametrize(
    "row",
    ["2026-02-30,holiday", "2026-03-02,feast", "2026-03-02,half", "2026-03-02,half,12:00,09:00",
     "2026-03-02,event:-1", "2026-03-02,event:x", "2026-03-02,holiday,09:00,10:00",
     "2026-04-01,workday", "2026-04-02,event:2", "2026-03-02,\udcbd\udcda"],
)  # fmt: skip
def test_a_calendar_line_that_means_nothing_is_refused(forecast: Answer, row: str) -> None:
    status, rows, said = forecast(
        office(),
        "--from",
        "2026-03-02T00:00",
        "--slots",
        "2",
        calendar=f"date,kind,from,to\n2026-04-01,holiday\n2026-04-01,event:2\n2026-04-02,event:3\n{row}\n",
    )
    assert (status, rows) == (2, [])
    assert "calendar line 5" in said[0]


def test_chinas_calendar_knows_holidays_and_make_up_workdays(forecast: Answer) -> None:
    _, rows, _ = forecast(
        office(6, date(2026, 2, 9)), "--from", "2026-02-13T00:00", "--slots", "24", "--calendar", "CN"
    )
    days = sorted({row["start"][:10] for row in rows})
    assert days == ["2026-02-13", "2026-02-14", "2026-02-24", "2026-02-25"]


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "noon", "--slots", "2"),
        ("--from", "9999-12-01T00:00", "--slots", "2"),
        ("--from", "2026-03-02T00:00", "--slots", "0"),
    ],
)
def test_wrong_options_are_refused(forecast: Answer, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as refused:
        forecast(office(), *words)
    assert refused.value.code == 2
