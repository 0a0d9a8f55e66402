"""`python -m scheduler.replay.asked`: one what-if in a process of its own, which can be killed.

One line of JSON on standard input: `{"snapshot": …, "question": …}`. Lines of JSON on standard output:
`{"done": n, "of": n}` while it runs, then `{"answer": …, "is_foretold": …}`, false where the hall has no
forecast of today, or `{"refused": {"field", "text", "details"}}`.
Standard input stays open for as long as the answer is wanted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from hall import leash
from scheduler.replay import today
from scheduler.replay.scenario import Scenario
from scheduler.replay.whatif.spoken import WrongQuestion, ranked_of, ranks, read
from scheduler.replay.whatif.told import DAYS, tell, tell_ranked
from scheduler.replay.whatif.worth import STEPS
from scheduler.snapshot import Snapshot

NICE = 10  # whoever calls the next visitor comes first
DAY_OVER = "Nothing is left to simulate today: the day is over."

Say = Callable[[dict[str, Any]], None]


def main() -> int:
    """Read, answer, end. Exit status 0 for a refused question too: the refusal is the answer."""
    os.nice(NICE)
    asked = json.loads(sys.stdin.buffer.readline())
    leash.hold()
    answer(asked, _say)
    return 0


def answer(asked: dict[str, Any], say: Say) -> None:
    """Tell progress and the answer, or which field is wrong and what is allowed there."""
    try:
        snapshot = Snapshot.from_json(asked["snapshot"])
        try:
            day = today.scenario(snapshot)
        except ValueError:
            raise WrongQuestion("ask", DAY_OVER) from None
        question = asked["question"]
        found = (_ranked if ranks(question) else _told)(question, day, say)
        say({"answer": found, "is_foretold": any(map(any, snapshot.forecast.values()))})
    except WrongQuestion as wrong:
        say({"refused": {"field": wrong.field, "text": wrong.text, "details": wrong.details}})


def _told(question: Any, day: Scenario, say: Say) -> dict[str, Any]:
    change, counter = read(question, day), _Counter(say, 2 * DAYS)
    return tell(day, change, on_done=counter.more)


def _ranked(question: dict[str, Any], day: Scenario, say: Say) -> dict[str, Any]:
    of = ranked_of(question)
    return tell_ranked(day, of, on_done=_Counter(say, STEPS).more)


class _Counter:
    def __init__(self, say: Say, of: int) -> None:
        self.say, self.done, self.of = say, 0, of
        say({"done": 0, "of": of})

    def more(self, count: int) -> None:
        self.done += count
        self.say({"done": self.done, "of": self.of})


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
