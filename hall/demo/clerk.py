"""A clerk at work: sits where the plan says, calls, serves, follows flips, rests when the hall does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from hall.demo.line import Line, Refused, Screen

COMES_S = 20.0  # from the call until the visitor sits down
PASSED = 0.04  # nobody comes (DOMAIN.md §H)
HELD = 0.02  # papers are missing
HELD_S = 900.0
PLAN_S = 120.0  # of the hall's time between two looks at the plan
LOOK_REAL_S = 3.0  # without any change on the board, look again after so long
SIGMA = math.sqrt(math.log(1.36))  # lognormal, coefficient of variation 0.6


@dataclass
class ClerkAtWork:
    """One clerk with a login; `window` is where the clerk sits, or would by habit."""

    clerk: str
    window: str
    line: Line
    screen: Screen
    draw: Random
    handling_s: Mapping[str, float]  # mean by service
    _looked_s: float = 0.0

    def live(self) -> None:
        """A working day after the other."""
        while True:
            if not self._is_needed():
                self._rest()
            elif not self._is_ready():
                self._get_ready()
            else:
                self._serve()

    def _is_needed(self) -> bool:
        mine = self.screen.window(self.window)
        waiting = self.screen.waiting()
        return self.screen.is_open() or bool(mine["number"]) or any(waiting.get(s) for s in mine["mode"])

    def _is_ready(self) -> bool:
        return bool(self.screen.window(self.window)["state"] == "open")

    def _rest(self) -> None:
        """At noon the window pauses, in the evening it closes."""
        state = self.screen.window(self.window)["state"]
        if state == "open":
            act = "sign-out" if self.screen.is_over() else "pause"
            self._say(act, **({"reason": "break"} if act == "pause" else {}))
        self.screen.wait(LOOK_REAL_S)

    def _get_ready(self) -> None:
        state = self.screen.window(self.window)["state"]
        if state == "closed":
            self.window = self._wanted_at() or self.window
            self._say("sign-in")
        elif state == "setup":
            self.screen.clock.sleep(self.draw.uniform(60, 240))
            self._say("resume")
        else:
            self._say("resume")
        self.screen.wait(0.3)

    def _wanted_at(self) -> str | None:
        """Where the plan in force has a post for this clerk now."""
        try:
            plan = self.line.get("plan")["plan"]
        except Refused:
            return None
        second = self.screen.clock.second()
        mine = [p for p in plan["posts"] if p["clerk"] == self.clerk and p["from_s"] <= second < p["to_s"]]
        window = mine[-1]["window"] if mine else None
        free = window is not None and self.screen.window(window)["state"] == "closed"
        return window if free else None

    def _serve(self) -> None:
        if abs(self.screen.clock.second() - self._looked_s) > PLAN_S and self._moved():
            return
        called = self._say("call-next", finish=True)
        if called is None:
            self.screen.wait(LOOK_REAL_S)
            return
        self._handle(called["call"])

    def _moved(self) -> bool:
        """Walk to another window if the plan wants that and nobody is here."""
        self._looked_s = self.screen.clock.second()
        wanted = self._wanted_at()
        if wanted in (None, self.window) or self.screen.window(self.window)["number"]:
            return False
        self._say("sign-out")
        self.screen.clock.sleep(60.0)
        return True

    def _handle(self, call: dict[str, Any]) -> None:
        ticket = f"/tickets/{call['ticket']}"
        self.screen.clock.sleep(COMES_S)
        if self.draw.random() < PASSED:
            self.screen.clock.sleep(40.0)
            self._try(f"{ticket}/pass-over")
            return
        self._try(f"{ticket}/start")
        handling_s = self.handling_s[call["service"]] * math.exp(self.draw.gauss(-SIGMA * SIGMA / 2, SIGMA))
        self.screen.clock.sleep(handling_s)
        if self.draw.random() < HELD:
            self._try(f"{ticket}/hold", reason="papers")
            self.screen.clock.sleep(HELD_S / 10)
            self._try(f"{ticket}/return")

    def _say(self, act: str, **body: Any) -> Any:
        try:
            return self.line.post(f"windows/{self.window}/{act}", **body)
        except Refused:
            self.screen.wait(1.0)  # the board will tell what is so
            return None

    def _try(self, path: str, **body: Any) -> None:
        try:
            self.line.post(path, **body)
        except Refused:
            return
