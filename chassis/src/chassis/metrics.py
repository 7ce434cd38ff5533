"""Prometheus metrics that every service has: requests by route, database pool, and the page that shows them."""

import functools
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

from chassis import logs
from chassis.loop_time import loop_timeout

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

requests_total = Counter("http_requests_total", "Requests answered.", ["method", "route", "status"])
request_seconds = Histogram(
    "http_request_duration_seconds", "Time to answer a request.", ["method", "route"], buckets=SECONDS
)
requests_in_progress = Gauge("http_requests_in_progress", "Requests being worked on.")
pool_connections = Gauge("database_pool_connections", "Database connections by state.", ["state"])
pool_waiting = Gauge("database_pool_waiting", "Requests waiting for a database connection.")

_log = logs.get("metrics")


@functools.lru_cache(maxsize=1024)
def of_route(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Return what counts and what times such requests; finding them by their labels takes longer than counting."""
    return requests_total.labels(method, route, str(status)), request_seconds.labels(method, route)


def install(app: FastAPI, measure: Callable[[], None], refresh: Callable[[], Awaitable[None]]) -> None:
    """Add `/metrics`, and `app.state.metrics_page`, which makes it, for whoever shows it elsewhere.

    measure: brings gauges up to date at once; refresh: asks for what is not at hand, and may fail without harm: the gauge keeps its value.
    """

    async def page() -> bytes:
        measure()
        try:
            async with loop_timeout(2):
                await refresh()
        except Exception as error:  # noqa: BLE001 - a page of old numbers is worth more than none
            _log.warning("metrics not refreshed", error=type(error).__name__)
        return generate_latest(REGISTRY)

    @app.get("/metrics", include_in_schema=False)
    async def show() -> Response:
        return Response(await page(), media_type=CONTENT_TYPE_LATEST)

    app.state.metrics_page = page
