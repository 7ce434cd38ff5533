"""The metrics, on a port of their own that the public does not reach: the public port shows them to nobody."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def serving(host: str, port: int, page: Callable[[], Awaitable[bytes]]) -> AsyncIterator[None]:
    """Serve `/metrics` while the block runs; not at all when port is 0. page: makes it."""
    if port == 0:
        yield
        return

    async def show(_request: web.Request) -> web.Response:
        return web.Response(body=await page(), headers={"content-type": "text/plain; version=0.0.4"})

    pages = web.Application()
    pages.router.add_get("/metrics", show)
    runner = web.AppRunner(pages, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()
