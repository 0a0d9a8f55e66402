"""The `tidehall` command as a shell meets it: words it does not know, Ctrl-C, a reader that leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil

from tests.serving import ROOT

PATIENCE_S = 60.0


def _tidehall(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "hall.cli", *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_word_that_is_no_command_is_answered_with_the_commands() -> None:
    said = _tidehall("paln")
    _, why = said.communicate(timeout=PATIENCE_S)
    assert said.returncode == 2
    assert "no command “paln”" in why and "snapshot lines in, plan lines out" in why


def test_ctrl_c_ends_a_command_with_the_status_of_a_shell_and_no_traceback() -> None:
    waiting = _tidehall("plan")
    _until_it_reads(waiting.pid)
    os.killpg(waiting.pid, signal.SIGINT)
    out, why = waiting.communicate(timeout=PATIENCE_S)
    assert (waiting.returncode, out, why) == (130, "", "")


def _until_it_reads(pid: int) -> None:
    """Until the process does nothing but wait: its CPU time stands still for half a second."""
    process, end = psutil.Process(pid), time.monotonic() + PATIENCE_S
    before, seen = -1.0, process.cpu_times().user
    while before < seen or seen < 0.2:
        assert time.monotonic() < end, "it never comes to rest"
        time.sleep(0.5)
        before, seen = seen, process.cpu_times().user
