"""`python -m scheduler.replay.asked`: one what-if in a process of its own, which can be killed.

One line of JSON on standard input: `{"snapshot": …, "question": …}`. Lines of JSON on standard output:
`{"done": n, "of": n}` while it runs, then `{"answer": …}` or `{"refused": {"field", "text", "details"}}`.
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
from scheduler.replay.whatif import worth_of_equipment, worth_of_training
from scheduler.replay.whatif.spoken import NOT_ONE_OF, WrongQuestion, read
from scheduler.replay.whatif.told import DAYS, policy, tell
from scheduler.replay.whatif.worth import FAMILIES, Worth
from scheduler.snapshot import Snapshot

NICE = 10  # whoever calls the next visitor comes first
WORTH_DAYS = 8
TOP = 10
WORTHS = {"training": worth_of_training, "equipment": worth_of_equipment}
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
        try:
            day = today.scenario(Snapshot.from_json(asked["snapshot"]))
        except ValueError:
            raise WrongQuestion("ask", DAY_OVER) from None
        question = asked["question"]
        worth = isinstance(question, dict) and question.get("ask") == "worth"
        say({"answer": _worths(question, day, say) if worth else _told(question, day, say)})
    except WrongQuestion as wrong:
        say({"refused": {"field": wrong.field, "text": wrong.text, "details": wrong.details}})


def _told(question: Any, day: Scenario, say: Say) -> dict[str, Any]:
    change, counter = read(question, day), _Counter(say, 2 * DAYS)
    return tell(day, change, on_done=counter.more)


def _worths(question: dict[str, Any], day: Scenario, say: Say) -> dict[str, Any]:
    if question.get("of") not in WORTHS:
        raise WrongQuestion("of", NOT_ONE_OF, allowed=", ".join(WORTHS))
    asked_of = day.clerks if question["of"] == "training" else day.windows
    counter = _Counter(say, FAMILIES * len(asked_of))  # at most: who knows all busy families is not asked
    ranked = WORTHS[question["of"]](day, policy(day), WORTH_DAYS, jobs=1, on_done=counter.more)
    return {"replications": WORTH_DAYS, "worth": [_worth(each) for each in ranked[:TOP]]}


def _worth(each: Worth) -> dict[str, Any]:
    saved = each.saved_min
    return {
        "who": each.who,
        "family": each.family,
        "value": saved.value,
        "low": saved.low,
        "high": saved.high,
    }


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
