"""How good the forecast is, as the server tells it: too few days, worked out once a day, and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hall.dashboard.asking import Asker
from hall.store import history
from tests.builders import MONDAY
from tests.web.served import Site

HERE = "/h/town/manage/forecast"


def look(site: Site, path: str, by: str = "manager") -> Any:
    with site.app.test_client() as client:
        return client.get(f"{path}?lang=en", headers={"Authorization": f"Bearer {by}"})


def lived(site: Site, days: int) -> None:
    past = [MONDAY - timedelta(days=n) for n in range(1, days + 1)]
    with site.world.db.change() as session:
        history.add_generated(session, site.world.hall, [("social", day, 9 * 3600, 5) for day in past])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What processes would have been started, each answered at once."""
    asked: list[str] = []

    def ask(self: Asker, command: str, hall_id: str, question: Any, now: Any) -> Iterator[str]:
        asked.append(hall_id)
        yield json.dumps({"done": 1, "of": 1}) + "\n"
        yield json.dumps({"answer": {"asked": len(asked)}}) + "\n"

    monkeypatch.setattr(Asker, "ask", ask)
    return asked


def answers(site: Site) -> list[Any]:
    return [json.loads(line) for line in look(site, f"{HERE}/past").text.splitlines()]


def test_with_less_than_a_week_the_page_says_how_many_days_there_are(site: Site, asked: list[str]) -> None:
    lived(site, 6)
    assert "Not enough days yet: 6 of 7" in look(site, HERE).text
    assert answers(site) == [{"answer": None}]
    assert asked == []


def test_the_figures_are_worked_out_once_a_day(site: Site, asked: list[str]) -> None:
    lived(site, 7)
    assert "Not enough days" not in look(site, HERE).text
    assert answers(site) == [{"done": 1, "of": 1}, {"answer": {"asked": 1}}]
    assert answers(site) == [{"answer": {"asked": 1}}]
    with site.world.db.change() as session:
        history.add_generated(
            session, site.world.hall, [("social", MONDAY - timedelta(days=20), 9 * 3600, 5)]
        )
    assert answers(site) == [{"answer": {"asked": 1}}]
    site.world.clock.forward(days=1)
    site.issue()
    assert answers(site)[-1] == {"answer": {"asked": 2}}


@pytest.mark.parametrize(("by", "status"), [("admin", 200), ("c1", 403), ("kiosk", 403), ("display", 403)])
@pytest.mark.parametrize("path", ["", "/past"])
def test_only_managers_see_it(site: Site, asked: list[str], path: str, by: str, status: int) -> None:
    assert look(site, HERE + path, by).status_code == status
