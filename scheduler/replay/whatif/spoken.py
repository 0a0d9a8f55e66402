"""A question as JSON, the way a page or a terminal asks it: read against one day, refused with its field.

`{"ask": "clerk_absent", "clerk": "li", "from": "10:00", "to": "12:00"}`; times are HH:MM of the hall.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scheduler.replay.scenario import Break, Scenario
from scheduler.replay.whatif import questions
from scheduler.replay.whatif.questions import Change
from scheduler.replay.whatif.worth import WORTHS

NO_TIME = "A time as HH:MM, from {low} to {high}."
NO_SPAN = "The end must be later than the beginning."
NO_NUMBER = "A whole number from {low} to {high}."
NOT_ONE_OF = "One of: {allowed}."
NONE = "There is none to choose now. Ask something else."
RECORDED = "Not of a day whose people are recorded: more of them would have to be invented."
NO_BREAK = "A clerk with a break to come."
NO_SHIFT = "A break inside the clerk's shift, {start} to {end}."
OVERLAPS = "Not during the clerk's other break, {start} to {end}."


class WrongQuestion(ValueError):
    """A field that cannot be answered, and what is allowed there: an English text with its `details`."""

    def __init__(self, field: str, text: str, **details: Any) -> None:
        super().__init__(f"{field}: {text.format(**details)}")
        self.field, self.text, self.details = field, text, details


def ranks(question: Any) -> bool:
    """Whether a ranking is asked for, `{"ask": "worth", "of": "training"}`, not one change."""
    return isinstance(question, dict) and question.get("ask") == "worth"


def ranked_of(question: Mapping[str, Any]) -> str:
    """What is ranked. Raises WrongQuestion."""
    if question.get("of") not in WORTHS:
        raise WrongQuestion("of", NOT_ONE_OF, allowed=", ".join(WORTHS))
    return str(question["of"])


def read(question: Any, day: Scenario) -> Change:
    """The change that a question means on this day. Raises WrongQuestion."""
    asked = question if isinstance(question, dict) else {}
    kind = asked.get("ask")
    if not isinstance(kind, str) or kind not in KINDS:
        raise WrongQuestion("ask", NOT_ONE_OF, allowed=", ".join([*KINDS, "worth"]))
    return KINDS[kind](_Asked(asked, day))


class _Asked:
    """The fields of one question, each read with its limits."""

    def __init__(self, fields: Mapping[str, Any], day: Scenario) -> None:
        self.fields, self.day = fields, day

    def window(self) -> str:
        return self._one_of("window", (w.id for w in self.day.windows))

    def shut_window(self) -> str:
        """One that is open all day cannot be opened: the question would shut it until then."""
        return self._one_of("window", (w.id for w in self.day.windows if not w.open or w.shut))

    def tidal_window(self) -> str:
        """A fixed window keeps its mode, whatever its terminals reach."""
        return self._one_of("window", (w.id for w in self.day.windows if w.tidal))

    def clerk(self) -> str:
        return self._one_of("clerk", (c.id for c in self.day.clerks))

    def service(self) -> str:
        return self._one_of("service", (s.id for s in self.day.services))

    def services(self) -> list[str] | None:
        """The service named, or None for all."""
        return [self.service()] if self.fields.get("service") else None

    def whole(self, field: str, low: int, high: int) -> int:
        found = self.fields.get(field)
        if type(found) is not int or not low <= found <= high:  # JSON's true is an int to Python
            raise WrongQuestion(field, NO_NUMBER, low=low, high=high)
        return found

    def time_s(self, field: str) -> float:
        """Seconds since midnight, inside what is left of the day."""
        found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", str(self.fields.get(field, "")).strip())
        at_s = int(found[1]) * 3600 + int(found[2]) * 60 if found and int(found[2]) < 60 else -1
        begin_s = self.day.open_s // 60 * 60  # people name minutes
        if not begin_s <= at_s <= self.day.close_s:
            raise WrongQuestion(field, NO_TIME, low=_clock(begin_s), high=_clock(self.day.close_s))
        return float(max(at_s, self.day.open_s))

    def span_s(self) -> tuple[float, float]:
        start_s, end_s = self.time_s("from"), self.time_s("to")
        if end_s <= start_s:
            raise WrongQuestion("to", NO_SPAN)
        return start_s, end_s

    def _one_of(self, field: str, names: Iterable[str]) -> str:
        known = list(names)
        if not known:
            raise WrongQuestion(field, NONE)
        if self.fields.get(field) not in known:
            raise WrongQuestion(field, NOT_ONE_OF, allowed=", ".join(known))
        return str(self.fields[field])


def _clock(second: float) -> str:
    return f"{int(second) // 3600:02d}:{int(second) % 3600 // 60:02d}"


def _break(asked: _Asked) -> Change:
    """One break at another time: the clerk's planned nearest to it, as long as it is now unless `minutes` say
    otherwise; the others stay."""
    name, start_s = asked.clerk(), asked.time_s("from")
    minutes = asked.whole("minutes", 5, 120) if asked.fields.get("minutes") is not None else None
    clerk = next(c for c in asked.day.clerks if c.id == name)
    planned = clerk.breaks
    if not planned:
        raise WrongQuestion("clerk", NO_BREAK)
    moved = min(planned, key=lambda b: abs(b.start_s - start_s))
    length_s = moved.length_s if minutes is None else 60 * minutes
    if not clerk.start_s <= start_s <= start_s + length_s <= clerk.end_s:
        raise WrongQuestion("from", NO_SHIFT, start=_clock(clerk.start_s), end=_clock(clerk.end_s))
    others = [b for b in planned if b is not moved]
    for other in others:
        if start_s < other.start_s + other.length_s and other.start_s < start_s + length_s:
            raise WrongQuestion(
                "from", OVERLAPS, start=_clock(other.start_s), end=_clock(other.start_s + other.length_s)
            )
    placed = Break(start_s, start_s, length_s, start_s)
    return questions.breaks({name: tuple(sorted((*others, placed), key=lambda b: b.start_s))})


def _demand(asked: _Asked) -> Change:
    """More or fewer walk-ins, drawn; recorded people are as many as they were."""
    percent, services = asked.whole("percent", -90, 300), asked.services()
    if asked.day.visits is not None:
        raise WrongQuestion("ask", RECORDED)
    return questions.more_demand(1 + percent / 100, services)


KINDS: dict[str, Callable[[_Asked], Change]] = {
    "clerk_absent": lambda a: questions.clerk_absent(a.clerk(), *a.span_s()),
    "more_demand": _demand,
    "window_shut": lambda a: questions.window_shut(a.window(), *a.span_s()),
    "window_opened": lambda a: questions.window_opened(a.shut_window(), a.time_s("from")),
    "one_clerk_more": lambda a: questions.one_clerk_more(a.clerk()),
    "one_clerk_fewer": lambda a: questions.one_clerk_fewer(a.clerk()),
    "authorised": lambda a: questions.authorised(a.clerk(), [a.service()]),
    "equipped": lambda a: questions.equipped(a.tidal_window(), [a.service()]),
    "promise": lambda a: questions.promise(60 * a.whole("minutes", 1, 240), a.services()),
    "breaks": _break,
}
