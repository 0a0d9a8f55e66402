"""A question's process: stopped before it has begun, and its place given to the next."""

from __future__ import annotations

from datetime import datetime

import pytest

from hall.dashboard import asking
from hall.dashboard.asking import AT_ONCE, WHAT_IF, Asker, TooManyQuestions
from tests.builders import World, make_hall

NOW = datetime.fromisoformat("2026-03-02T01:00:00+00:00")
QUESTION = {"ask": "more_demand", "percent": 20}


@pytest.fixture
def town(database_url: str) -> World:
    return make_hall(database_url)


def test_a_wish_to_stop_that_overtakes_its_question_still_ends_it(town: World) -> None:
    found = Asker(town.db)
    for number in range(AT_ONCE + 1):
        run = (town.hall, f"run{number}")
        found.stop(run)
        said = list(found.ask(WHAT_IF, town.hall, QUESTION, NOW, run))
        assert not any('"answer"' in line for line in said)


def test_more_questions_than_places_are_refused_and_a_place_is_free_again(
    town: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "FREED_S", 0.05)
    found = Asker(town.db)
    told = [found.ask(WHAT_IF, town.hall, QUESTION, NOW, (town.hall, str(n))) for n in range(AT_ONCE)]
    first = [next(lines) for lines in told]
    assert all('"done"' in line or '"error"' in line for line in first)
    with pytest.raises(TooManyQuestions):
        found.ask(WHAT_IF, town.hall, QUESTION, NOW)
    found.stop((town.hall, "0"))
    list(told[0])
    list(found.ask(WHAT_IF, town.hall, QUESTION, NOW))
    list(told[1])
