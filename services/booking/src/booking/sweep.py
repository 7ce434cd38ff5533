"""Remove idempotency keys that have expired: once in a while, by one replica at a time, a few at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from fastapi import FastAPI

from booking.settings import Settings
from booking.store import keys
from chassis import logs
from chassis.database import Database

_log = logs.get("sweep")


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Sweep as long as the service lives."""
    task = asyncio.create_task(_sweep(app.state.database, app.state.settings))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _sweep(db: Database, settings: Settings) -> None:
    while True:
        try:
            removed = await keys.sweep(db)
            if removed:
                _log.info("expired keys removed", keys=removed)
        except psycopg.Error as error:
            _log.warning("sweep failed", error=type(error).__name__)
        await asyncio.sleep(settings.idempotency_sweep_s)
