"""The demo's people: visitors who take tickets and clerks who serve, over HTTP and a socket like anyone else.

A process of its own that knows the server only by its address and its tokens:
`python -m hall.demo.people` with a Cast as JSON on standard input.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from random import Random

from hall.demo.cast import Cast
from hall.demo.clerk import ClerkAtWork
from hall.demo.line import Line, Screen
from hall.demo.manager import ManagerOnDuty
from hall.demo.visitors import Visitors

log = logging.getLogger(__name__)


def main() -> int:
    """Play until standard input closes, which it may do before a whole cast was told."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    told = sys.stdin.readline()
    if not told.endswith("\n"):  # whoever started us was stopped meanwhile
        return 0
    cast = Cast(**json.loads(told))
    screen = Screen(cast.url, cast.hall)
    screen.start()
    parts: list[Visitors | ClerkAtWork | ManagerOnDuty] = []
    for number, token in enumerate(cast.kiosks):
        draw = Random(f"{cast.seed}-{number}")
        parts.append(Visitors(Line(cast.url, cast.hall, token), screen, draw, len(cast.kiosks), cast.seed))
    parts += [
        ClerkAtWork(
            clerk, cast.homes[clerk], Line(cast.url, cast.hall, token), screen, Random(clerk), cast.handling_s
        )
        for clerk, token in cast.clerks.items()
    ]  # fmt: skip
    if cast.manager:
        parts.append(ManagerOnDuty(Line(cast.url, cast.hall, cast.manager), screen))
    for part in parts:
        threading.Thread(target=_forever, args=(part,), daemon=True).start()
    sys.stdin.read()
    return 0


def _forever(part: Visitors | ClerkAtWork | ManagerOnDuty) -> None:
    while True:
        try:
            part.live()
        except Exception:  # one person's trouble is nobody else's; they try again
            log.exception("%s stumbled", type(part).__name__)
            part.screen.clock.sleep_real(2.0)


if __name__ == "__main__":
    sys.exit(main())
