"""The API's own description: every route is in it, and what it promises holds for random requests."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hall.web.api.openapi import document
from tests.web.served import Site, served

EXAMPLES = 15  # per operation, so that the whole stays well under a minute
PHASES = (Phase.generate,)  # a found fault is shown as it is; making it small costs minutes
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
FIXED = {
    "/api/v1/halls/{hall}/tickets", "/api/v1/halls/{hall}/windows/{window}/call-next",
    "/api/v1/halls/{hall}/windows/{window}/sign-in", "/api/v1/halls/{hall}/windows/{window}/pause",
    "/api/v1/halls/{hall}/windows/{window}/resume", "/api/v1/halls/{hall}/windows/{window}/sign-out",
    "/api/v1/tickets/{ticket}/start", "/api/v1/tickets/{ticket}/finish", "/api/v1/tickets/{ticket}/recall",
    "/api/v1/tickets/{ticket}/pass-over", "/api/v1/tickets/{ticket}/reactivate",
    "/api/v1/tickets/{ticket}/hold", "/api/v1/tickets/{ticket}/return", "/api/v1/tickets/{ticket}/transfer",
    "/api/v1/tickets/{ticket}/cancel", "/api/v1/halls/{hall}/slots", "/api/v1/halls/{hall}/bookings",
    "/api/v1/bookings/{booking}/check-in", "/api/v1/bookings/{booking}/move",
    "/api/v1/bookings/{booking}/cancel", "/api/v1/halls/{hall}/plan", "/api/v1/halls/{hall}/plans",
    "/api/v1/plans/{plan}/approve", "/api/v1/plans/{plan}/refuse", "/api/v1/plans/{plan}/undo",
    "/api/v1/halls/{hall}/pins", "/api/v1/halls/{hall}/pins/{window}", "/api/v1/halls/{hall}/boards/{board}",
    "/api/v1/halls/{hall}/quieter",
}  # fmt: skip


def test_every_fixed_route_is_described() -> None:
    assert set(document()["paths"]) >= FIXED


def test_the_page_for_people_needs_nobody_elses_server(site: Site) -> None:
    page = site.get("/docs", by=None)
    assert page.status_code == 200
    assert "call-next" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text


def _operations() -> list[tuple[str, str]]:
    return [(path, method) for path, methods in document()["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One busy hall for all random requests."""
    with served(f"sqlite:///{tmp_path_factory.mktemp('api')}/hall.sqlite") as site:
        for _ in range(5):
            site.issue()
        site.sign_in("c2", "W02")
        site.next("c2", "W02")
        yield site


DESCRIBED = schemathesis.openapi.from_dict(document())


@pytest.mark.parametrize(("path", "method"), _operations())
def test_random_requests_get_what_the_page_promises(hall: Site, path: str, method: str) -> None:
    """Real things in the address, so that the requests come as far as the verbs."""
    things = {"hall": "town", "window": "W02", "clerk": "c3", "board": "window:W01"}

    @given(case=DESCRIBED[path][method.upper()].as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=PHASES)
    def promised(case: schemathesis.Case) -> None:
        case.path_parameters = {
            **case.path_parameters,
            **{k: things[k] for k in case.path_parameters if k in things},
        }
        case.call_and_validate(
            base_url=hall.address, headers={"Authorization": "Bearer manager"}, checks=CHECKS, timeout=20
        )

    promised()
