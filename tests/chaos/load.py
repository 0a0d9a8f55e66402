"""Load on a served hall: kiosks and windows that press without pause and write down what they were told."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

import requests

TRY_AGAIN_S = 0.1
PATIENCE_S = 60.0


@dataclass
class Load:
    """Four kiosks and as many windows as there are clerks' tokens, each in a thread of its own.

    A press that got no answer is repeated with the same id until it is answered, as every page does.
    """

    url: str
    hall: str
    kiosk: str
    clerks: dict[str, str]  # window -> token of the clerk who sits there
    kiosks: int = 4
    tickets: list[dict[str, Any]] = field(default_factory=list)  # every acknowledged ticket
    calls: list[dict[str, Any]] = field(default_factory=list)  # every acknowledged call
    refusals: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)
    _enough: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def __enter__(self) -> Load:
        self._threads = [Thread(target=self._kiosk) for _ in range(self.kiosks)]
        self._threads += [Thread(target=self._window, args=item) for item in self.clerks.items()]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive(), "a press was never answered"

    def _kiosk(self) -> None:
        with requests.Session() as session:
            while not self._enough.is_set():
                found = self._press(session, self.kiosk, "tickets", service="social")
                if found:
                    with self._lock:
                        self.tickets.append(found["ticket"])
                time.sleep(0.02)

    def _window(self, window: str, token: str) -> None:
        with requests.Session() as session:
            self._press(session, token, f"windows/{window}/sign-in")
            while not self._enough.is_set():
                found = self._press(session, token, f"windows/{window}/call-next", finish=True)
                if found:
                    with self._lock:
                        self.calls.append(found["call"])
                time.sleep(0.02)

    def _press(self, session: requests.Session, token: str, path: str, **body: Any) -> Any:
        """The answer's JSON; None for "nothing waits" and for a refusal, which is counted."""
        body["request_id"] = uuid.uuid4().hex
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                answer = session.post(
                    f"{self.url}/api/v1/halls/{self.hall}/{path}", json=body, timeout=10,
                    headers={"Authorization": f"Bearer {token}"},
                )  # fmt: skip
            except requests.RequestException:
                time.sleep(TRY_AGAIN_S)
                continue
            if answer.status_code >= 500:
                time.sleep(TRY_AGAIN_S)
                continue
            if answer.status_code == 204:
                return None
            if answer.ok:
                return answer.json()
            with self._lock:
                self.refusals[answer.json()["error"]["code"]] += 1
            return None
        raise TimeoutError(path)
