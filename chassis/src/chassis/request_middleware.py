"""The outermost layer of every service: ids, deadline, trace, metrics, a log line, and an answer to whatever was raised inside.

That is a refusal, what the database did to us (away, busy, slow, read-only, full), or a defect.
"""

import asyncio
import time
from typing import Any

import psycopg
from opentelemetry.trace import SpanKind, Status, StatusCode, use_span
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import correlation, database, deadline, logs, metrics, tracing
from chassis.database_errors import cause_of
from chassis.problem_handlers import METHODS
from chassis.problems import InternalError, Problem, UpstreamTimeout
from chassis.request_body import BodyReader, from_the_start

_log = logs.get("http")
_RETRY_AFTER = (b"retry-after", b"1")  # where whoever answers has nothing better to say
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestMiddleware:
    """ASGI middleware. limit_s: how long a request may take once it is here."""

    def __init__(self, app: ASGIApp, limit_s: float, bodies: BodyReader) -> None:
        self.app = app
        self.limit_s = limit_s
        self._bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run one request; never raises."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        names = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
        request_id = correlation.adopt(names.get(correlation.HEADER))
        answer = _Answer(send, request_id)
        metrics.requests_in_progress.inc()
        span = tracing.tracer.start_span(
            scope["method"],
            context=tracing.parent(names),  # type: ignore[arg-type]
            kind=SpanKind.SERVER,
            attributes={
                "http.request.method": scope["method"],
                "url.path": scope["path"],
                "packwalk.correlation_id": request_id,
            },
        )
        with use_span(span, end_on_exit=True, record_exception=False):
            try:
                await self._run(scope, receive, answer, names)
            finally:
                metrics.requests_in_progress.dec()
                route = _route(scope)
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", answer.status)
                if answer.status >= 500:
                    span.set_status(Status(StatusCode.ERROR))
                self._record(scope, route, answer.status, time.perf_counter() - answer.since)

    async def _run(self, scope: Scope, receive: Receive, answer: "_Answer", names: dict[str, str]) -> None:
        try:
            body = await self._bodies.read(names, receive)
            answer.since = time.perf_counter()
            try:
                # How long a client takes to send is between it and its connection; our own time begins now.
                async with asyncio.timeout(deadline.begin(self.limit_s, names.get(deadline.HEADER))) as limit:
                    deadline.hold(limit)
                    await self.app(scope, receive if body is None else from_the_start(body, receive), answer)
            finally:
                self._bodies.release(body)
        except Problem as refusal:
            await answer.unless_started(refusal, scope, receive)
        except psycopg.Error as error:
            await answer.unless_started(_refused_by_database(error, scope), scope, receive)
        except TimeoutError:
            slow = UpstreamTimeout("This took too long and was stopped. Nothing is half done; please try again.")
            await answer.unless_started(slow, scope, receive)
        except Exception:  # noqa: BLE001 - the last resort: whatever escapes is logged and answered
            await answer.unless_started(_defect(scope), scope, receive)

    def _record(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        counted, timed = metrics.of_route(method, route, status)
        counted.inc()
        timed.observe(seconds)
        if scope["path"] not in _QUIET:
            write = _log.error if status >= 500 else _log.info
            write("request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 2))


_SORRY = "Something went wrong on our side. Nothing was changed. If it happens again, tell us the reference below."


def _defect(scope: Scope) -> Problem:
    _log.exception("request failed", method=scope["method"], route=_route(scope))
    return InternalError(_SORRY)


def _refused_by_database(error: psycopg.Error, scope: Scope) -> Problem:
    problem = database.refusal(error)
    if problem is None:
        return _defect(scope)
    _log.error("database refused", error=type(error).__name__, sqlstate=error.sqlstate, cause=cause_of(error))
    return problem


def _route(scope: Scope) -> str:
    # A label per path would let anybody fill the metrics; only templates count.
    return str(getattr(scope.get("route"), "path", "unmatched"))


class _Answer:
    """`send` that remembers the status and since when the request is here, and returns the request's id."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._id = (correlation.HEADER.encode(), request_id.encode())
        self._started = False
        self.status = 500
        self.since = time.perf_counter()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            self.status = message["status"]
            # The work is done. How long the client takes to read is between it and its connection.
            deadline.lift()
            headers = [*message.get("headers", ()), self._id]
            if self.status in (503, 504) and not any(name.lower() == b"retry-after" for name, _ in headers):
                headers.append(_RETRY_AFTER)
            message = {**message, "headers": headers}
        await self._send(message)

    async def unless_started(self, refusal: Any, scope: Scope, receive: Receive) -> None:
        if not self._started:
            deadline.hold(None)
            await refusal(scope, receive, self)
