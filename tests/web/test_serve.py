"""`tidehall serve` as a process: it answers, refuses a second one, keeps its worker, leaves nothing."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import requests

from tests.builders import make_hall, open_for_real
from tests.chaos.screen import Screen
from tests.serving import ROOT, Served, token

PATIENCE_S = 40.0


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/hall.sqlite"
    open_for_real(make_hall(address))
    return address


def soon(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hall.cli", *words], cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


def test_it_answers_plans_and_refuses_a_second_one(url: str) -> None:
    with Served(url) as server:
        soon(lambda: requests.get(f"{server.url}/readyz", timeout=5).status_code == 200)
        second = command("serve", "--database", url, "--port", "0")
        assert second.returncode == 1
        assert "another “tidehall serve”" in second.stderr
        well = command("doctor", "--database", url)
        assert "town: worker" in well.stdout
        taken = command("web", "--database", "sqlite://", "--port", str(server.port))
        assert taken.returncode != 0


def test_a_busy_port_is_told_in_words(url: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path}/other.sqlite"
    make_hall(other)
    with Served(url, "--no-worker") as server:
        told = command("serve", "--database", other, "--port", str(server.port))
    assert told.returncode == 1
    assert "--port" in told.stderr and "Traceback" not in told.stderr


def test_a_killed_worker_comes_back_and_the_hall_runs_on_meanwhile(url: str) -> None:
    kiosk = token(url, "town", "kiosk")
    with Served(url) as server:
        soon(lambda: server.worker() is not None)
        worker = server.worker()
        assert worker is not None
        worker.kill()
        issued = requests.post(
            f"{server.url}/api/v1/halls/town/tickets", json={"service": "social", "request_id": "one"},
            headers={"Authorization": f"Bearer {kiosk}"}, timeout=10,
        )  # fmt: skip
        assert issued.status_code == 201
        soon(lambda: (again := server.worker()) is not None and again.pid != worker.pid)


def test_screens_come_and_go_without_a_word_in_the_log(url: str) -> None:
    display = token(url, "town", "display")
    with Served(url, "--no-worker") as server:
        for _ in range(10):
            with Screen(server.url, "town", "hall", display) as screen:
                soon(lambda screen=screen: screen.version >= 0)
        time.sleep(0.5)
        assert "ERROR" not in server.said()


def test_kill_9_of_the_web_process_leaves_no_worker(url: str) -> None:
    with Served(url) as server:
        soon(lambda: server.worker() is not None)
        children = server.children()
        server.process.kill()
        server.process.wait()
        gone, left = psutil.wait_procs(children, PATIENCE_S)
        assert gone and not left


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("token", "--hall", "town", "--role", "clerk"), "clerk"),
        (("token", "--hall", "nowhere", "--role", "kiosk"), "nowhere"),
        (("token", "--hall", "town", "--role", "clerk", "--clerk", "c99"), "c99"),
        (("token", "--hall", "town", "--role", "king"), "king"),
        (("account", "--hall", "town", "add", "zhang", "--role", "clerk"), "--clerk"),
        (("token", "--hall", "nowhere", "--role", "kiosk"), "the halls here are: town"),
        (("drive", "--hall", "nowhere", "--arrivals", "day.csv"), "the halls here are: town"),
        (("drive", "--arrivals", "no-such-day.csv"), "no-such-day.csv"),
        (("account", "--hall", "nowhere", "list"), "nowhere"),
        (("account", "--hall", "town", "password", "nobody"), "login"),
    ],
)
def test_bad_input_to_a_command_is_told_and_changes_nothing(
    url: str, words: tuple[str, ...], said: str
) -> None:
    told = command(words[0], "--database", url, *words[1:])
    assert told.returncode == 2
    assert said in told.stderr and "Traceback" not in told.stderr
    assert command("account", "--database", url, "--hall", "town", "list").stdout == ""


@pytest.mark.parametrize("speed", ["-5", "0", "nan", "inf", "fast"])
def test_a_demo_whose_clock_would_not_go_is_refused(tmp_path: Path, speed: str) -> None:
    told = command("demo", "--data", str(tmp_path / "demo"), f"--speed={speed}")
    assert told.returncode == 2 and "above 0" in told.stderr
    assert not (tmp_path / "demo").exists()


def test_accounts_are_added_listed_and_renewed(url: str) -> None:
    words = ("account", "--database", url, "--hall", "town")
    added = command(
        "account", "--database", url, "--hall", "town", "add", "zhang", "--role", "clerk", "--clerk", "c1"
    )
    assert added.returncode == 0 and "password" in added.stdout
    assert command(*words, "list").stdout == "zhang  clerk  c1\n"
    again = command(*words, "add", "zhang", "--role", "manager")
    assert again.returncode == 2
    renewed = command(*words, "password", "zhang")
    assert renewed.returncode == 0 and renewed.stdout != added.stdout


def test_doctor_says_what_is_missing(url: str, tmp_path: Path) -> None:
    alone = command("doctor", "--database", url)
    assert "no worker" in alone.stdout
    nothing = command("doctor", "--database", f"sqlite:///{tmp_path}/nothing.sqlite")
    assert nothing.returncode == 1
    assert "FAIL" in nothing.stdout and "Traceback" not in nothing.stderr


def test_an_unknown_command_is_told(url: str) -> None:
    told = command("fly")
    assert told.returncode == 2
    assert "fly" in told.stderr and "serve" in told.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense", "sqlite:///FILE"),
        ("mysql://root:hush@127.0.0.1/hall", "postgresql+psycopg://"),
        ("sqlite://", "needs a file"),
        ("sqlite:////proc/nowhere/hall.sqlite", "cannot be made"),
        ("postgresql+psycopg://me:hush@127.0.0.1:1/hall", "does not answer"),
    ],
)
@pytest.mark.parametrize("word", ["serve", "doctor"])
def test_a_database_that_cannot_be_opened_is_told_in_words(word: str, address: str, said: str) -> None:
    told = command(word, "--database", address)
    assert told.returncode == (1 if word == "doctor" else 2)
    spoken = told.stdout + told.stderr
    assert said in spoken
    assert "Traceback" not in spoken and "hush" not in spoken


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear hall, this is a letter and not a database. " * 50)
    told = command("serve", "--database", f"sqlite:///{file}")
    assert (told.returncode, "Traceback" in told.stderr) == (2, False)
    assert "not a database" in told.stderr
    assert file.read_text().startswith("Dear hall")


def test_a_server_imports_neither_a_solver_nor_what_only_clients_need() -> None:
    script = (
        "import sys; from hall.web import serve\n"
        "with serve.no_clients(): import hall.web.running\n"
        "print(sorted({'ortools', 'numba', 'numpy', 'urllib3', 'redis', 'alembic'} & set(sys.modules)))\n"
        "import redis, requests"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


def test_whoever_signs_in_holds_up_nobody(url: str) -> None:
    made = command("account", "--database", url, "--hall", "town", "add", "boss", "--role", "manager")
    password = made.stdout.split()[3]
    with Served(url, "--no-worker") as server, requests.Session() as browser:
        assert browser.get(f"{server.url}/healthz", timeout=5).ok
        csrf = re.search(r'csrf-token" content="([^"]+)"', browser.get(f"{server.url}/login", timeout=5).text)
        assert csrf is not None
        form = {"login": "boss", "password": password, "csrf_token": csrf[1]}
        with ThreadPoolExecutor() as others:
            entered = others.submit(browser.post, f"{server.url}/login", data=form, timeout=30)
            while not entered.done():
                assert requests.get(f"{server.url}/healthz", timeout=5).ok
        assert entered.result().url == f"{server.url}/h/town/manage"
