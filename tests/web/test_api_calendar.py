"""The hall's calendar over HTTP: published days, own entries, and what is refused where."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.served import Site, error

EVENT = {"from": "2026-03-04", "to": "2026-03-24", "kind": "event", "factor": 2}
PATH = "/halls/town/calendar"


def test_the_next_eight_weeks_with_what_is_published(site: Site) -> None:
    told = site.get(PATH).json()
    assert (told["from"], told["to"], told["entries"]) == ("2026-03-02", "2026-04-26", [])
    assert {"day": "2026-04-05", "kind": "holiday"} in told["published"]
    assert told["published_until"] >= "2026-12-31"


def test_an_entry_is_added_altered_and_taken_back(site: Site) -> None:
    answer = site.post(PATH, **EVENT, services=["estate"], note="新房交付")
    entry = answer.json()["entry"]
    assert answer.status_code == 201
    assert (entry["from"], entry["factor"], entry["services"]) == ("2026-03-04", 2, ["estate"])
    assert site.get(f"{PATH}?from=2026-03-24&to=2026-03-30").json()["entries"] == [entry]
    assert site.get(f"{PATH}?from=2026-03-25&to=2026-03-30").json()["entries"] == []
    altered = site.post(f"{PATH}/{entry['id']}", **{**EVENT, "factor": 1.5})
    assert (altered.status_code, altered.json()["entry"]["factor"]) == (200, 1.5)
    assert site.call("DELETE", f"{PATH}/{entry['id']}", "manager").status_code == 204
    assert error(site.call("DELETE", f"{PATH}/{entry['id']}", "manager"))[:2] == (404, "unknown")
    assert site.get(PATH).json()["entries"] == []


def test_the_same_request_again_is_answered_the_same(site: Site) -> None:
    first = site.post(PATH, **EVENT, request_id="one")
    again = site.post(PATH, **EVENT, request_id="one")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert error(site.post(PATH, **{**EVENT, "factor": 3}, request_id="one"))[:2] == (
        409,
        "request_id_reused",
    )


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({"from": "4 March"}, 422, "/from"),
        ({"to": "2026-03-01"}, 422, "/to"),
        ({"kind": "fair"}, 422, "/kind"),
        ({"factor": 0}, 422, "/factor"),
        ({"factor": True}, 422, "/factor"),
        ({"factor": "2"}, 422, "/factor"),
        ({"services": ["nope"]}, 404, "/services/0"),
        ({"kind": "half", "factor": None, "open_s": 30600.5}, 422, "/open_s"),
        ({"kind": "half", "factor": None, "open_s": 86400, "close_s": 86400}, 422, "/open_s"),
        ({"note": ""}, 422, "/note"),
    ],
)
def test_what_cannot_be_said(site: Site, body: dict[str, Any], status: int, path: str) -> None:
    told = error(site.post(PATH, **{**EVENT, **body}))
    assert (told[0], told[2]) == (status, path)


def test_a_half_day_that_ends_before_it_begins_is_refused_with_times_of_day(site: Site) -> None:
    half = {"from": "2026-03-04", "to": "2026-03-04", "kind": "half", "open_s": 43200, "close_s": 32400}
    said = {
        lang: site.post(f"{PATH}?lang={lang}", **half).json()["error"]["message"] for lang in ("en", "zh")
    }
    assert said["en"] == "close_s: a time of day later than 12:00, 24:00 at the latest"
    assert said["zh"] == "close_s：晚于 12:00 的时刻，最晚 24:00"


def test_weeks_beyond_the_last_date_are_refused(site: Site) -> None:
    assert error(site.get(f"{PATH}?from=9999-12-20")) == (422, "invalid", "/from")


@pytest.mark.parametrize("span", ["from=2026-03-02&to=2026-03-01", "from=2026-03-02&to=2036-03-02"])
def test_a_span_that_ends_before_it_begins_or_lasts_years_is_not_shown(site: Site, span: str) -> None:
    assert error(site.get(f"{PATH}?{span}")) == (422, "invalid", "/to")
