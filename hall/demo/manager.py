"""The manager on duty: says yes to a proposal that has stood for a while, so that a human may be first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hall.demo.line import Line, Refused, Screen

THINKS_S = 90.0  # of the hall's time
LOOK_REAL_S = 2.0


@dataclass
class ManagerOnDuty:
    """Looks at the newest proposal now and then."""

    line: Line
    screen: Screen

    def live(self) -> None:
        """Approve what nobody has decided in time."""
        while True:
            self.screen.clock.sleep_real(LOOK_REAL_S)
            for plan in self.line.get("plans", state="proposed"):
                age_s = (self.screen.clock.now() - datetime.fromisoformat(plan["made_at"])).total_seconds()
                if age_s >= THINKS_S:
                    self._approve(plan["id"])

    def _approve(self, plan: str) -> None:
        try:
            self.line.post(f"/plans/{plan}/approve")
        except Refused:
            return  # replaced or decided meanwhile, or no longer allowed
