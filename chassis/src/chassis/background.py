"""Work that goes on beside requests, as long as the service lives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from chassis import logs

_log = logs.get("background")


@asynccontextmanager
async def background(*works: Coroutine[Any, Any, None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Let coroutines run while the block does; its end cancels them and waits for them. Yields their tasks, in order."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def sweeping(every_s: float, sweep: Callable[[], Awaitable[object]]) -> None:
    """Sweep again and again until cancelled: what nobody needs any more is removed. A database that is away is tried again later."""
    while True:
        try:
            await sweep()
        except psycopg.Error as error:
            _log.warning("sweep failed", error=type(error).__name__)
        await asyncio.sleep(every_s)
