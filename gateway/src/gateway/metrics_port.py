"""The metrics, on a port of their own that only this machine reaches: the public one shows them to nobody."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import REGISTRY, generate_latest


@asynccontextmanager
async def served(port: int, measure: Callable[[], None]) -> AsyncIterator[None]:
    """Serve `/metrics` on 127.0.0.1 while the block runs; not at all when port is 0."""
    if port == 0:
        yield
        return

    async def show(_request: web.Request) -> web.Response:
        measure()
        return web.Response(body=generate_latest(REGISTRY), headers={"content-type": "text/plain; version=0.0.4"})

    pages = web.Application()
    pages.router.add_get("/metrics", show)
    runner = web.AppRunner(pages, access_log=None, handle_signals=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield
    finally:
        await runner.cleanup()
