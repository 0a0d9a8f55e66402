"""What whoever watches the machines is told."""

from __future__ import annotations

from datetime import timedelta

import requests

from hall.store.tables import Lease
from tests.web.served import Site


def test_a_living_process_says_so(site: Site) -> None:
    assert requests.get(f"{site.address}/healthz", timeout=5).status_code == 200


def test_it_is_ready_once_the_worker_was_seen(site: Site) -> None:
    answer = requests.get(f"{site.address}/readyz", timeout=5)
    assert (answer.status_code, answer.json()) == (503, {"database": True, "workers": {"town": False}})
    until = site.world.clock.real() + timedelta(seconds=15)
    with site.world.db.change() as session:
        session.add(Lease(hall_id="town", role="worker", holder="w1", until=until, state={}))
    assert requests.get(f"{site.address}/readyz", timeout=5).status_code == 200


def test_figures_for_prometheus_name_nobody(site: Site) -> None:
    site.issue()
    text = requests.get(f"{site.address}/metrics", timeout=5).text
    assert 'tidehall_waiting{hall="town",service="social"} 1.0' in text
    assert 'tidehall_request_seconds_count{endpoint="api.issue_ticket",status="201"} 1.0' in text
