"""The `tidehall` command: one word per command; each is imported only when it is asked for."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from hall.config import UnusableDatabase

# word -> (module, what it does). Each module has main(argv) -> exit status.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("hall.demo.command", "a living demo hall on this machine"),
    "drive": ("hall.demo.drive", "play a day of arrivals against a running hall"),
    "init": ("hall.store.setup", "make an own hall from one readable file"),
    "serve": ("hall.web.serve", "serve the pages, the API and the worker, on one machine"),
    "web": ("hall.web.alone", "serve the pages and the API only, one of several processes"),
    "worker": ("scheduler.worker", "plan the halls and keep their time"),
    "token": ("hall.web.token", "make a bearer token for a device or a program"),
    "account": ("hall.web.account", "list logins, add one, give one a new password"),
    "doctor": ("hall.web.doctor", "look whether everything is well, and say what to do where it is not"),
    "plan": ("scheduler.stream", "snapshot lines in, plan lines out"),
    "replay": ("scheduler.replay.command", "a simulated day under several policies, with intervals"),
    "forecast": ("scheduler.forecast.command", "walk-ins per service and slot, with quantiles"),
}

PIPE_CLOSED = 128 + 13  # as a shell tells of a process ended by SIGPIPE
STOPPED = 128 + 2  # and by SIGINT


def main(argv: list[str] | None = None) -> int:
    """Run one command. Exit status 2: no such word, option or database; 130: Ctrl-C."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_usage())
        return 0 if words else 2
    if words[0] == "--version":
        print(_version())
        return 0
    if words[0] not in COMMANDS:
        print(f"tidehall: there is no command “{words[0]}”.\n\n{_usage()}", file=sys.stderr)
        return 2
    try:
        status: int = import_module(COMMANDS[words[0]][0]).main(words[1:])
    except UnusableDatabase as why:
        print(f"tidehall {words[0]}: {why}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads (`| head`) has enough; Python must not flush into it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:  # Ctrl-C is no fault to explain with a traceback
        return STOPPED
    return status


def _version() -> str:
    try:
        return f"tidehall {version('tidehall')}"
    except PackageNotFoundError:  # run from its folder, not installed
        return "tidehall, not installed"


def _usage() -> str:
    lines = (f"  {word:<10} {what}" for word, (_, what) in COMMANDS.items())
    return (
        "usage: tidehall COMMAND [options]\n\n" + "\n".join(lines) + "\n\ntidehall COMMAND --help tells more."
    )


if __name__ == "__main__":
    sys.exit(main())
