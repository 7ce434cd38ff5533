"""Remove idempotency keys that have expired: once in a while, by one replica at a time, a few at a time."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI

from booking.store import keys
from chassis import logs
from chassis.background import background, sweeping

_log = logs.get("sweep")


def running(app: FastAPI) -> AbstractAsyncContextManager[Any]:
    """Sweep as long as the service lives."""

    async def sweep() -> None:
        removed = await keys.sweep(app.state.database)
        if removed:
            _log.info("expired keys removed", keys=removed)

    return background(sweeping(app.state.settings.idempotency_sweep_s, sweep))
