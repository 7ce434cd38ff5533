"""The answer to a client whose request never became one: written by hand, outside of any request."""

import contextvars

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from chassis import correlation, logs
from chassis.problems import MEDIA_TYPE, HeadersTooLarge, Problem

_HEADERS = {
    "content-type": MEDIA_TYPE,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "connection": "close",
}

_log = logs.get("connections")


def refusal(problem: Problem, address: str) -> bytes:
    """Write a problem as a whole HTTP response, and log it. The request id is made for this refusal alone."""
    return contextvars.copy_context().run(_written, problem, address)


def headers_too_large() -> HeadersTooLarge:
    """Make the refusal of headers that are more than anybody needs."""
    return HeadersTooLarge("The headers of this request are too large.")


def _written(problem: Problem, address: str) -> bytes:
    request_id = correlation.adopt(None)
    _log.info("connection refused", reason=problem.type, status=problem.status, address=address)
    body = problem.body("/")
    headers = {**_HEADERS, **problem.headers, correlation.HEADER: request_id, "content-length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return STATUS_LINE[problem.status] + f"{lines}\r\n".encode() + body
