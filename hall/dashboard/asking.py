"""A question asked for the manager: in a process of its own, told line by line, ended when it takes too long.

The simulator's libraries stay out of the web process, and its work away from whoever calls the next visitor.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Response, current_app, stream_with_context
from flask_babel import gettext

from hall.core.errors import N_, HallError
from hall.dashboard.words import with_names
from hall.front.house import house
from hall.store.db import Database

# Commands, not imports: the worker's side of the house.
WHAT_IF, HINDSIGHT = "scheduler.worker.asked", "scheduler.worker.hindsight"
FREED_S = 2.0  # a question that follows a stopped one waits so long for its place
REMEMBERED = 64  # questions stopped before they began
AT_ONCE = 2  # the second manager may ask as well; a third would take the machine from the hall
# look_back over twenty days, nice 19 beside other work on two cores (2026-11-29, one run each): 15 services,
# 261 open days: 33 s (16 s of a core), 30 services, 800 open days: 54 s (36 s of a core).
LONGEST_S = {WHAT_IF: 60.0, HINDSIGHT: 300.0}

# What the simulator refuses with (scheduler.replay.whatif.spoken), here for the catalogue.
REFUSALS = (
    N_("A time as HH:MM, from {low} to {high}."),
    N_("The end must be later than the beginning."),
    N_("A whole number from {low} to {high}."),
    N_("One of: {allowed}."),
    N_("There is none to choose now. Ask something else."),
    N_("Not during the clerk's other break, {start} to {end}."),
    N_("A break inside the clerk's shift, {start} to {end}."),
    N_("A clerk with a break to come."),
    N_("Nothing is left to simulate today: the day is over."),
)

Run = tuple[str, str]  # the hall, and the word that its asker has for a question
Names = Mapping[str, Mapping[str, str]]  # by the field of a question, ids -> what people call them
UNNAMED: Run = ("", "")


class TooManyQuestions(HallError):
    """As many questions are being computed as this machine is given."""

    code = "busy"
    text = N_("Two questions are being worked on already. Please ask again in some seconds.")


class Asker:
    """Asks for one database; one per app."""

    def __init__(self, database: Database) -> None:
        self._url = database.url.render_as_string(hide_password=False)
        self._free = threading.Semaphore(AT_ONCE)
        self._running: dict[Run, subprocess.Popen[str]] = {}
        self._stopped: deque[Run] = deque(maxlen=REMEMBERED)  # before their process had begun
        self._lock = threading.Lock()

    def ask(
        self,
        command: str,
        hall_id: str,
        question: Any,
        now: datetime,
        run: Run = UNNAMED,
        names: Names | None = None,
    ) -> Iterator[str]:
        """The answer's lines, progress first. Raises TooManyQuestions before anything is told.

        `run` names it for `stop`; `names` are said in the place of ids where a field is refused.
        """
        if not self._free.acquire(timeout=FREED_S):
            raise TooManyQuestions()
        asked = json.dumps({"question": question, "now": now.isoformat()})
        return self._told(command, hall_id, asked, run, names or {})

    def stop(self, run: Run) -> None:
        """End the process that works on this, or will; its place is free as soon as its answer's end is told.

        On a busy machine the wish to stop overtakes the question itself.
        """
        with self._lock:
            if child := self._running.get(run):
                child.kill()
            else:
                self._stopped.append(run)

    def _told(self, command: str, hall_id: str, asked: str, run: Run, names: Names) -> Iterator[str]:
        arguments = [sys.executable, "-m", command, "--database", self._url, "--hall", hall_id]
        child = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )  # out of Ctrl-C's reach: it ends when its standard input does
        with self._lock:
            self._running[run] = child
            if run in self._stopped:
                child.kill()
        clock = threading.Timer(LONGEST_S[command], child.kill)
        clock.start()
        is_answered = False
        try:
            assert child.stdin and child.stdout
            with suppress(BrokenPipeError):  # stopped already
                child.stdin.write(asked + "\n")
                child.stdin.flush()  # and stays open: it ends when we do, however that happens
            for line in child.stdout:
                told = _spoken(json.loads(line), names)
                is_answered = is_answered or "done" not in told
                yield json.dumps(told, ensure_ascii=False) + "\n"
            if not is_answered:
                failed = gettext(
                    "This took too long, or failed. Ask again; if it happens once more, see the log."
                )
                yield json.dumps({"error": {"code": "failed", "message": failed}}, ensure_ascii=False) + "\n"
        finally:
            self._running.pop(run, None)
            clock.cancel()
            child.kill()
            for pipe in (child.stdin, child.stdout):
                with suppress(BrokenPipeError):  # what was never read is flushed once more
                    if pipe:
                        pipe.close()
            child.wait()
            self._free.release()


def asker() -> Asker:
    """This app's."""
    found: Asker = current_app.extensions.setdefault("asker", Asker(house().database))
    return found


def stream(told: Iterable[str]) -> Response:
    """Lines of JSON as they come; never kept by a cache."""
    answer = Response(stream_with_context(told), mimetype="application/x-ndjson")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _spoken(told: dict[str, Any], names: Names) -> dict[str, Any]:
    """A refusal as an error of ours, in the language of whoever asked and with the hall's names for ids."""
    if "refused" not in told:
        return told
    field, text, details = (told["refused"][part] for part in ("field", "text", "details"))
    message = with_names(gettext(text).format(**details), names.get(field, {}))
    return {"error": {"code": "invalid", "message": message, "path": f"/{field}"}}
