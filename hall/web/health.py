"""For whoever watches the machines: does the process live, can it serve, and its figures for Prometheus."""

from __future__ import annotations

import logging
import time

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest

from hall.front.house import house
from hall.store import pulse

blueprint = Blueprint("health", __name__)

_BUCKETS_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)
_log = logging.getLogger(__name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process lives; nothing else is asked."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Whether the database answers and every hall's worker was seen lately; 503 where one is missing."""
    try:
        with house().database.look() as session:
            workers = pulse.workers(session, house().clock.real())
    except Exception:
        _log.exception("readyz: the database does not answer")
        return {"database": False, "workers": {}}, 503
    return {"database": True, "workers": workers}, 200 if all(workers.values()) else 503


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus: counts and times, nothing about persons."""
    meter: Meter = current_app.extensions["meter"]
    meter.read()
    return Response(generate_latest(meter.registry), content_type=CONTENT_TYPE_LATEST)


class Meter:
    """The figures of one app; its own registry, so that two apps in one process do not meet."""

    def __init__(self, app: Flask) -> None:
        self.registry = CollectorRegistry()
        self._waiting = self._gauge("waiting", "people waiting", "hall", "service")
        self._versions = self._gauge("version", "changes of a hall so far", "hall")
        self._workers = self._gauge("worker", "1 if the hall's worker was seen", "hall")
        self._screens = self._gauge("screens", "screens and pages connected")
        self._requests = Histogram(
            "tidehall_request_seconds", "time to answer", ("endpoint", "status"),
            buckets=_BUCKETS_S, registry=self.registry,
        )  # fmt: skip
        app.extensions["meter"] = self
        app.before_request(_begun)
        app.after_request(self._answered)

    def screen(self, more: int) -> None:
        """A screen came (1) or went (-1)."""
        self._screens.inc(more)

    def read(self) -> None:
        """Take the halls' figures as they are now."""
        with house().database.look() as session:
            waiting, versions = pulse.waiting(session), pulse.versions(session)
            workers = pulse.workers(session, house().clock.real())
        self._waiting.clear()
        for (hall_id, service), count in waiting.items():
            self._waiting.labels(hall_id, service).set(count)
        for hall_id, version in versions.items():
            self._versions.labels(hall_id).set(version)
            self._workers.labels(hall_id).set(workers[hall_id])

    def _gauge(self, name: str, said: str, *labels: str) -> Gauge:
        return Gauge(f"tidehall_{name}", said, labels, registry=self.registry)

    def _answered(self, response: Response) -> Response:
        if "begun" in g:
            labels = self._requests.labels(request.endpoint or "none", response.status_code)
            labels.observe(time.perf_counter() - g.begun)
        return response


def _begun() -> None:
    g.begun = time.perf_counter()
