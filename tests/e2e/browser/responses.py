"""What a browser gets of the API is held to the document, as what tests ask themselves is."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Error, Request, Response

from chassis.testing import response_checks
from chassis.testing.openapi import Exchange


def check_responses(context: BrowserContext) -> None:
    """Check every response of the API that the context's pages have got whole; `close` waits for the checks.

    A response that never ends, or is under way when the context closes, is not checked: nobody can say when its body would come.
    """
    checks: set[asyncio.Task[None]] = set()
    close = context.close

    def check(request: Request) -> None:
        if urlsplit(request.url).path.startswith("/api/"):
            checks.add(task := asyncio.ensure_future(_check(request)))
            task.add_done_callback(checks.discard)

    async def closing(**options: Any) -> None:
        await asyncio.gather(*checks)
        await close(**options)

    context.on("requestfinished", check)
    context.close = closing  # type: ignore[method-assign]


async def _check(request: Request) -> None:
    response = await request.response()
    if response is None:
        return
    media_type = response.headers.get("content-type", "").partition(";")[0]
    body = await _body(response) if media_type.endswith("json") else None
    path = urlsplit(response.url).path
    response_checks.check(response.url, Exchange(request.method, path, response.status, media_type, body))


async def _body(response: Response) -> bytes | None:
    try:
        return await response.body()
    except Error:
        return None  # the page has gone elsewhere, and the browser has thrown it away
