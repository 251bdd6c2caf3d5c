"""What Prometheus may ask, where a setting allows it: requests of all web workers of this machine, and the state of
the office's work. Numbers only: no label holds anything but endpoints, methods and states.

Each process counts in a file of its own in PR_TRACKER_METRICS_FOLDER; whichever answers adds them up.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.web import metrics_folder, tally
from pr_tracker.web.access import public
from pr_tracker.web.readiness import readiness
from pr_tracker.web.tally import Tally

blueprint = Blueprint("metrics", __name__)
NAMESPACE = "press_desk"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_own = CollectorRegistry()


def _named(name: str, says: str, *labels: str) -> dict[str, Any]:
    return {"name": name, "documentation": says, "labelnames": labels, "namespace": NAMESPACE, "registry": _own}


REQUESTS = Counter(**_named("requests", "Requests answered", "endpoint", "method", "status"))
LATENCY = Histogram(**_named("request_seconds", "Time until the last of the answer", "endpoint"), buckets=SECONDS)
STATEMENTS = Counter(**_named("statements", "SQL statements sent", "endpoint"))
SQL_SECONDS = Counter(**_named("statement_seconds", "Time the database took", "endpoint"))
POOL = Gauge(**_named("database_connections", "Connections of web workers", "state"), multiprocess_mode="livesum")


@dataclass(frozen=True)
class Measure:
    """A figure asked of the database when Prometheus asks; with `label`, one for each state."""

    name: str
    says: str
    find: Callable[[datetime], float | Mapping[str, float] | None]
    label: str = ""


def install(app: Flask, measures: Iterable[Measure]) -> None:
    """Keep the list; where the setting allows metrics, count this application's requests."""
    app.extensions["measures"] = tuple(measures)
    if not app.config["PR_TRACKER_METRICS"]:
        return
    metrics_folder.count_in(app.config["PR_TRACKER_METRICS_FOLDER"])
    tally.when_ended(app, _count)
    app.teardown_request(lambda _fault: _note_pool())


def _count(ended: Tally) -> None:
    endpoint = ended.endpoint or "none"
    REQUESTS.labels(endpoint, ended.method, str(ended.status)).inc()
    LATENCY.labels(endpoint).observe(ended.seconds)
    STATEMENTS.labels(endpoint).inc(ended.statements)
    SQL_SECONDS.labels(endpoint).inc(ended.sql_seconds)


def _note_pool() -> None:
    pool = db.engine.pool
    for state in ("checkedin", "checkedout", "overflow"):
        if (count := getattr(pool, state, None)) is not None:
            POOL.labels({"checkedin": "idle", "checkedout": "in_use"}.get(state, state)).set(max(0, count()))


@blueprint.get("/metrics")
@public
def show() -> ResponseReturnValue:
    """All figures as Prometheus reads them; 404 where the setting does not allow it, 401 without its token."""
    if not current_app.config["PR_TRACKER_METRICS"]:
        abort(404)
    token = current_app.config["PR_TRACKER_METRICS_TOKEN"]
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not secrets.compare_digest(shown.encode(), token.encode()):
        return Response("401\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    registry = CollectorRegistry()
    MultiProcessCollector(registry, current_app.config["PR_TRACKER_METRICS_FOLDER"])
    registry.register(_Now(clock.now()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Now(Collector):
    """What is asked of the database at this moment; what cannot be asked is left out."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Readiness, then each measure of the list in factory.py."""
        ready = GaugeMetricFamily(f"{NAMESPACE}_ready", "1 for each part that /readyz finds usable", labels=["part"])
        for part, fault in readiness().items():
            ready.add_metric([part], float(not fault))
        yield ready
        for measure in current_app.extensions["measures"]:
            with suppress(Exception):
                yield self._family(measure)
            db.session.rollback()

    def _family(self, measure: Measure) -> GaugeMetricFamily:
        found = measure.find(self.now)
        labels = [measure.label] if measure.label else []
        family = GaugeMetricFamily(f"{NAMESPACE}_{measure.name}", measure.says, labels=labels)
        if isinstance(found, Mapping):
            for state, value in found.items():
                family.add_metric([state], value)
        elif found is not None:
            family.add_metric([], found)
        return family
