"""`tidehall demo` as a newcomer meets it: pages answer, the hall moves, Ctrl-C ends all of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import requests

from tests.serving import ROOT

PATIENCE_S = 150.0


class Demo:
    """The command in a process of its own, between `with` and the end of its block."""

    def __init__(self, folder: Path) -> None:
        self.words = [sys.executable, "-m", "hall.cli", "demo", "--data", str(folder / "demo"), "--port", "0",
                      "--speed", "20"]  # fmt: skip
        self.log = folder / "log"

    def __enter__(self) -> Demo:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE_S
        while (found := re.findall(r"first page +(http\S+)/", self.log.read_text(encoding="utf-8"))) == []:
            assert time.monotonic() < end and self.process.poll() is None, self.log.read_text(
                encoding="utf-8"
            )
            time.sleep(0.1)
        self.url = found[-1]
        return self

    def __exit__(self, *_: object) -> None:
        started = psutil.Process(self.process.pid).children(recursive=True)
        os.killpg(self.process.pid, signal.SIGINT)  # as Ctrl-C does: everybody in the terminal hears it
        self.process.wait(30)
        _, left = psutil.wait_procs(started, 15)
        for one in left:
            one.kill()
        assert not left, f"left behind: {left}"
        assert "Traceback" not in self.said(), self.said()
        self.log.write_text("", encoding="utf-8")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def board(self) -> dict[str, object]:
        return requests.get(f"{self.url}/api/v1/halls/district/boards/hall", timeout=10).json()


@pytest.mark.timeout(400)
def test_a_newcomer_watches_a_hall_at_work_and_comes_back_to_it(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        for page in ("/", "/h/district/board", "/h/district/sign/W30", "/login", "/api/v1/docs"):
            assert requests.get(demo.url + page, timeout=10).status_code == 200, page
        first = demo.board()["version"]
        end = time.monotonic() + PATIENCE_S
        while demo.board()["version"] < first + 40:  # type: ignore[operator]  # versions are whole numbers
            assert time.monotonic() < end, "nobody works in this hall"
            time.sleep(1)
        seen = demo.board()["version"]
    with Demo(tmp_path) as demo:
        assert demo.board()["version"] >= seen, "it goes on where it was"  # type: ignore[operator]


@pytest.mark.timeout(120)
def test_ctrl_c_while_the_hall_is_made_ends_without_a_traceback(tmp_path: Path) -> None:
    log = tmp_path / "log"
    words = [sys.executable, "-m", "hall.cli", "demo", "--data", str(tmp_path / "demo"), "--port", "0"]
    with log.open("ab") as out:
        demo = subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
    end = time.monotonic() + PATIENCE_S
    while "Making the demo hall" not in log.read_text(encoding="utf-8"):
        assert time.monotonic() < end, "it makes no hall"
        time.sleep(0.05)
    os.killpg(demo.pid, signal.SIGINT)
    assert demo.wait(30) == 0
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("told", ["", '{"url": "http://127.0'])
def test_people_whose_demo_was_stopped_before_it_told_them_who_they_are_go_quietly(told: str) -> None:
    words = [sys.executable, "-m", "hall.demo.people"]
    people = subprocess.run(words, input=told, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (people.returncode, people.stderr) == (0, "")
