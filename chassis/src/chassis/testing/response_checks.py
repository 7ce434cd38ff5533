"""Hold every response that a test gets to the OpenAPI document of the service that gave it.

Servers of tests say on which port they answer for which document; httpx's clients tell every response. What does not fit is kept, and
fails the test that runs: a client may ask from any thread, or from inside a service.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from chassis.settings import ServiceSettings
from chassis.testing.openapi import Exchange, document_in

_documents: dict[int, Path] = {}
_faults: list[str] = []


def answers_for(service: str, port: int) -> None:
    """Hold what comes from a port to a service's document, if there is one."""
    file = ServiceSettings().contracts_dir / "openapi" / f"{service}.yaml"
    _documents.pop(port, None)
    if file.is_file():
        _documents[port] = file


def answers_no_more(port: int) -> None:
    """Forget a port: the next who listens there may be somebody else."""
    _documents.pop(port, None)


def check(url: str, exchange: Exchange) -> None:
    """Keep the faults of a response."""
    if file := _documents.get(urlsplit(url).port or 80):
        _faults.extend(document_in(file).faults(exchange))


def taken() -> list[str]:
    """Return the faults since the last call, each once."""
    found = list(dict.fromkeys(_faults))
    _faults.clear()
    return found


@contextmanager
def seen() -> Iterator[list[str]]:
    """Yield what fills with the faults of the block's responses, which then fail no test."""
    before = taken()
    found: list[str] = []
    try:
        yield found
    finally:
        found += taken()
        _faults.extend(before)


def install() -> None:
    """Make every httpx client of this process tell its responses."""
    send, send_async = httpx.Client.send, httpx.AsyncClient.send

    @functools.wraps(send)
    def told(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        return _told(send(client, request, **options))

    @functools.wraps(send_async)
    async def told_async(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        return _told(await send_async(client, request, **options))

    httpx.Client.send = told  # type: ignore[assignment, method-assign]
    httpx.AsyncClient.send = told_async  # type: ignore[assignment, method-assign]


def _told(response: httpx.Response) -> httpx.Response:
    request = response.request
    path = request.url.raw_path.decode("ascii").partition("?")[0]
    media_type = response.headers.get("content-type", "").partition(";")[0]
    body = response.content if response.is_stream_consumed else None
    check(str(request.url), Exchange(request.method, path, response.status_code, media_type, body))
    return response
